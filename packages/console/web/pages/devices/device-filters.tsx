import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import type { Query } from '../../api/client.ts';
import type { Node } from '../../api/messages.ts';
import { readAll } from '../../api/read-all.ts';
import { type Address, useAddress } from '../../app/address.ts';
import { formatLinkKind } from '../../app/format.ts';
import { formatLabels, labelList, parseLabels } from '../../app/labels.ts';
import { Button } from '../../components/button.tsx';
import { GroupSelect } from '../../components/group-select.tsx';
import { pageField } from '../../components/pager.tsx';
import { SearchField } from '../../components/search-field.tsx';
import { Select } from '../../components/select.tsx';

const filters = ['search', 'group', 'connected', 'nodeId', 'linkKind', 'labels'] as const;
type Filter = (typeof filters)[number];

const any = 'any';
const presences = [
  { id: any, label: 'All' },
  { id: 'true', label: 'Connected' },
  { id: 'false', label: 'Away' },
];
const linkKinds = [
  { id: any, label: 'All' },
  ...['LINK_KIND_GRPC', 'LINK_KIND_MQTT'].map((id) => ({ id, label: formatLinkKind(id) })),
];

/** What the address asks the balancer for. */
export function deviceQuery(address: Address): Query {
  return {
    ...Object.fromEntries(filters.map((name) => [name, address.get(name)])),
    labels: address.getAll('labels'),
  };
}

export function isFiltered(address: Address): boolean {
  return filters.some((name) => address.get(name) !== '');
}

/** Search and filters; each is a field of the address, and begins again with the first page. */
export function DeviceFilters() {
  const address = useAddress();
  const set = (name: Filter) => (value: string) =>
    address.change({ [name]: value === any ? undefined : value, [pageField]: undefined });
  return (
    <search className="device-filters">
      <SearchField label="Search" placeholder="Part of the id" value={address.get('search')} onChange={set('search')} />
      <GroupSelect label="Group" none="All groups" value={address.get('group')} onChange={set('group')} />
      <Select
        label="Presence"
        value={address.get('connected') || any}
        onChange={set('connected')}
        options={presences}
      />
      <NodeSelect value={address.get('nodeId')} onChange={set('nodeId')} />
      <Select label="Link" value={address.get('linkKind') || any} onChange={set('linkKind')} options={linkKinds} />
      <LabelFilter />
      <Button
        kind="quiet"
        aria-label="Clear filters"
        isDisabled={!isFiltered(address)}
        onPress={() =>
          address.change(Object.fromEntries([...filters, pageField].map((name) => [name, undefined])), 'push')
        }
      >
        <X size={16} aria-hidden />
        Clear
      </Button>
    </search>
  );
}

/** @param value Id of a push server; empty: all. */
export function NodeSelect({ value, onChange }: { value: string; onChange: (nodeId: string) => void }) {
  const { data: nodes = [] } = useQuery({
    queryKey: ['nodes'],
    queryFn: () => readAll<Node>('/v1/nodes', 'nodes'),
    staleTime: 10_000,
  });
  const ids = nodes.map(({ nodeId }) => nodeId);
  const known = value === '' || ids.includes(value) ? ids : [value, ...ids];
  return (
    <Select
      label="Push server"
      value={value || any}
      onChange={(chosen) => onChange(chosen === any ? '' : chosen)}
      options={[{ id: any, label: 'All' }, ...known.map((id) => ({ id, label: id }))]}
    />
  );
}

/** Takes effect once what is typed can be read. */
function LabelFilter() {
  const address = useAddress();
  const shown = address.getAll('labels').join(', ');
  const apply = (text: string) => {
    const parsed = parseLabels(text);
    if ('labels' in parsed && formatLabels(parsed.labels) !== shown) {
      address.change({ labels: labelList(parsed.labels), [pageField]: undefined });
    }
  };
  return <SearchField label="Labels" placeholder="os=linux" value={shown} onChange={apply} />;
}

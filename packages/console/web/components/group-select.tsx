import './field.css';
import './group-select.css';
import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import {
  Select as AriaSelect,
  Autocomplete,
  Button,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  ListLayout,
  Popover,
  SearchField,
  SelectValue,
  Text,
  useFilter,
  Virtualizer,
} from 'react-aria-components';
import type { Group } from '../api/messages.ts';
import { readAll } from '../api/read-all.ts';

export interface GroupSelectProps {
  label: string;
  /** Path of a group; empty: none. */
  value: string;
  onChange: (path: string) => void;
  /** Offered besides the groups, as the empty path: "All groups". Absent: a group must be chosen. */
  none?: string;
  hint?: string;
  error?: string | undefined;
  autoFocus?: boolean;
}

const noneId = '/none';
const rowRem = 2;
const mostShown = 8;

/** One administration group out of the tree; typing narrows it down. */
export function GroupSelect({ label, value, onChange, none, hint, error, autoFocus = false }: GroupSelectProps) {
  const { contains } = useFilter({ sensitivity: 'base' });
  const { data: groups = [] } = useQuery({
    queryKey: ['groups'],
    queryFn: () => readAll<Group>('/v1/groups', 'groups'),
    staleTime: 30_000,
  });
  const paths = groups.map(({ path }) => path);
  // A link may name a group that is gone.
  const known = value === '' || paths.includes(value) ? paths : [value, ...paths];
  const options = [
    ...(none === undefined ? [] : [{ id: noneId, path: '' }]),
    ...known.map((path) => ({ id: path, path })),
  ];
  return (
    <AriaSelect
      className="field"
      value={value === '' ? (none === undefined ? null : noneId) : value}
      onChange={(chosen) => chosen !== null && onChange(chosen === noneId ? '' : String(chosen))}
      placeholder="Choose a group"
      validationBehavior="aria"
      isInvalid={error !== undefined}
    >
      <Label>{label}</Label>
      <Button className="field-trigger" autoFocus={autoFocus}>
        <SelectValue>{({ defaultChildren }) => (value === '' ? (none ?? defaultChildren) : value)}</SelectValue>
        <ChevronDown size={16} aria-hidden />
      </Button>
      {hint && error === undefined && (
        <Text slot="description" className="field-hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
      <Popover className="list-popover group-popover">
        <Autocomplete filter={contains}>
          <SearchField aria-label="Search groups" autoFocus>
            <Input className="field-input" placeholder="Search" />
          </SearchField>
          <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: rowRem * 16 }}>
            <ListBox
              className="group-list"
              style={{ height: `${Math.min(options.length, mostShown) * rowRem}rem` }}
              items={options}
              renderEmptyState={() => <p className="soft">No such group</p>}
            >
              {({ id, path }) => (
                <ListBoxItem className="list-option" id={id} textValue={path === '' ? (none ?? '') : path}>
                  <span style={{ paddingInlineStart: `${depthOf(path) * 1.1}rem` }}>
                    {path === '' ? none : path.split('/').at(-1)}
                  </span>
                </ListBoxItem>
              )}
            </ListBox>
          </Virtualizer>
        </Autocomplete>
      </Popover>
    </AriaSelect>
  );
}

function depthOf(path: string): number {
  return path.split('/').length - 1;
}

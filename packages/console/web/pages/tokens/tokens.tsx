import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { client } from '../../api/client.ts';
import type { ApiToken } from '../../api/messages.ts';
import { readAll } from '../../api/read-all.ts';
import { useAddress } from '../../app/address.ts';
import { formatEnum, formatTime } from '../../app/format.ts';
import { useMay, useSession } from '../../app/session.tsx';
import { Button } from '../../components/button.tsx';
import { type DataColumn, DataTable } from '../../components/data-table.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { Loading } from '../../components/loading.tsx';
import { notify } from '../../components/notices.tsx';
import { Facts, Page } from '../../components/page.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { CreateTokenDialog, tokensKey } from './create-token-dialog.tsx';

/** API tokens: who may do what, and until when. */
export function Tokens() {
  const address = useAddress();
  const { apiToken } = useSession();
  const isAdmin = useMay('ROLE_ADMIN');
  const mayList = isAdmin && apiToken.scope === '';
  const onClose = () => address.change({ dialog: undefined, name: undefined });
  return (
    <Page
      title="Tokens"
      actions={
        mayList && (
          <Button kind="primary" onPress={() => address.change({ dialog: 'create' }, 'push')}>
            <Plus size={16} aria-hidden />
            New token
          </Button>
        )
      }
    >
      {mayList ? <TokenTable /> : <OwnToken token={apiToken} />}
      {mayList && address.get('dialog') === 'create' && <CreateTokenDialog onClose={onClose} />}
      {mayList && address.get('dialog') === 'revoke' && address.get('name') !== '' && (
        <RevokeDialog name={address.get('name')} onClose={onClose} />
      )}
    </Page>
  );
}

function TokenTable() {
  const address = useAddress();
  const own = useSession().apiToken.name;
  const { data, error } = useQuery({
    queryKey: tokensKey,
    queryFn: () => readAll<ApiToken>('/v1/tokens', 'apiTokens'),
    refetchInterval: 10_000,
  });
  if (!data) return error ? <ErrorMessage error={error} /> : <Loading />;
  const columns: DataColumn<ApiToken>[] = [
    {
      ...{ id: 'name', label: 'Name' },
      render: ({ name }) => (
        <span className="row">
          <strong>{name}</strong> {name === own && <StatusBadge tone="busy">Yours</StatusBadge>}
        </span>
      ),
    },
    { id: 'role', label: 'Role', render: ({ role }) => formatEnum(role, 'ROLE') },
    { id: 'scope', label: 'Scope', render: ({ scope }) => scope || <span className="soft">All of the fleet</span> },
    {
      id: 'expires',
      label: 'Expires',
      isSecondary: true,
      render: ({ expiresAt }) => (expiresAt ? formatTime(expiresAt) : 'Never'),
    },
    {
      ...{ id: 'created', label: 'Made', isSecondary: true },
      render: ({ createdAt, createdBy }) => `${createdAt ? formatTime(createdAt) : ''} by ${createdBy || 'root'}`,
    },
    {
      ...{ id: 'revoke', label: 'Actions' },
      render: ({ name }) => (
        <Button aria-label={`Revoke ${name}`} onPress={() => address.change({ dialog: 'revoke', name }, 'push')}>
          Revoke
        </Button>
      ),
    },
  ];
  return (
    <>
      {error && <ErrorMessage error={error} />}
      <DataTable
        label="Tokens"
        columns={columns}
        items={data}
        idOf={({ name }) => name}
        empty="No token has been made yet. The balancers' own one, root, is not in this list."
      />
    </>
  );
}

function OwnToken({ token: { name, role, scope, expiresAt } }: { token: ApiToken }) {
  return (
    <>
      <p className="message message-warn">Only admins of the whole fleet see all tokens. This is yours:</p>
      <Facts
        facts={[
          ['Name', name],
          ['Role', formatEnum(role, 'ROLE')],
          ['Scope', scope || 'All of the fleet'],
          ['Expires', expiresAt ? formatTime(expiresAt) : 'Never'],
        ]}
      />
    </>
  );
}

function RevokeDialog({ name, onClose }: { name: string; onClose: () => void }) {
  const queries = useQueryClient();
  const own = useSession().apiToken.name;
  const revoke = async () => {
    await client.request('DELETE', `/v1/tokens/${encodeURIComponent(name)}`);
    notify(`The token ${name} is revoked.`);
    await queries.invalidateQueries({ queryKey: tokensKey });
  };
  return (
    <ConfirmDialog title={`Revoke ${name}?`} verb="Revoke" isDangerous onConfirm={revoke} onClose={onClose}>
      Whoever uses it is refused from now on, and its sessions in the console end.
      {name === own && <strong> It is the one that you have signed in with.</strong>}
    </ConfirmDialog>
  );
}

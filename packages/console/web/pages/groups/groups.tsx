import './groups.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { groupPushesQuery, groupsQuery, pointsQuery } from '../../api/fleet.ts';
import { useAddress } from '../../app/address.ts';
import { isInScope } from '../../app/group-tree.ts';
import { useMay } from '../../app/session.tsx';
import { Button, ButtonLink } from '../../components/button.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { GroupTree } from '../../components/group-tree.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card, Facts, Page } from '../../components/page.tsx';
import { CreateGroupDialog } from './create-group-dialog.tsx';
import { ForceSyncDialog } from './force-sync-dialog.tsx';
import { GroupPushTable } from './group-push-table.tsx';

/** The tree of groups, what belongs to the chosen one, and the last group pushes. */
export function Groups() {
  const { data: groups, isPending, error } = useQuery(groupsQuery);
  const address = useAddress();
  const isAdmin = useMay('ROLE_ADMIN');
  const isOperator = useMay('ROLE_OPERATOR');
  const group = address.get('group');
  const dialog = address.get('dialog');
  const close = () => address.change({ dialog: '' });
  const add = isAdmin && <Button onPress={() => address.change({ dialog: 'new' }, 'push')}>Add group</Button>;
  return (
    <Page title="Groups" actions={add}>
      {error && <ErrorMessage error={error} />}
      {isPending && <Loading />}
      {groups && (
        <div className="groups">
          <Card title="Administration groups">
            <GroupTree
              label="Administration groups"
              paths={groups.map(({ path }) => path)}
              choice="one"
              selected={group === '' ? [] : [group]}
              onSelect={([chosen = '']) => address.change({ group: chosen })}
              empty="There are no groups yet."
            />
          </Card>
          <div className="stack">
            {group === '' ? (
              <p className="soft groups-hint">Choose a group to see what belongs to it.</p>
            ) : (
              <GroupCard group={group} />
            )}
            <LastPushes group={group} />
          </div>
        </div>
      )}
      {isOperator && dialog === 'sync' && group !== '' && <ForceSyncDialog group={group} onClose={close} />}
      {isAdmin && dialog === 'new' && <CreateGroupDialog parent={group} onClose={close} />}
    </Page>
  );
}

function GroupCard({ group }: { group: string }) {
  const address = useAddress();
  const isOperator = useMay('ROLE_OPERATOR');
  const { data: points } = useQuery(pointsQuery);
  const serving = points?.filter(({ groups }) => isInScope(group, groups));
  const actions = (
    <div className="row">
      <ButtonLink href={`/devices?group=${encodeURIComponent(group)}`}>Devices</ButtonLink>
      {isOperator && (
        <Button kind="primary" onPress={() => address.change({ dialog: 'sync' }, 'push')}>
          Force synchronization
        </Button>
      )}
    </div>
  );
  return (
    <Card title={group} actions={actions}>
      <Facts
        facts={[
          [
            'Distribution points',
            serving === undefined
              ? '…'
              : serving.length === 0
                ? 'none has it in its scope'
                : serving.map(({ distributionPointId: id }, index) => (
                    <span key={id}>
                      {index > 0 && ', '}
                      <Link to={`/distribution-points/${encodeURIComponent(id)}`}>{id}</Link>
                    </span>
                  )),
          ],
        ]}
      />
    </Card>
  );
}

function LastPushes({ group }: { group: string }) {
  const { data: pushes, error } = useQuery(groupPushesQuery);
  const shown = group === '' ? pushes : pushes?.filter(({ request }) => isInScope(request?.group ?? '', [group]));
  return (
    <Card title={group === '' ? 'Last group pushes' : 'Last group pushes at or below it'}>
      {error && <ErrorMessage error={error} />}
      {shown ? <GroupPushTable pushes={shown} /> : !error && <Loading />}
    </Card>
  );
}

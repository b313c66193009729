import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { client } from '../../api/client.ts';
import type { CreateTokenResponse } from '../../api/messages.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogButtons } from '../../components/dialog.tsx';
import { ErrorMessage, fieldError } from '../../components/error-message.tsx';
import { GroupSelect } from '../../components/group-select.tsx';
import { RadioGroup } from '../../components/radio-group.tsx';
import { Secret } from '../../components/secret.tsx';
import { Select } from '../../components/select.tsx';
import { TextField } from '../../components/text-field.tsx';

/** Key of the query for all API tokens. */
export const tokensKey = ['tokens'] as const;

const roles = [
  { id: 'ROLE_VIEWER', label: 'Viewer', hint: 'Sees.' },
  { id: 'ROLE_OPERATOR', label: 'Operator', hint: 'Also pushes commands, disconnects devices and opens tunnels.' },
  {
    id: 'ROLE_ADMIN',
    label: 'Admin',
    hint: 'Also changes groups, distribution points, devices, push servers and tokens.',
  },
] as const;

const never = 'never';
const day = 86_400;
const lifetimes = [
  { id: `${day}s`, label: 'In a day' },
  { id: `${30 * day}s`, label: 'In 30 days' },
  { id: `${90 * day}s`, label: 'In 90 days' },
  { id: `${365 * day}s`, label: 'In a year' },
  { id: never, label: 'Never' },
];

/** Makes a token, and shows its secret once. */
export function CreateTokenDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<(typeof roles)[number]['id']>('ROLE_VIEWER');
  const [scope, setScope] = useState('');
  const [lifetime, setLifetime] = useState(`${90 * day}s`);
  const create = useMutation({
    mutationFn: () =>
      client.request<CreateTokenResponse>('POST', '/v1/tokens', {
        body: { name: name.trim(), role, scope, ...(lifetime !== never && { lifetime }) },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensKey }),
  });
  if (create.data) return <MadeDialog {...create.data} onClose={onClose} />;
  const nameError = fieldError(create.error, 'name');
  return (
    <Dialog title="New token" onClose={onClose}>
      <Form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!create.isPending) create.mutate();
        }}
      >
        <TextField
          label="Name"
          hint="Shown in the audit: who or what uses it."
          value={name}
          onChange={setName}
          error={nameError}
          isRequired
          autoFocus
        />
        <RadioGroup label="Role" value={role} onChange={setRole} options={roles} />
        <GroupSelect
          label="Scope"
          none="All of the fleet"
          hint="The token is good for devices and groups at or below it."
          value={scope}
          onChange={setScope}
        />
        <Select label="Expires" value={lifetime} onChange={setLifetime} options={lifetimes} />
        {create.error && nameError === undefined && <ErrorMessage error={create.error} />}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={create.isPending} isDisabled={name.trim() === ''}>
            Create
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

function MadeDialog({ apiToken, secret, onClose }: CreateTokenResponse & { onClose: () => void }) {
  return (
    <Dialog title={`The token ${apiToken?.name ?? ''} is made`} onClose={onClose} isLocked>
      <Secret label="Token" secret={secret} />
      <DialogButtons>
        <Button kind="primary" onPress={onClose}>
          Done
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

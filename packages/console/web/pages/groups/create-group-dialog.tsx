import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { client } from '../../api/client.ts';
import { useAddress } from '../../app/address.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogButtons } from '../../components/dialog.tsx';
import { ErrorMessage, fieldError } from '../../components/error-message.tsx';
import { TextField } from '../../components/text-field.tsx';

/** Makes a group, below the one that is chosen. */
export function CreateGroupDialog({ parent, onClose }: { parent: string; onClose: () => void }) {
  const queries = useQueryClient();
  const address = useAddress();
  const [name, setName] = useState('');
  const creating = useMutation({
    mutationFn: (path: string) => client.request('PUT', `/v1/groups/${encodeURIComponent(path)}`),
    onSuccess: async (_stored, path) => {
      await queries.invalidateQueries({ queryKey: ['groups'] });
      address.change({ dialog: '', group: path });
    },
  });
  const wrong = fieldError(creating.error, 'group') ?? fieldError(creating.error, 'path');
  return (
    <Dialog title={parent === '' ? 'New group' : `New group below ${parent}`} onClose={onClose}>
      <Form
        className="stack"
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          if (!creating.isPending) creating.mutate(parent === '' ? name.trim() : `${parent}/${name.trim()}`);
        }}
      >
        <TextField
          label="Name"
          hint="A/B makes B below A."
          error={wrong}
          value={name}
          onChange={setName}
          isRequired
          autoFocus
        />
        {creating.error && wrong === undefined && <ErrorMessage error={creating.error} />}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={creating.isPending} isDisabled={name.trim() === ''}>
            Create
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

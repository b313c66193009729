import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { useNavigate } from 'react-router';
import { client } from '../../api/client.ts';
import { pointPath } from '../../api/fleet.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogButtons } from '../../components/dialog.tsx';
import { ErrorMessage, fieldError } from '../../components/error-message.tsx';
import { TextField } from '../../components/text-field.tsx';

/** Names a new distribution point, and goes on to its properties. */
export function CreatePointDialog({ known, onClose }: { known: readonly string[]; onClose: () => void }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [id, setId] = useState('');
  const isKnown = known.includes(id.trim());
  const creating = useMutation({
    mutationFn: (name: string) => client.request('PUT', pointPath(name), { body: { groups: [] } }),
    onSuccess: async (_stored, name) => {
      await queries.invalidateQueries({ queryKey: ['distribution-points'] });
      await navigate(`/distribution-points/${encodeURIComponent(name)}?dialog=properties`, { replace: true });
    },
  });
  const wrong = fieldError(creating.error, 'distributionPointId') ?? fieldError(creating.error, 'distributionPoint');
  return (
    <Dialog title="New distribution point" onClose={onClose}>
      <Form
        className="stack"
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          if (!isKnown && !creating.isPending) creating.mutate(id.trim());
        }}
      >
        <TextField
          label="Id"
          hint="The push server on its host is started with this id."
          error={isKnown ? 'There is a distribution point with this id.' : wrong}
          value={id}
          onChange={setId}
          isRequired
          autoFocus
        />
        {creating.error && wrong === undefined && <ErrorMessage error={creating.error} />}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={creating.isPending} isDisabled={id.trim() === '' || isKnown}>
            Create
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

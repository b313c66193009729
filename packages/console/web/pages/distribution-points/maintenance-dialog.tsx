import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Form } from 'react-aria-components';
import { client } from '../../api/client.ts';
import { nodePath } from '../../api/fleet.ts';
import type { Maintenance, Node } from '../../api/messages.ts';
import { formatDecimal, formatInteger } from '../../app/format.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogButtons } from '../../components/dialog.tsx';
import { ErrorMessage, fieldError } from '../../components/error-message.tsx';
import { NumberField } from '../../components/number-field.tsx';

export interface MaintenanceDialogProps {
  kind: 'drain' | 'restart';
  node: Node;
  nodes: readonly Node[];
  onClose: () => void;
}

const texts = {
  drain: { title: 'Drain', verb: 'Drain', after: 'It stays empty until its drain is ended.' },
  restart: { title: 'Restart', verb: 'Restart', after: 'Then its workers are replaced, and it takes devices again.' },
} as const;

const defaultRate = 200;
const defaultMinutes = 5;

/** Says what a drain or restart will do, and starts it. */
export function MaintenanceDialog({ kind, node, nodes, onClose }: MaintenanceDialogProps) {
  const queries = useQueryClient();
  const [rate, setRate] = useState(defaultRate);
  const [minutes, setMinutes] = useState(defaultMinutes);
  const { title, verb, after } = texts[kind];
  const starting = useMutation({
    mutationFn: () =>
      client.request<Maintenance>('POST', `${nodePath(node.nodeId)}/${kind}`, {
        body: { devicesPerSecond: rate, deadline: `${Math.round(minutes * 60)}s` },
      }),
    onSuccess: (maintenance) => {
      queries.setQueryData(['maintenance', node.nodeId], maintenance);
      void queries.invalidateQueries({ queryKey: ['nodes'] });
      onClose();
    },
  });
  const fieldErrors = {
    rate: fieldError(starting.error, 'devicesPerSecond'),
    minutes: fieldError(starting.error, 'deadline'),
  };
  return (
    <Dialog title={`${title} ${node.nodeId}`} onClose={onClose}>
      <Form
        className="stack"
        validationBehavior="aria"
        onSubmit={(event) => {
          event.preventDefault();
          if (!starting.isPending) starting.mutate();
        }}
      >
        <Preview node={node} nodes={nodes} rate={rate} />
        <p>{after}</p>
        <NumberField
          label="Devices per second"
          autoFocus
          error={fieldErrors.rate}
          value={rate}
          minValue={1}
          onChange={(value) => setRate(Number.isNaN(value) ? defaultRate : value)}
        />
        <NumberField
          label="Deadline, in minutes"
          hint="Links that are left by then are closed."
          error={fieldErrors.minutes}
          value={minutes}
          minValue={1}
          onChange={(value) => setMinutes(Number.isNaN(value) ? defaultMinutes : value)}
        />
        {starting.error && !fieldErrors.rate && !fieldErrors.minutes && <ErrorMessage error={starting.error} />}
        <DialogButtons>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={starting.isPending}>
            {verb}
          </Button>
        </DialogButtons>
      </Form>
    </Dialog>
  );
}

/** How many devices will go, how long that takes, and whether the others have room. */
function Preview({ node, nodes, rate }: { node: Node; nodes: readonly Node[]; rate: number }) {
  const others = nodes.filter(({ nodeId, status }) => nodeId !== node.nodeId && status === 'NODE_STATUS_READY');
  const room = others.reduce((sum, { capacity, live, reserved }) => sum + Math.max(capacity - live - reserved, 0), 0);
  const seconds = node.live / Math.max(rate, 1);
  return (
    <>
      <p>
        {formatInteger(node.live)} devices are told where to go, in about {formatDecimal(Math.max(seconds, 1))} s.
        {` ${others.length} other push servers are ready, with room for ${formatInteger(room)}.`}
      </p>
      {room < node.live && (
        <p className="message message-warn">
          The others have no room for all of them. {formatInteger(node.live - room)} devices will wait outside.
        </p>
      )}
    </>
  );
}

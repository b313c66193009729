import { ChevronRight } from 'lucide-react';
import { useCommands } from '../../api/commands.ts';
import type { CommandRecord } from '../../api/messages.ts';
import { useAddress } from '../../app/address.ts';
import { describeOperation } from '../../app/operation.ts';
import { outcomeWords } from '../../app/outcomes.ts';
import { ErrorMessage } from '../../components/error-message.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card } from '../../components/page.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { RelativeTime } from '../../components/time.tsx';
import { CommandDetail } from './command-detail.tsx';

/** Field of the address that holds the id of the command shown. */
export const commandField = 'command';

/** What the device was told to do: what waits for it or has ended lately, and what was sent from here. */
export function Commands({ deviceId }: { deviceId: string }) {
  const address = useAddress();
  const { commands, isPending, error } = useCommands(deviceId);
  const shown = address.get(commandField);
  const isListed = shown === '' || commands.some(({ commandId }) => commandId === shown);
  return (
    <Card title="Commands">
      {error && <ErrorMessage error={error} />}
      {!isListed && <CommandDetail key={shown} deviceId={deviceId} commandId={shown} />}
      {isPending && <Loading />}
      {commands.length === 0 && isListed && !isPending && !error && (
        <p className="soft">No command waits for this device, and none that has ended is kept.</p>
      )}
      {commands.length > 0 && (
        <ul className="commands">
          {commands.map((command) => (
            <li key={command.commandId} className="command">
              <CommandRow
                command={command}
                isShown={command.commandId === shown}
                onPress={() =>
                  address.change({ [commandField]: command.commandId === shown ? undefined : command.commandId })
                }
              />
              {command.commandId === shown && <CommandDetail deviceId={deviceId} commandId={shown} />}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

interface CommandRowProps {
  command: CommandRecord;
  isShown: boolean;
  onPress: () => void;
}

function CommandRow({ command, isShown, onPress }: CommandRowProps) {
  const { tone, label } = outcomeWords[command.status?.outcome ?? 'OUTCOME_UNSPECIFIED'];
  return (
    <button type="button" className="command-row" aria-expanded={isShown} onClick={onPress}>
      <ChevronRight size={16} aria-hidden />
      <strong>{describeOperation(command.operation)}</strong>
      <span>
        <StatusBadge tone={tone}>{label}</StatusBadge>
      </span>
      <span className="secondary soft">{command.durable ? 'Durable' : 'Direct'}</span>
      <span className="secondary soft">{command.acceptedAt && <RelativeTime at={command.acceptedAt} />}</span>
    </button>
  );
}

import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { outcomeWords } from '../app/outcomes.ts';
import { client } from './client.ts';
import { devicePath } from './devices.ts';
import { type StreamState, useEventStream } from './event-stream.ts';
import type { CommandRecord, ListCommandsResponse, Operation, Priority, PushResponse } from './messages.ts';

/** Commands of one device that were seen in this tab, newest first; balancers forget direct ones a minute after their end. */
export const seenKey = (deviceId: string) => ['seen-commands', deviceId] as const;
const queuedKey = (deviceId: string) => ['queued-commands', deviceId] as const;

const refreshMs = 5_000;
const mostSeen = 50;

export interface Push {
  operation: Partial<Operation>;
  /** `3600s`; absent: a direct command. */
  ttl?: string;
  finishWithin?: string;
  priority?: Priority;
}

/** Sends a command. @returns Once it is accepted; what becomes of it, `useCommand` tells */
export function push(deviceId: string, command: Push): Promise<PushResponse> {
  return client.request('POST', `${devicePath(deviceId)}/commands`, { body: { ...command, wait: 'WAIT_ACCEPTED' } });
}

export function cancelCommand({ deviceId, commandId }: CommandRecord, reason: string): Promise<CommandRecord> {
  return client.request('POST', `${commandPath(deviceId, commandId)}/cancel`, { body: { reason } });
}

/** The durable commands of a device that have not ended and those that were seen in this tab, the newest first. */
export function useCommands(deviceId: string): { commands: CommandRecord[]; error: Error | null } {
  const { data: queued = [], error } = useQuery({
    queryKey: queuedKey(deviceId),
    queryFn: async ({ signal }) => {
      const page = await client.get<ListCommandsResponse>(`${devicePath(deviceId)}/commands`, {}, signal);
      return page.commands;
    },
    refetchInterval: refreshMs,
  });
  const { data: seen = [] } = useQuery<CommandRecord[]>({
    queryKey: seenKey(deviceId),
    queryFn: skipToken,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const byId = new Map([...queued, ...seen].map((command) => [command.commandId, command]));
  const acceptedAt = ({ acceptedAt: at = '' }: CommandRecord) => at;
  const commands = [...byId.values()].sort((one, other) => acceptedAt(other).localeCompare(acceptedAt(one)));
  return { commands, error };
}

/** Watches a command until it has ended, and keeps how it stands. `undefined`: it is not known yet. */
export function useCommand(
  deviceId: string,
  commandId: string,
): { command: CommandRecord | undefined; state: StreamState } {
  const queries = useQueryClient();
  const { data: seen = [] } = useQuery<CommandRecord[]>({ queryKey: seenKey(deviceId), queryFn: skipToken });
  const command = seen.find((one) => one.commandId === commandId);
  const hasEnded = command?.status !== undefined && outcomeWords[command.status.outcome].isFinal;
  const state = useEventStream<CommandRecord>({
    path: hasEnded ? undefined : `${commandPath(deviceId, commandId)}/watch`,
    onEvent: (changed) => {
      // A stream that ends with an error says so by an event without a command.
      if (changed?.commandId !== commandId) return;
      queries.setQueryData<CommandRecord[]>(seenKey(deviceId), (before = []) =>
        [changed, ...before.filter((one) => one.commandId !== commandId)].slice(0, mostSeen),
      );
    },
  });
  return { command, state };
}

function commandPath(deviceId: string, commandId: string): string {
  return `${devicePath(deviceId)}/commands/${encodeURIComponent(commandId)}`;
}

import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { outcomeWords } from '../app/outcomes.ts';
import { client } from './client.ts';
import { devicePath } from './devices.ts';
import { type StreamState, useEventStream } from './event-stream.ts';
import type { CommandRecord, ListCommandsResponse, Operation, Priority, PushResponse } from './messages.ts';

/** Commands of one device that were seen in this tab, newest first; balancers forget direct ones a minute after their end. */
export const seenKey = (deviceId: string) => ['seen-commands', deviceId] as const;
const keptKey = (deviceId: string) => ['kept-commands', deviceId] as const;

const refreshMs = 5_000;
const mostSeen = 50;
const mostKept = 50;

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

/**
 * The durable commands of a device that wait or have ended lately, a page of them, and those that were seen in this tab: the
 * newest first.
 */
export function useCommands(deviceId: string): {
  commands: CommandRecord[];
  /** The balancer has not answered yet. */
  isPending: boolean;
  error: Error | null;
} {
  const {
    data: kept = [],
    isPending,
    error,
  } = useQuery({
    queryKey: keptKey(deviceId),
    queryFn: async ({ signal }) => {
      const query = { includeEnded: true, pageSize: mostKept };
      const page = await client.get<ListCommandsResponse>(`${devicePath(deviceId)}/commands`, query, signal);
      return page.commands;
    },
    refetchInterval: refreshMs,
  });
  const { data: seen = [] } = useQuery<CommandRecord[]>({
    queryKey: seenKey(deviceId),
    queryFn: skipToken,
    gcTime: Number.POSITIVE_INFINITY,
  });
  // One that was seen is fresher, unless its watch was left before it ended.
  const ordered = [...kept.filter((command) => !hasEnded(command)), ...seen, ...kept.filter(hasEnded)];
  const byId = new Map(ordered.map((command) => [command.commandId, command]));
  return { commands: newestFirst([...byId.values()]), isPending, error };
}

/** Ordered by when they were accepted. Texts do not tell: those of whole seconds have no fraction. */
export function newestFirst(commands: readonly CommandRecord[]): CommandRecord[] {
  const acceptedMs = ({ acceptedAt }: CommandRecord) => (acceptedAt ? Date.parse(acceptedAt) : 0);
  return commands.toSorted((one, other) => acceptedMs(other) - acceptedMs(one));
}

/** Watches a command until it has ended, and keeps how it stands. `undefined`: it is not known yet. */
export function useCommand(
  deviceId: string,
  commandId: string,
): { command: CommandRecord | undefined; state: StreamState } {
  const queries = useQueryClient();
  const { data: seen = [] } = useQuery<CommandRecord[]>({ queryKey: seenKey(deviceId), queryFn: skipToken });
  const command = seen.find((one) => one.commandId === commandId);
  const state = useEventStream<CommandRecord>({
    path: command && hasEnded(command) ? undefined : `${commandPath(deviceId, commandId)}/watch`,
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

function hasEnded({ status }: CommandRecord): boolean {
  return status !== undefined && outcomeWords[status.outcome].isFinal;
}

function commandPath(deviceId: string, commandId: string): string {
  return `${devicePath(deviceId)}/commands/${encodeURIComponent(commandId)}`;
}

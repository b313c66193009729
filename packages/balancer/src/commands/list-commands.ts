import { type common, type DeviceId, operationBytes, parseCommandId } from '@pushfleet/protocol';
import type { EndedPlace, Priority, Registry, StoredCommand } from '@pushfleet/registry';
import {
  badPageToken,
  decodePageToken,
  encodePageToken,
  type PageRequest,
  parsePageSize,
  takePage,
} from '../net/paging.ts';

interface CommandPage {
  page: StoredCommand[];
  nextPageToken: string;
}

/** The beginning of a page token of those that have ended. */
const endedPrefix = 'ended commands:';

/**
 * A page of a device's durable commands: those that have not ended in the order in which they are sent, then, if they are
 * wanted, those that have, the last one first.
 * @throws PushfleetError INVALID_ARGUMENT that names page_token.
 */
export async function listCommands(
  commands: Pick<Registry['commands'], 'list' | 'listEnded'>,
  device: DeviceId,
  request: PageRequest & { includeEnded: boolean },
): Promise<CommandPage> {
  const size = parsePageSize(request.pageSize);
  const place = request.includeEnded ? parseEndedPlace(request.pageToken) : undefined;
  if (place) return endedPage(commands, device, size, place === 'first' ? undefined : place);
  const waiting = takePage('commands', await commands.list(device), sendingOrder, request);
  if (!request.includeEnded || waiting.nextPageToken !== '') return waiting;
  const room = size - waiting.page.length;
  if (room === 0) return { page: waiting.page, nextPageToken: encodePageToken(endedPrefix) };
  const ended = await endedPage(commands, device, room);
  const listed = new Set(waiting.page.map(({ id }) => id));
  return { ...ended, page: [...waiting.page, ...ended.page.filter(({ id }) => !listed.has(id))] };
}

async function endedPage(
  commands: Pick<Registry['commands'], 'listEnded'>,
  device: DeviceId,
  limit: number,
  after?: EndedPlace,
): Promise<CommandPage> {
  const { commands: page, next } = await commands.listEnded(device, limit, after);
  return { page, nextPageToken: next ? encodePageToken(`${endedPrefix}${next.keptUntilMs}/${next.id}`) : '' };
}

/** `undefined`: the token is of those that have not ended, or none. */
function parseEndedPlace(pageToken: string): EndedPlace | 'first' | undefined {
  const key = decodePageToken(pageToken);
  if (!key.startsWith(endedPrefix)) return undefined;
  const place = key.slice(endedPrefix.length);
  if (place === '') return 'first';
  const [, keptUntilMs, id = ''] = /^(\d{1,15})\/([A-Za-z0-9-]{1,64})$/.exec(place) ?? [];
  if (keptUntilMs === undefined) throw badPageToken();
  return { keptUntilMs: Number(keptUntilMs), id: parseCommandId(id) };
}

const priorities: readonly Priority[] = ['high', 'normal', 'low'];

/** Ascends along the registry's list of a device's commands, but for those of one priority that were accepted in one millisecond. */
function sendingOrder({ id, priority, status, acceptedAtMs }: StoredCommand): string {
  const stage = status.outcome === 'OUTCOME_QUEUED' ? 1 : 0;
  return `${stage}${priorities.indexOf(priority)}/${String(acceptedAtMs).padStart(16, '0')}/${id}`;
}

/** How large a payload, parameters or counters may be in a list; `operationBytes` adds as much for the rest of an operation. */
const briefBytes = 4_096;
const envelopeBytes = 256;

/** For lists, whose answers would grow without bound: without the payload, parameters or counters where they are large. */
export function briefOperation(operation: common.Operation): common.Operation {
  const { custom, runTask, getStatistics } = operation;
  if (operationBytes(operation) <= briefBytes + envelopeBytes) return operation;
  if (custom) return { kind: 'custom', custom: { ...custom, payload: Buffer.alloc(0) } };
  if (runTask) return { kind: 'runTask', runTask: { ...runTask, parameters: {} } };
  return getStatistics ? { kind: 'getStatistics', getStatistics: { ...getStatistics, counters: [] } } : operation;
}

/** The same for what the device has said: without its output and statistics where they are large. */
export function briefCommand(command: StoredCommand): StoredCommand {
  const { output, statistics, ...status } = command.status;
  return {
    ...command,
    operation: briefOperation(command.operation),
    status: {
      ...status,
      ...(output && output.length <= briefBytes ? { output } : {}),
      ...(statistics && JSON.stringify(statistics).length <= briefBytes ? { statistics } : {}),
    },
  };
}

import { operationBytes, packOperation } from '@pushfleet/protocol';
import { end, priorities, route, supersededBy } from '../command-state.ts';
import type { NewCommand, PutResult, QueuePolicy } from '../commands.ts';
import type { SessionRef } from '../sessions.ts';
import { type CommandRow, toStored } from './command-row.ts';
import type { CommandTable } from './command-table.ts';

/** Inside a caller's transaction, after the device's commands are settled. */
export function putCommand(
  table: CommandTable,
  command: NewCommand,
  policy: QueuePolicy,
  session: SessionRef | undefined,
  nowMs: number,
): PutResult {
  const known = findKnown(table, command, nowMs);
  if (known && isOther(known, command)) return { kind: 'conflict', id: known.id };
  if (known) return { kind: 'known', command: toStored(known) };
  const queued = newRow(command, policy, nowMs);
  const displaced = makeRoom(table, queued, policy);
  if (!displaced) return { kind: 'full' };
  table.collapse(command.device, command.collapseKey, command.id, nowMs);
  for (const row of displaced) {
    table.save(end(row, 'OUTCOME_SUPERSEDED', supersededBy(command.id, 'displaced'), nowMs));
  }
  if (!session || !goesAtOnce(table, queued, policy)) {
    table.insert(queued);
    return { kind: 'queued', command: toStored(queued), session };
  }
  const routed = route(queued, session.epoch, session.nodeId, nowMs);
  table.insert(routed);
  return { kind: 'routed', command: toStored(routed), session };
}

/** One whose time has come is forgotten here, so that its id and its key are free. */
function findKnown(table: CommandTable, { device, id, idempotencyKey }: NewCommand, nowMs: number) {
  table.forgetEnded(device, id, idempotencyKey, nowMs);
  return table.read(device, id, nowMs) ?? table.findByIdempotencyKey(device, idempotencyKey);
}

function isOther(known: CommandRow, { fingerprint }: NewCommand): boolean {
  return known.fingerprint !== '' && fingerprint !== '' && known.fingerprint !== fingerprint;
}

/** Those that have to go; `undefined`: there is no room, whoever goes. */
function makeRoom(table: CommandTable, wanted: NewRow, policy: QueuePolicy): CommandRow[] | undefined {
  const { device, bytes, priority } = wanted;
  const collapsed = table.findWaiting(device, wanted.collapseKey);
  const unended = table.unended(device);
  let commands = unended.commands + 1 - (collapsed ? 1 : 0);
  let allBytes = unended.bytes + bytes - (collapsed?.bytes ?? 0);
  const fits = () => commands <= policy.maxCommands && allBytes <= policy.maxBytes;
  if (fits()) return [];
  const displaced: CommandRow[] = [];
  for (const row of table.list(device, 'queued').reverse()) {
    if (row.priority <= priority) return undefined;
    if (row.id === collapsed?.id) continue;
    displaced.push(row);
    commands -= 1;
    allBytes -= row.bytes;
    if (fits()) return displaced;
  }
  return undefined;
}

function goesAtOnce(table: CommandTable, { device, priority }: NewRow, { window }: QueuePolicy): boolean {
  const first = table.list(device, 'queued', 1)[0];
  if (first && first.priority <= priority) return false;
  return table.count(device, 'in-flight') < window;
}

type NewRow = Omit<CommandRow, 'sequence'>;

function newRow(command: NewCommand, { keepEndedMs }: QueuePolicy, nowMs: number): NewRow {
  const { id, device, operation, priority, collapseKey, idempotencyKey, fingerprint } = command;
  const times = { deliverByMs: nowMs + command.ttlMs, finishByMs: nowMs + command.finishWithinMs, keepEndedMs };
  const notYet = { epoch: 0, nodeId: '', routedAtMs: 0, deliveredAtMs: 0, runningAtMs: 0 };
  return {
    device,
    id,
    priority: priorities.indexOf(priority),
    bytes: operationBytes(operation),
    ...{ collapseKey, idempotencyKey, fingerprint, acceptedAtMs: nowMs },
    ...{ stage: 'queued', outcome: 'OUTCOME_QUEUED', reason: '', atMs: nowMs },
    ...times,
    ...notYet,
    ...{ isUnconfirmed: false, maybeSent: false, cancelRequested: false, failedWeight: 0, failedEpoch: 0 },
    details: {},
    operation: packOperation(operation),
    output: null,
  };
}

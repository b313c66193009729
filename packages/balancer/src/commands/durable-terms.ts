import { type admin, type common, invalidArgument, limits } from '@pushfleet/protocol';
import type { Priority } from '@pushfleet/registry';

/** What only durable commands have. */
export interface DurableTerms {
  priority: Priority;
  /** Empty: none. */
  collapseKey: string;
  /** Empty: none. */
  idempotencyKey: string;
}

type Asked = Pick<admin.PushRequest, 'priority' | 'collapseKey' | 'idempotencyKey'>;

const priorities: Readonly<Record<admin.Priority, Priority>> = {
  PRIORITY_UNSPECIFIED: 'normal',
  PRIORITY_LOW: 'low',
  PRIORITY_NORMAL: 'normal',
  PRIORITY_HIGH: 'high',
};

/** Ten force_syncs that wait become one. */
const forceSyncKey = 'force_sync';
const directRule = 'absent in a direct command; ttl_ms makes it a durable one';

/** @throws PushfleetError INVALID_ARGUMENT */
export function parseDurableTerms(
  { priority, collapseKey, idempotencyKey }: Asked,
  operation: common.Operation,
): DurableTerms {
  assertKey('collapse_key', collapseKey);
  assertKey('idempotency_key', idempotencyKey);
  return {
    priority: parsePriority(priority),
    collapseKey: collapseKey === '' && operation.kind === 'forceSync' ? forceSyncKey : collapseKey,
    idempotencyKey,
  };
}

/** @throws PushfleetError INVALID_ARGUMENT: a direct command says what is of no meaning to it. */
export function refuseDurableTerms({ priority, collapseKey, idempotencyKey }: Asked): void {
  if (priority !== 'PRIORITY_UNSPECIFIED') throw invalidArgument('priority', directRule);
  if (collapseKey !== '') throw invalidArgument('collapse_key', directRule);
  if (idempotencyKey !== '') throw invalidArgument('idempotency_key', directRule);
}

/** A value that the proto file does not have arrives as its number. */
function parsePriority(asked: admin.Priority): Priority {
  const priority = priorities[asked] as Priority | undefined;
  if (priority === undefined) throw invalidArgument('priority', `one of ${Object.keys(priorities).join(', ')}`);
  return priority;
}

function assertKey(field: string, key: string): void {
  if (Buffer.byteLength(key) > limits.keyBytes) throw invalidArgument(field, `at most ${limits.keyBytes} bytes`);
}

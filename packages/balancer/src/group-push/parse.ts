import {
  type admin,
  common,
  type DeviceId,
  invalidArgument,
  limits,
  PushfleetError,
  parseGroupPath,
  parseLabels,
  parsePeriod,
} from '@pushfleet/protocol';
import type { GroupPushRequest } from '@pushfleet/registry';
import type { CommandTerms } from '../commands/engine.ts';
import { parseTerms } from '../commands/push-request.ts';
import { parseDevicePageToken } from '../fleet/parse.ts';
import { parsePageSize } from '../net/paging.ts';

const maxJitterWindowMs = 86_400_000;
const defaultAbortAfter = 20;

type Delivery = admin.GroupPushDelivery;
type Pacing = Pick<GroupPushRequest, 'ratePerSecond' | 'jitterWindowMs' | 'abortFailedPercent' | 'abortAfter'>;

const noDelivery: Delivery = {
  deliverWithinMs: 0,
  finishWithinMs: 0,
  ttlMs: 0,
  collapseKey: '',
  priority: 'PRIORITY_UNSPECIFIED',
};
const noPace: admin.GroupPushPace = { commandsPerSecond: 0, jitterWindowMs: 0, abortFailedPercent: 0, abortAfter: 0 };

/**
 * Each device's command follows the rules of a single one.
 * @throws PushfleetError INVALID_ARGUMENT that names the field, PAYLOAD_TOO_LARGE
 */
export function parseGroupPush(request: admin.PushToGroupRequest): GroupPushRequest {
  const { operation, deliverWithinMs, finishWithinMs, queueing } = parseCommand(request);
  return {
    ...(request.group === '' ? {} : { group: parseGroupPath(request.group) }),
    includeSubgroups: !request.excludeSubgroups,
    labels: parseLabels(request.labels),
    operation,
    deliverWithinMs: queueing ? 0 : deliverWithinMs,
    finishWithinMs,
    ttlMs: queueing ? deliverWithinMs : 0,
    priority: queueing?.priority ?? 'normal',
    collapseKey: queueing?.collapseKey ?? '',
    ...parsePace(request.pace ?? noPace),
    idempotencyKey: parseIdempotencyKey(request.idempotencyKey),
  };
}

function parseCommand({ operation, delivery }: admin.PushToGroupRequest): CommandTerms {
  const command = { operation, ...(delivery ?? noDelivery) };
  try {
    return parseTerms({ ...command, idempotencyKey: '' });
  } catch (error) {
    throw error instanceof PushfleetError ? inDelivery(error) : error;
  }
}

/** Names the field as it is in PushToGroupRequest, where the delivery of a command is a message of its own. */
function inDelivery(error: PushfleetError): PushfleetError {
  const { code, field, message } = error;
  if (field === undefined || field.startsWith('operation')) return error;
  return new PushfleetError(code, `delivery.${message}`, { field: `delivery.${field}` });
}

function parsePace({ commandsPerSecond, jitterWindowMs, abortFailedPercent, abortAfter }: admin.GroupPushPace): Pacing {
  const jitter = { mostMs: maxJitterWindowMs, fallbackMs: 0, absent: 'at once' };
  if (abortFailedPercent > 100) throw invalidArgument('pace.abort_failed_percent', '0 (never) to 100');
  return {
    ratePerSecond: commandsPerSecond,
    jitterWindowMs: parsePeriod(jitterWindowMs, 'pace.jitter_window', jitter),
    abortFailedPercent,
    abortAfter: abortAfter || defaultAbortAfter,
  };
}

function parseIdempotencyKey(key: string): string {
  if (Buffer.byteLength(key) > limits.keyBytes) {
    throw invalidArgument('idempotency_key', `at most ${limits.keyBytes} bytes`);
  }
  return key;
}

/** Which outcomes of a group push to list. */
export interface OutcomeQuery {
  after?: DeviceId;
  limit: number;
  /** Absent: all. */
  outcomes?: common.Outcome[];
}

/** @throws PushfleetError INVALID_ARGUMENT that names the field. */
export function parseOutcomeQuery(request: admin.ListGroupPushOutcomesRequest): OutcomeQuery {
  const { outcomes, pageSize, pageToken } = request;
  return {
    ...(pageToken === '' ? {} : { after: parseDevicePageToken(pageToken) }),
    limit: parsePageSize(pageSize),
    ...(outcomes.length === 0 ? {} : { outcomes: outcomes.map(parseOutcome) }),
  };
}

/** A value that the proto file does not have arrives as its number. */
function parseOutcome(outcome: common.Outcome, index: number): common.Outcome {
  const known: readonly string[] = Object.keys(common.Outcome).slice(1);
  if (!known.includes(outcome)) throw invalidArgument(`outcomes[${index}]`, `one of ${known.join(', ')}`);
  return outcome;
}

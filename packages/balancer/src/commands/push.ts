import {
  type admin,
  type CommandId,
  type common,
  type DeviceId,
  invalidArgument,
  isDurable,
  limits,
  parseCommandId,
  parseDeviceId,
  parseOperation,
} from '@pushfleet/protocol';
import { type DurableTerms, parseDurableTerms, refuseDurableTerms } from './durable-terms.ts';

/** When the caller wants its answer, unless the command ends earlier. */
export type AwaitedStep = 'accepted' | 'delivered' | 'finished';

/** A PushRequest, validated and with its defaults. */
export interface Push {
  deviceId: DeviceId;
  /** Chosen by the caller; `undefined`: one is made. */
  id: CommandId | undefined;
  operation: common.Operation;
  wait: AwaitedStep;
  /** Of a durable command its time to live. */
  deliverWithinMs: number;
  finishWithinMs: number;
  /** `undefined`: a direct command. */
  durable: DurableTerms | undefined;
}

const steps: Readonly<Record<admin.Wait, AwaitedStep>> = {
  WAIT_UNSPECIFIED: 'finished',
  WAIT_ACCEPTED: 'accepted',
  WAIT_DELIVERED: 'delivered',
  WAIT_FINISHED: 'finished',
};

/** @throws PushfleetError INVALID_ARGUMENT, PAYLOAD_TOO_LARGE */
export function parsePush(request: admin.PushRequest | null | undefined): Push {
  if (!request) throw invalidArgument('push', 'there');
  return request.ttlMs > 0 ? parseDurable(request) : parseDirect(request);
}

function parseDirect(request: admin.PushRequest): Push {
  refuseDurableTerms(request);
  const deliverWithinMs = request.deliverWithinMs || limits.deliverWithinDefaultMs;
  const finishWithinMs = request.finishWithinMs || Math.max(limits.finishWithinDefaultMs, deliverWithinMs);
  const { deliverWithinMaxMs, finishWithinMaxMs } = limits;
  if (deliverWithinMs > deliverWithinMaxMs) throw invalidArgument('deliver_within_ms', `1 to ${deliverWithinMaxMs}`);
  if (finishWithinMs < deliverWithinMs || finishWithinMs > finishWithinMaxMs) {
    throw invalidArgument('finish_within_ms', `deliver_within_ms (${deliverWithinMs}) to ${finishWithinMaxMs}`);
  }
  return {
    deviceId: parseDeviceId(request.deviceId),
    id: parseChosenId(request),
    operation: parseOperation(request.operation),
    wait: parseWait(request.wait),
    deliverWithinMs,
    finishWithinMs,
    durable: undefined,
  };
}

function parseDurable(request: admin.PushRequest): Push {
  const { ttlMs, finishWithinMs, deliverWithinMs } = request;
  const { ttlMaxMs, durableFinishWithinMaxMs: maxMs, durableFinishDefaultMs } = limits;
  if (ttlMs > ttlMaxMs) throw invalidArgument('ttl_ms', `0 (a direct command) to ${ttlMaxMs}`);
  if (deliverWithinMs > 0) throw invalidArgument('deliver_within_ms', '0 where ttl_ms says how long the command waits');
  if (finishWithinMs > 0 && (finishWithinMs < ttlMs || finishWithinMs > maxMs)) {
    throw invalidArgument('finish_within_ms', `ttl_ms (${ttlMs}) to ${maxMs}`);
  }
  const deviceId = parseDeviceId(request.deviceId);
  const operation = parseOperation(request.operation);
  return {
    deviceId,
    id: parseChosenId(request),
    operation,
    wait: parseWait(request.wait),
    deliverWithinMs: ttlMs,
    finishWithinMs: finishWithinMs || Math.min(ttlMs + durableFinishDefaultMs, maxMs),
    durable: parseDurableTerms(request, operation),
  };
}

/** The id says of which kind a command is, to whoever sees it. */
function parseChosenId({ commandId, ttlMs }: admin.PushRequest): CommandId | undefined {
  if (commandId === '') return undefined;
  const id = parseCommandId(commandId);
  if (isDurable(id) === ttlMs > 0) return id;
  throw invalidArgument('command_id', ttlMs > 0 ? 'one that begins with "d-", where ttl_ms is set' : directIdRule);
}

const directIdRule = 'one that does not begin with "d-", unless ttl_ms is set';

/** A value that the proto file does not have arrives as its number. */
function parseWait(wait: admin.Wait): AwaitedStep {
  const step = steps[wait] as AwaitedStep | undefined;
  if (step === undefined) throw invalidArgument('wait', `one of ${Object.keys(steps).join(', ')}`);
  return step;
}

import {
  type admin,
  type common,
  type DeviceId,
  invalidArgument,
  limits,
  parseDeviceId,
  parseOperation,
} from '@pushfleet/protocol';

/** When the caller wants its answer, unless the command ends earlier. */
export type AwaitedStep = 'accepted' | 'delivered' | 'finished';

/** A PushRequest, validated and with its defaults. */
export interface Push {
  deviceId: DeviceId;
  operation: common.Operation;
  wait: AwaitedStep;
  deliverWithinMs: number;
  finishWithinMs: number;
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
  const deliverWithinMs = request.deliverWithinMs || limits.deliverWithinDefaultMs;
  const finishWithinMs = request.finishWithinMs || Math.max(limits.finishWithinDefaultMs, deliverWithinMs);
  const { deliverWithinMaxMs, finishWithinMaxMs } = limits;
  if (deliverWithinMs > deliverWithinMaxMs) throw invalidArgument('deliver_within_ms', `1 to ${deliverWithinMaxMs}`);
  if (finishWithinMs < deliverWithinMs || finishWithinMs > finishWithinMaxMs) {
    throw invalidArgument('finish_within_ms', `deliver_within_ms (${deliverWithinMs}) to ${finishWithinMaxMs}`);
  }
  return {
    deviceId: parseDeviceId(request.deviceId),
    operation: parseOperation(request.operation),
    wait: parseWait(request.wait),
    deliverWithinMs,
    finishWithinMs,
  };
}

/** A value that the proto file does not have arrives as its number. */
function parseWait(wait: admin.Wait): AwaitedStep {
  const step = steps[wait] as AwaitedStep | undefined;
  if (step === undefined) throw invalidArgument('wait', `one of ${Object.keys(steps).join(', ')}`);
  return step;
}

import { type common, type DeviceId, PushfleetError, tunnelClosed } from '@pushfleet/protocol';

/** The status of an operation that the balancer sent by itself. */
export interface OrderStatus {
  outcome: common.Outcome;
  reason: string;
}

/** The error of a tunnel whose device does not open it. `undefined`: the device comes. */
export function refusalOf({ outcome, reason }: OrderStatus, device: DeviceId): PushfleetError | undefined {
  switch (outcome) {
    case 'OUTCOME_SUCCEEDED':
      return undefined;
    case 'OUTCOME_NOT_CONNECTED':
      return new PushfleetError('NOT_CONNECTED', join(`device "${device}" is not connected`, reason));
    case 'OUTCOME_REJECTED':
      return new PushfleetError('TUNNEL_REFUSED', reason || 'the device declines');
    case 'OUTCOME_FAILED':
      return new PushfleetError('TARGET_UNREACHABLE', reason || 'the device cannot reach the target');
    default:
      return tunnelClosed(join(`device "${device}" did not answer`, reason));
  }
}

function join(what: string, reason: string): string {
  return reason ? `${what}: ${reason}` : what;
}

import type { ServerDuplexStream } from '@grpc/grpc-js';
import {
  type admin,
  type DeviceId,
  invalidArgument,
  limits,
  PushfleetError,
  parseDeviceId,
  parsePeriod,
  parseTarget,
  tunnelClosed,
} from '@pushfleet/protocol';
import type { AttendedTime } from '@pushfleet/runtime';

/** A TunnelTarget, validated and with its defaults. */
export interface TunnelRequest {
  device: DeviceId;
  /** `host:port`, as seen from the device. */
  target: string;
  idleLimitMs: number;
  timeLimitMs: number;
}

const leastMs = limits.tunnelLimitMinMs;
const idle = { leastMs, mostMs: limits.tunnelIdleLimitMaxMs, fallbackMs: 300_000 };
const total = { leastMs, mostMs: limits.tunnelTimeLimitMaxMs, fallbackMs: 28_800_000 };

/** @throws PushfleetError INVALID_ARGUMENT that names the field. */
export function parseTunnelRequest(first: admin.OpenRequest): TunnelRequest {
  const { target: asked } = first;
  if (!asked) throw invalidArgument('target', 'the first message');
  parseTarget(asked.target, 'target.target');
  return {
    device: parseDeviceId(asked.deviceId, 'target.device_id'),
    target: asked.target,
    idleLimitMs: parsePeriod(asked.idleLimitMs, 'target.idle_limit', idle),
    timeLimitMs: parsePeriod(asked.timeLimitMs, 'target.time_limit', total),
  };
}

export type OpenCall = ServerDuplexStream<admin.OpenRequest, admin.OpenResponseInit>;

/** Fires when the caller has gone. */
export function goneSignal(call: OpenCall): AbortSignal {
  const gone = new AbortController();
  const leave = () => gone.abort(tunnelClosed('the Administration Server left'));
  if (call.cancelled) leave();
  call.once('cancelled', leave);
  return gone.signal;
}

/** Reads the caller's first message; those that follow wait to be read. @throws PushfleetError where none comes. */
export async function firstMessage(
  call: OpenCall,
  withinMs: number,
  attended: AttendedTime,
): Promise<admin.OpenRequest> {
  const { promise, resolve, reject } = Promise.withResolvers<admin.OpenRequest>();
  const silent = () => reject(new PushfleetError('INVALID_ARGUMENT', 'target: must be the first message'));
  using _deadline = attended.after(withinMs, silent);
  call.once('data', (message: admin.OpenRequest) => {
    call.pause();
    resolve(message);
  });
  call.once('end', silent);
  call.once('cancelled', silent);
  return promise;
}

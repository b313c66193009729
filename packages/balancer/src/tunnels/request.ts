import {
  type admin,
  type DeviceId,
  invalidArgument,
  limits,
  parseDeviceId,
  parsePeriod,
  parseTarget,
} from '@pushfleet/protocol';

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

import { type admin, type DeviceId, invalidArgument, parseDeviceId, parseTarget } from '@pushfleet/protocol';

/** A TunnelTarget, validated and with its defaults. */
export interface TunnelRequest {
  device: DeviceId;
  /** `host:port`, as seen from the device. */
  target: string;
  idleLimitMs: number;
  timeLimitMs: number;
}

const idle = { fallbackMs: 300_000, maxMs: 86_400_000 };
const total = { fallbackMs: 28_800_000, maxMs: 604_800_000 };
const leastMs = 1_000;

/** @throws PushfleetError INVALID_ARGUMENT that names the field. */
export function parseTunnelRequest(first: admin.OpenRequest): TunnelRequest {
  const { target: asked } = first;
  if (!asked) throw invalidArgument('target', 'the first message');
  parseTarget(asked.target, 'target.target');
  return {
    device: parseDeviceId(asked.deviceId, 'target.device_id'),
    target: asked.target,
    idleLimitMs: parseLimit(asked.idleLimitMs, 'target.idle_limit_ms', idle),
    timeLimitMs: parseLimit(asked.timeLimitMs, 'target.time_limit_ms', total),
  };
}

function parseLimit(ms: number, field: string, { fallbackMs, maxMs }: typeof idle): number {
  if (ms === 0) return fallbackMs;
  if (ms < leastMs || ms > maxMs) throw invalidArgument(field, `${leastMs} to ${maxMs}, or 0 for ${fallbackMs}`);
  return ms;
}

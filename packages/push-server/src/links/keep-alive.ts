import { limits } from '@pushfleet/protocol';

/** The bounds within which a push server grants a device its own keep-alive; the lower one is the same everywhere. */
export interface KeepAliveBounds {
  /** Granted over gRPC to a device that wishes none. */
  defaultMs: number;
  maxMs: number;
}

/** The keep-alive of a gRPC link. `wishedMs` is as the device said it: 0 or no number where it said none. */
export function grantKeepAlive(wishedMs: number, { defaultMs, maxMs }: KeepAliveBounds): number {
  return wishedMs > 0 ? Math.min(maxMs, Math.max(limits.keepAliveLeastMs, wishedMs)) : Math.min(maxMs, defaultMs);
}

/** Silence after which a device counts as gone, with a gRPC link: two keep-alives. */
export function grpcSilenceLimitMs(keepAliveMs: number): number {
  return 2 * keepAliveMs;
}

/** The keep-alive of an MQTT connection. */
export interface MqttKeepAlive {
  /** Server Keep Alive of the CONNACK, in seconds; `undefined`: the client's own is good. */
  serverKeepAliveS: number | undefined;
  /** [MQTT-3.1.2-22] one and a half times the keep-alive. */
  silenceLimitMs: number;
}

/**
 * [MQTT-3.2.2-21] an MQTT 5 client uses what the server says. MQTT 3.1.1 has no word for it: whoever wants none, or a longer one
 * than there may be, is judged by the longest, and whoever wants a shorter one by that.
 */
export function grantMqttKeepAlive(wishedS: number, version: 4 | 5, { maxMs }: KeepAliveBounds): MqttKeepAlive {
  const maxS = Math.ceil(maxMs / 1_000);
  const wantedS = wishedS === 0 ? maxS : Math.min(maxS, wishedS);
  const grantedS = version === 5 ? Math.max(limits.keepAliveLeastMs / 1_000, wantedS) : wantedS;
  const serverKeepAliveS = version === 5 && grantedS !== wishedS ? grantedS : undefined;
  return { serverKeepAliveS, silenceLimitMs: grantedS * 1_500 };
}

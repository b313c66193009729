import type { SecureContext } from 'node:tls';
import type { PayloadEncoding } from '@pushfleet/protocol';
import type { Clock } from './clock.ts';

/** What all links of a device have in common. */
export interface LinkSettings {
  deviceId: string;
  /** `undefined`: no TLS. */
  secureContext: SecureContext | undefined;
  /** Who is speaking, for the push server's logs. */
  agent: string;
  /** What an MQTT link asks for; a server may say otherwise. */
  keepAliveMs: number;
  /** Of MQTT payloads. */
  payloadEncoding: PayloadEncoding;
  clock: Clock;
  /** What the device can do, as it stands when a link opens. */
  operations: () => readonly string[];
}

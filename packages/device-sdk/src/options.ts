import type { SecureContext } from 'node:tls';
import { type DeviceId, invalidArgument, limits, type PayloadEncoding, parseDeviceId } from '@pushfleet/protocol';
import type { DeviceCredential } from './assignment/assignment.ts';
import { type Clock, systemClock } from './clock.ts';
import type { CommandStore } from './commands/log.ts';
import { EnrolledSecret } from './enrollment/enrolled-secret.ts';
import type { SecretStore } from './enrollment/secret-store.ts';
import { DeviceKeepAlive } from './keep-alive-interval.ts';
import type { DeviceNetwork } from './network.ts';
import { type Backoff, defaultBackoff } from './plan.ts';
import { type ClientCertificate, secureContextOf } from './tls.ts';
import { AllowList } from './tunnels/target.ts';

export interface TunnelOptions {
  /**
   * To which targets Administration Servers may open tunnels through the device: `host:port` as seen from the device, `*`
   * for any host or any port.
   */
  allow: readonly string[];
  /** Open at the same time; further ones are rejected. Default 64. */
  maxOpen?: number;
}

/** The protocol of the link: gRPC, MQTT 5, or MQTT 3.1.1. */
export type LinkKind = 'grpc' | 'mqtt' | 'mqtt3';

export interface DeviceOptions {
  deviceId: string;
  /** The device's shared secret, 16 to 256 bytes. Shown to balancers only. This, `identityToken` or `enrollment`. */
  secret?: string;
  /** Gives a JWT of an issuer that the balancers trust, which names the device; asked for each time when a balancer is asked. */
  identityToken?: () => string | Promise<string>;
  /**
   * For a new device, which registers itself with the token once and makes its secret itself; in place of `secret` and `identityToken`.
   * The store keeps the secret: `fileSecretStore(path)`, or one of the application's.
   */
  enrollment?: { token: string; store: SecretStore };
  /** `https://host:13000` of each balancer. One is enough to begin; more survive the loss of one. */
  balancers: readonly string[];
  link: LinkKind;
  /** PEM of the CA that signed the certificates of balancers and push servers. Without it the system's CAs are trusted. */
  ca?: Buffer | string;
  /**
   * A client certificate of a CA that the balancers trust, PEM, and the key to it: the device is who the certificate says, where there is no `secret`,
   * `identityToken` or `enrollment`. For another one make another device.
   */
  certificate?: Buffer | string;
  key?: Buffer | string;
  /** In place of `ca`, `certificate` and `key`, for full control of TLS. */
  secureContext?: SecureContext;
  /** The push server's port speaks no TLS; `http:` balancers are allowed. For measurements. */
  plaintextLink?: boolean;
  /** Name and version of the device's software, for the push server's logs. */
  agent?: string;
  /** Encoding of MQTT 5 payloads. Default json. */
  payloadEncoding?: PayloadEncoding;
  /**
   * The keep-alive of every link, in steps of 1,000; servers may set another one. Default: it is learned from 60,000 on, doubled
   * while links outlive such a silence, up to `maxKeepAliveMs`, and halved where one turns out half-open.
   */
  keepAliveMs?: number;
  /** The longest silence on a link. For MQTT 3.1.1, no longer than push servers grant. Default 1,200,000. */
  maxKeepAliveMs?: number;
  /** Default: from 1,000 doubling up to 60,000, with full jitter. */
  backoff?: Partial<Backoff>;
  /** Commands that run side by side; further ones are rejected. Default 1,024. */
  maxRunning?: number;
  /** Ended commands that are remembered, so that none is run twice. Default 1,000. */
  rememberCommands?: number;
  /** Remembers commands over restarts of the process, e.g. `fileCommandStore(path)`. Default: nothing does. */
  store?: CommandStore;
  /** Default: no tunnels, and the device declares so. */
  tunnels?: TunnelOptions;
  clock?: Clock;
  /** In [0, 1). */
  random?: () => number;
}

/** Options with nothing left open. */
export interface DeviceSettings {
  deviceId: DeviceId;
  credential: DeviceCredential;
  balancers: readonly URL[];
  link: LinkKind;
  secureContext: SecureContext;
  plaintextLink: boolean;
  agent: string;
  payloadEncoding: PayloadEncoding;
  keepAlive: DeviceKeepAlive;
  backoff: Backoff;
  maxRunning: number;
  rememberCommands: number;
  store: CommandStore | undefined;
  tunnels: { allowed: AllowList; maxOpen: number } | undefined;
  clock: Clock;
  random: () => number;
  /** Absent: sockets. */
  network?: DeviceNetwork;
}

/** @throws PushfleetError INVALID_ARGUMENT that names the option. */
export function parseOptions(options: DeviceOptions): DeviceSettings {
  const { link, plaintextLink = false } = options;
  if (!['grpc', 'mqtt', 'mqtt3'].includes(link)) throw invalidArgument('link', 'grpc, mqtt or mqtt3');
  return {
    deviceId: parseDeviceId(options.deviceId, 'deviceId'),
    credential: parseCredential(options),
    balancers: parseBalancers(options.balancers, plaintextLink),
    link,
    secureContext: options.secureContext ?? secureContextOf(options.ca, parseCertificate(options)),
    plaintextLink,
    agent: options.agent ?? 'pushfleet-device-sdk',
    // MQTT 3.1.1 has no way to declare another one.
    payloadEncoding: link === 'mqtt3' ? 'json' : (options.payloadEncoding ?? 'json'),
    keepAlive: new DeviceKeepAlive(options.keepAliveMs, options.maxKeepAliveMs ?? limits.keepAliveMostMs),
    backoff: { ...defaultBackoff, ...options.backoff },
    maxRunning: options.maxRunning ?? 1_024,
    rememberCommands: options.rememberCommands ?? 1_000,
    store: options.store,
    tunnels: options.tunnels && parseTunnels(options.tunnels),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

function parseTunnels({ allow, maxOpen = 64 }: TunnelOptions): DeviceSettings['tunnels'] {
  if (!Number.isInteger(maxOpen) || maxOpen < 1) throw invalidArgument('tunnels.maxOpen', 'a whole number, at least 1');
  return { allowed: new AllowList(allow), maxOpen };
}

function parseCertificate({ certificate, key }: DeviceOptions): ClientCertificate | undefined {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined) throw invalidArgument('certificate', 'there, where there is a key');
  if (key === undefined) throw invalidArgument('key', 'there, where there is a certificate');
  return { certificate, key };
}

function parseCredential({ secret, identityToken, enrollment, certificate }: DeviceOptions): DeviceCredential {
  const isOnlyCertified = [secret, identityToken, enrollment].every((one) => one === undefined);
  if (certificate !== undefined && isOnlyCertified) return { kind: 'certificate' };
  if (enrollment !== undefined) {
    if (secret !== undefined || identityToken !== undefined) {
      throw invalidArgument('enrollment', 'absent where there is a secret or an identityToken');
    }
    return { kind: 'enrollment', token: enrollment.token, secret: new EnrolledSecret(enrollment.store) };
  }
  if (identityToken === undefined) return { kind: 'secret', secret: parseSecret(secret ?? '') };
  if (secret !== undefined) throw invalidArgument('identityToken', 'absent where there is a secret');
  return { kind: 'identityToken', identityToken };
}

function parseSecret(secret: string): string {
  const bytes = Buffer.byteLength(secret);
  if (bytes >= limits.secretMinBytes && bytes <= limits.secretMaxBytes) return secret;
  throw invalidArgument('secret', `${limits.secretMinBytes} to ${limits.secretMaxBytes} bytes`);
}

function parseBalancers(balancers: readonly string[], plaintext: boolean): URL[] {
  if (balancers.length === 0) throw invalidArgument('balancers', 'one https:// URL or more');
  return balancers.map((text) => {
    const url = URL.parse(text);
    if (url?.protocol === 'https:' || (plaintext && url?.protocol === 'http:')) return url;
    throw invalidArgument('balancers', `https:// URLs, not "${text}"`);
  });
}

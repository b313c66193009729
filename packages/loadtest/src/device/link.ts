import { type CloseReason, CloseReason as closeReasons, type Retry } from '@pushfleet/protocol';

/** How a device is linked. */
export const leanLinkKinds = ['mqtt5', 'mqtt311', 'grpc'] as const;
export type LeanLinkKind = (typeof leanLinkKinds)[number];

export interface ServerAddress {
  nodeId: string;
  address: string;
  port: number;
}

/** The end of a link, or of the attempt to open one. */
export interface LinkEnd {
  /** A close reason, or a code of the system or of this tool: `ECONNREFUSED`, `timeout`. */
  reason: string;
  /** The device's next step. */
  retry: Retry;
  detail: string;
  redirect?: ServerAddress | undefined;
}

/** The end that a push server has given a reason for. */
export function endFor(reason: CloseReason, detail = '', redirect?: ServerAddress): LinkEnd {
  const { retry, text } = closeReasons[reason];
  return { reason, retry, detail: detail || text, redirect };
}

/** The end of a connection about which nobody has said a word. */
export function brokenEnd(error?: Error): LinkEnd {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return { reason: code ?? 'linkLost', retry: 'same-node', detail: error?.message ?? 'the connection was closed' };
}

/** A command, as far as a lean device looks at it. */
export interface LeanCommand {
  id: string;
  /** `force_sync`, `open_tunnel`, … */
  operation: string;
  /** The time at which it was to be sent, by `machineUs`; `undefined`: it does not say. */
  stampUs: number | undefined;
  /** The tunnel to open; `undefined`: the operation is another one than `open_tunnel`. */
  tunnel: { target: string; token: string } | undefined;
}

/** Calls by which a link tells its device what happens. */
export interface LinkEvents {
  /** The connection stands, its TLS session included. `resumed`: without a full handshake; `undefined`: no TLS. */
  onSecure(resumed: boolean | undefined): void;
  /** Commands may come. 0: the link needs no keep-alive. */
  onUp(keepAliveMs: number): void;
  /** The returned value says whether the link answers at once, with success; else `answer` is called later. */
  onCommand(command: LeanCommand): boolean;
  /** Called once; nothing comes after it. */
  onEnd(end: LinkEnd): void;
  /** A session that the next connection may resume. */
  onTlsSession(session: Buffer): void;
  /** Anything was heard. */
  onHeard(): void;
}

export interface LeanLink {
  ping(): void;
  answer(commandId: string, failure?: string): void;
  /** Says goodbye, and ends. `onEnd` is called as `goodbye`. */
  close(): void;
  /** Ends without a word. `onEnd` is called with this end. */
  cut(end: LinkEnd): void;
}

/** How the push load marks its commands: the text of a synchronization's reason. */
export const stampPrefix = 'us=';

export function readStamp(text: string): number | undefined {
  const at = text.indexOf(stampPrefix);
  if (at < 0) return undefined;
  const stamp = Number.parseInt(text.slice(at + stampPrefix.length, at + stampPrefix.length + 16), 10);
  return Number.isNaN(stamp) ? undefined : stamp;
}

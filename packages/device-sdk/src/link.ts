import {
  type CloseReason,
  CloseReason as closeReasons,
  type common,
  type device,
  limits,
  type PayloadEncoding,
  type Retry,
} from '@pushfleet/protocol';
import type { Clock } from './clock.ts';
import type { DeviceKeepAlive } from './keep-alive-interval.ts';

/** The settings that all links of a device share. */
export interface LinkSettings {
  deviceId: string;
  /** Name and version of the device's software, for the push server's logs. */
  agent: string;
  keepAlive: DeviceKeepAlive;
  /** Encoding of MQTT payloads. */
  payloadEncoding: PayloadEncoding;
  clock: Clock;
  /** The operations that the device declares; read when a link opens. */
  operations: () => readonly string[];
}

/** A command that came over a link. */
export interface LinkCommand {
  id: string;
  /** `undefined`: this SDK cannot read the operation; `problem` says why. */
  operation: common.Operation | undefined;
  problem?: string;
  /** Time for which somebody waits for the result; 0: unknown. */
  finishWithinMs: number;
  /** Its result is kept until the server acknowledges that it is stored. */
  durable: boolean;
}

/** The push server to which another one redirects the device. MQTT names no node. */
export interface RedirectTarget {
  nodeId?: string;
  address: string;
  port: number;
}

export interface LinkEnd {
  reason: CloseReason;
  retry: Retry;
  /** Text for people. */
  detail: string;
  redirect?: RedirectTarget;
}

/** The events of a link. Nothing is called before `open` has returned, nor after `ended`. */
export interface LinkEvents {
  /** Commands may come and results may go. At most once. */
  welcomed(): void;
  /** A command has come; `accept` acknowledges it to the server. */
  command(command: LinkCommand, accept: () => void): void;
  /** The command is cancelled; it may have ended, or never have come. */
  cancel(commandId: string, reason: string): void;
  /** Exactly once, whoever ended the link. All its resources are released. */
  ended(end: LinkEnd): void;
}

/** A connection to one push server. It never reconnects by itself. */
export interface Link {
  /** Earlier messages have not left yet. */
  readonly congested: boolean;
  /**
   * Sends a result. `sent` is called once nothing more need be done for it: when the server has it, of a durable command
   * when it has it for good, or, over a gRPC link that carries many direct ones, when it is old enough to be taken for
   * arrived. Not called where the link ended before.
   */
  report(result: device.CommandResult, sent?: () => void, durable?: boolean): void;
  /** Says goodbye. Resolves when the link has ended, within about a second. Idempotent. */
  close(): Promise<void>;
}

export type OpenLink = (server: device.Server, ticket: string, events: LinkEvents) => Link;

/** The link's end as the table of close reasons has it; `detail` is added to the reason's text. */
export function linkEnd(reason: CloseReason, detail?: string, redirect?: RedirectTarget): LinkEnd {
  const { retry, text } = closeReasons[reason];
  return {
    reason,
    retry,
    detail: detail === undefined || detail === '' || detail === text ? text : `${text}: ${detail}`,
    ...(redirect === undefined ? {} : { redirect }),
  };
}

/** The time within which the server is asked whether it has the results that nobody acknowledges. */
export const proofMs = limits.keepAliveFirstMs;

/** Time for a goodbye before the connection is cut. */
export const goodbyeMs = 1_000;

/** The end of a link that the keep-alive has found dead. The server gave no reason, so it is a broken connection. */
export const serverSilent: LinkEnd = linkEnd('linkLost', 'the push server did not answer a ping');

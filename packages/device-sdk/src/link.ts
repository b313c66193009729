import {
  type CloseReason,
  CloseReason as closeReasons,
  type common,
  type device,
  type Retry,
} from '@pushfleet/protocol';

/** A command as it came over a link. */
export interface LinkCommand {
  id: string;
  /** `undefined`: this SDK cannot read the operation; `problem` says why. */
  operation: common.Operation | undefined;
  problem?: string;
  /** The result is of use for this long. 0: not said. */
  finishWithinMs: number;
  /** Its result is kept until the server says that it is kept there. */
  durable: boolean;
}

/** Where a push server sends the device. MQTT names no node. */
export interface RedirectTarget {
  nodeId?: string;
  address: string;
  port: number;
}

export interface LinkEnd {
  reason: CloseReason;
  retry: Retry;
  /** For people. */
  detail: string;
  redirect?: RedirectTarget;
}

/** What a link tells. Nothing is called before `open` has returned, nor after `ended`. */
export interface LinkEvents {
  /** Commands may come and results may go. At most once. */
  welcomed(): void;
  /** `accept` tells the server that the device has the command. */
  command(command: LinkCommand, accept: () => void): void;
  /** The command is withdrawn; it may have ended, or never have come. */
  cancel(commandId: string, reason: string): void;
  /** Exactly once, whoever ended the link. All its resources are released. */
  ended(end: LinkEnd): void;
}

/** A connection to one push server. It never reconnects by itself. */
export interface Link {
  /** What was said before has not left yet. */
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

/** How long a goodbye may take before the connection is cut. */
export const goodbyeMs = 1_000;

/** The keep-alive found the link dead. The server did not say it, so it is a broken connection. */
export const serverSilent: LinkEnd = linkEnd('linkLost', 'the push server was silent for two keep-alive intervals');

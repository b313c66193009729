import type { ClientDuplexStream, ServerDuplexStream, ServiceError } from '@grpc/grpc-js';
import { PushfleetError } from '../error.ts';
import type { TunnelFrame, TunnelFrameInit } from '../gen/common.ts';
import { resetCall } from '../grpc-js.ts';
import { fromStatus, toStatus } from '../status.ts';

/** Each call that carries a tunnel, from either end, has its frames in a field of this name. */
export interface FrameMessage {
  frame?: TunnelFrame | null;
}
export interface FrameMessageInit {
  frame?: TunnelFrameInit | null;
}

/** The events of the call. */
export interface TunnelCallEvents {
  /** The peer has said all that it will say. */
  ended(): void;
  /** The call is over; with why, if that is known. */
  over(error?: PushfleetError): void;
}

/** The part of a call that both ends have in common. */
export interface FrameStream {
  pause(): unknown;
  resume(): unknown;
  write(message: FrameMessageInit, sent?: () => void): boolean;
  on(event: 'data', listener: (message: FrameMessage) => void): unknown;
}

/** A gRPC call that carries a tunnel; what differs between its two ends. */
export interface TunnelCall {
  readonly stream: FrameStream;
  listen(events: TunnelCallEvents): void;
  /** Nothing more is said. */
  finish(): void;
  /** Nothing more is said because of this. */
  fail(error: PushfleetError): void;
}

/** Calls `run` once after `delayMs`, unless disposed before: the timers of whoever has the end. */
export interface TunnelTimers {
  after(delayMs: number, run: () => void): Disposable;
}

/** How long the last message has to get through; it may be stuck behind data that nobody reads. */
const lastWordsMs = 1_000;

/** The end of who made the call. */
export function callerEnd<Request extends FrameMessageInit, Response extends FrameMessage>(
  call: ClientDuplexStream<Request, Response>,
  timers: TunnelTimers,
): TunnelCall {
  const finish = () => {
    const cutOff = timers.after(lastWordsMs, () => call.cancel());
    call.once('status', () => cutOff[Symbol.dispose]());
    call.end();
    // The status comes after all that is to be read.
    call.resume();
  };
  return {
    stream: call,
    listen: ({ over }) => {
      call.on('error', (error: ServiceError) => over(fromStatus(error)));
      call.once('end', () => over());
      // Until the first read is asked for, grpc-js takes whatever comes and keeps it without bound.
      call.read(0);
    },
    finish,
    fail: finish,
  };
}

/** The end of who serves the call. A peer that half-closes the call without an `end` has ended all the same. */
export function serverEnd<Request extends FrameMessage, Response extends FrameMessageInit>(
  call: ServerDuplexStream<Request, Response>,
  timers: TunnelTimers,
): TunnelCall {
  return {
    stream: call,
    listen: ({ ended, over }) => {
      call.once('end', ended);
      call.once('cancelled', () => over());
      call.on('error', () => undefined);
    },
    finish: () => {
      if (!call.cancelled) call.end();
      call.resume();
    },
    fail: (error) => {
      if (!call.cancelled) call.emit('error', toStatus(error));
      timers.after(lastWordsMs, () => resetCall(call));
      // What still comes is thrown away, or the call would never be over.
      call.resume();
    },
  };
}

/** The end of a tunnel that does not end by itself. */
export function tunnelClosed(reason: string, cause?: unknown): PushfleetError {
  return new PushfleetError('TUNNEL_CLOSED', reason, cause === undefined ? {} : { cause });
}

/** The rules about the JWT that lets a device come for its end of a tunnel; balancers and push servers share them. */
export const tunnelToken = {
  /** No node has such an id: a token is never taken for a ticket. */
  audience: 'pushfleet:tunnel',
  /** Header `typ`. Tickets have none: a ticket is never taken for a token. */
  type: 'pushfleet-tunnel+jwt',
  lifetimeS: 30,
} as const;

import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import { type admin, callerEnd, PushfleetError, TunnelStream, type TunnelTimers } from '@pushfleet/protocol';
import { type CallOptions, cancelWith, Deadline } from './call.ts';
import { asCallError, callError } from './call-error.ts';
import type { AdminChannel } from './channel.ts';

export interface TunnelTarget {
  deviceId: string;
  /** `host:port`, as seen from the device: "127.0.0.1:22". */
  target: string;
  /** The tunnel ends when no data has flowed for so long. 1,000 to 86,400,000; default 300,000. */
  idleLimitMs?: number;
  /** The tunnel ends after so long, whatever flows. 1,000 to 604,800,000; default 28,800,000. */
  timeLimitMs?: number;
}

type OpenCall = ClientDuplexStream<admin.OpenRequestInit, admin.OpenResponse>;

/**
 * A TCP connection from a device to a target. Each direction ends by itself: `end()` tells the target that no more comes,
 * and what it still says can be read. A tunnel that is not read stops the target. When the tunnel is cut off it is destroyed
 * with a PushfleetError TUNNEL_CLOSED that says why. Whoever loses interest calls `destroy()`.
 */
export class Tunnel extends TunnelStream {
  readonly tunnelId: string;
  /** The push server through which it goes. */
  readonly nodeId: string;

  constructor(call: OpenCall, { tunnelId, nodeId }: admin.TunnelOpened, timers: TunnelTimers) {
    super(callerEnd(call, timers), 'the balancer');
    this.tunnelId = tunnelId;
    this.nodeId = nodeId;
  }
}

/** TCP connections through devices. */
export class Tunnels {
  readonly #channel: AdminChannel;

  constructor(channel: AdminChannel) {
    this.#channel = channel;
  }

  /**
   * Resolves when the device has reached the target. Signal and deadline give that up; they do not concern a tunnel that
   * is open. Rejects with a PushfleetError: DEVICE_NOT_FOUND, NOT_CONNECTED, TUNNEL_REFUSED, TARGET_UNREACHABLE,
   * OVERLOADED …, or with the signal's reason.
   */
  async open(target: TunnelTarget, { signal, timeoutMs }: CallOptions = {}): Promise<Tunnel> {
    signal?.throwIfAborted();
    const channel = this.#channel;
    const { leftMs } = new Deadline(channel.clock, timeoutMs ?? channel.timeoutMs);
    const late = new AbortController();
    // Not gRPC's own deadline, which would end the tunnel as well.
    using _timer = channel.clock.after(leftMs, () => late.abort());
    const call: OpenCall = channel.tunnels.open(channel.metadata);
    const release = cancelWith(call, [signal, late.signal, channel.closing.signal]);
    try {
      call.write({ target });
      return hold(channel, new Tunnel(call, await answer(channel, call), channel.clock));
    } catch (error) {
      call.cancel();
      if (signal?.aborted) throw signal.reason;
      if (late.signal.aborted)
        throw new PushfleetError('DEADLINE_EXCEEDED', 'the device has not reached the target in time');
      throw asCallError(channel, error);
    } finally {
      release();
    }
  }
}

function answer(channel: AdminChannel, call: OpenCall): Promise<admin.TunnelOpened> {
  return new Promise((resolve, reject) => {
    // Stays for good: an error event without a listener would throw.
    call.on('error', (error: ServiceError) => reject(error));
    call.once('end', () => reject(callError(channel, null)));
    call.once('data', ({ opened }: admin.OpenResponse) => {
      // The tunnel reads the rest.
      call.pause();
      if (opened) resolve(opened);
      else reject(callError(channel, null));
    });
  });
}

/** Ends with its client, which is no error: whoever closes the one means the other as well. */
function hold({ closing: { signal } }: AdminChannel, tunnel: Tunnel): Tunnel {
  const close = () => tunnel.destroy();
  signal.addEventListener('abort', close, { once: true });
  tunnel.once('close', () => signal.removeEventListener('abort', close));
  return tunnel;
}

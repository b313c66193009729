import { Metadata, status } from '@grpc/grpc-js';
import {
  cutText,
  type DeviceId,
  limitMessages,
  limits,
  type node,
  PushfleetError,
  serverEnd,
  splice,
  type TunnelId,
  TunnelStream,
  toStatus,
  tunnelClosed,
} from '@pushfleet/protocol';
import type { AttendedTime, Clock, Logger } from '@pushfleet/runtime';
import type { TunnelPass } from '../tickets/verifier.ts';
import { type DeviceTunnelCall, firstMessage, type NodeTunnelCall } from './calls.ts';
import { UsedTokens } from './used-tokens.ts';

export interface TunnelsOptions {
  verify(token: string): Promise<TunnelPass | undefined>;
  /** Tells every balancer; the one that waits for the device takes the tunnel up. */
  announce(arrival: node.TunnelArrivalInit): void;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
}

interface OpenTunnel {
  device: DeviceId;
  close(reason: string): void;
}

interface Waiting {
  device: DeviceId;
  call: DeviceTunnelCall;
  giveUp: Disposable;
}

/** A balancer that is alive takes a tunnel up at once. */
const waitForBalancerMs = 10_000;
const maxWaiting = 1_000;
const maxTokenChars = 4_096;

/** Where the ends of tunnels meet: that of a device waits here until a balancer comes with its own. */
export class Tunnels {
  readonly #options: TunnelsOptions;
  readonly #used = new UsedTokens();
  readonly #waiting = new Map<TunnelId, Waiting>();
  readonly #open = new Set<OpenTunnel>();
  #refusal: string | undefined;

  constructor(options: TunnelsOptions) {
    this.#options = options;
  }

  /** Ends all tunnels, and takes none until `reopen`. */
  close(reason: string): void {
    this.#refusal = reason;
    for (const tunnel of [...this.#waiting.keys()]) this.#dismiss(tunnel, tunnelClosed(reason));
    for (const tunnel of this.#open) tunnel.close(reason);
  }

  /** Ends those of one device. */
  closeOf(device: DeviceId, reason: string): void {
    for (const [tunnel, waiting] of this.#waiting) {
      if (waiting.device === device) this.#dismiss(tunnel, tunnelClosed(reason));
    }
    for (const tunnel of this.#open) if (tunnel.device === device) tunnel.close(reason);
  }

  reopen(): void {
    this.#refusal = undefined;
  }

  /**
   * A device has come for its end.
   * @param onKnown Called once its token was found good.
   */
  async onDevice(call: DeviceTunnelCall, onKnown: () => void = () => {}): Promise<void> {
    limitMessages(call, limits.greetingBytes);
    try {
      const first = await firstMessage(call, limits.greetingDeadlineMs, this.#options.attended);
      const pass = await this.#admit(first?.hello?.token ?? '');
      if (call.cancelled) return;
      limitMessages(call, limits.frameBytes);
      onKnown();
      this.#wait(call, pass);
      // Tells the device that its token was good.
      call.sendMetadata(new Metadata());
      this.#options.announce({ tunnelId: pass.tunnel, deviceId: pass.device });
    } catch (error) {
      refuse(call, error instanceof PushfleetError ? error : new PushfleetError('INTERNAL', 'internal error'));
    }
  }

  /** A balancer takes a tunnel up. */
  async onBalancer(call: NodeTunnelCall): Promise<void> {
    const first = await firstMessage(call, limits.greetingDeadlineMs, this.#options.attended);
    const tunnel = (first?.attach?.tunnelId ?? '') as TunnelId;
    const waiting = this.#waiting.get(tunnel);
    if (!waiting) {
      call.emit('error', { code: status.NOT_FOUND, details: `no tunnel "${cutText(tunnel, 64)}" waits here` });
      return;
    }
    this.#waiting.delete(tunnel);
    waiting.giveUp[Symbol.dispose]();
    call.sendMetadata(new Metadata());
    this.#join(tunnel, waiting, call);
  }

  /** @throws PushfleetError BAD_TOKEN, OVERLOADED, TUNNEL_CLOSED */
  async #admit(token: string): Promise<TunnelPass> {
    const pass = token.length > maxTokenChars ? undefined : await this.#options.verify(token);
    if (!pass) throw new PushfleetError('BAD_TOKEN', 'the token is not, or no longer, good');
    if (this.#refusal !== undefined) throw tunnelClosed(this.#refusal);
    if (this.#waiting.size >= maxWaiting) throw new PushfleetError('OVERLOADED', 'too many tunnels wait here');
    if (this.#used.use(pass.tunnel, this.#options.clock.now())) return pass;
    throw new PushfleetError('BAD_TOKEN', 'the token has been used');
  }

  #wait(call: DeviceTunnelCall, { tunnel, device }: TunnelPass): void {
    const giveUp = this.#options.attended.after(waitForBalancerMs, () => {
      this.#options.logger.debug({ tunnel, device }, 'no balancer took a tunnel up');
      this.#dismiss(tunnel, tunnelClosed('no balancer took the tunnel up'));
    });
    this.#waiting.set(tunnel, { device, call, giveUp });
    call.once('cancelled', () => {
      if (this.#waiting.get(tunnel)?.call === call) this.#waiting.delete(tunnel);
      giveUp[Symbol.dispose]();
    });
  }

  #dismiss(tunnel: TunnelId, error: PushfleetError): void {
    const waiting = this.#waiting.get(tunnel);
    this.#waiting.delete(tunnel);
    waiting?.giveUp[Symbol.dispose]();
    if (waiting) refuse(waiting.call, error);
  }

  #join(tunnel: TunnelId, { device, call: deviceCall }: Waiting, balancerCall: NodeTunnelCall): void {
    const ends = [
      new TunnelStream(serverEnd(deviceCall), 'the device'),
      new TunnelStream(serverEnd(balancerCall), 'the balancer'),
    ] as const;
    const open: OpenTunnel = {
      device,
      close: (reason) => {
        for (const end of ends) end.destroy(tunnelClosed(reason));
      },
    };
    this.#open.add(open);
    void splice(...ends).then((cause) => {
      this.#open.delete(open);
      this.#options.logger.debug({ tunnel, reason: cause?.message, bytes: ends[0].bytesRead }, 'tunnel ended');
    });
  }
}

function refuse(call: DeviceTunnelCall, error: PushfleetError): void {
  if (!call.cancelled) call.emit('error', toStatus(error));
  call.resume();
}

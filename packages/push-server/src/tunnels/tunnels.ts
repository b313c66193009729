import { Metadata, type ServerDuplexStream, status } from '@grpc/grpc-js';
import {
  cutText,
  type DeviceId,
  type device as deviceWire,
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
  tunnelToken,
} from '@pushfleet/protocol';
import { type AttendedTime, type Clock, type Logger, meter, metrics } from '@pushfleet/runtime';
import type { TunnelPass } from '../tickets/verifier.ts';

export type DeviceTunnelCall = ServerDuplexStream<deviceWire.TunnelRequest, deviceWire.TunnelResponseInit>;
export type NodeTunnelCall = ServerDuplexStream<node.TunnelRequest, node.TunnelResponseInit>;

export interface TunnelsOptions {
  verify(token: string, remote: string): Promise<TunnelPass | undefined>;
  /** Announces the tunnel to every balancer; the one that waits for the device attaches. */
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

/** Time for a balancer to attach; one that is alive does so at once. */
const waitForBalancerMs = 10_000;
const maxWaiting = 1_000;
const maxTokenChars = 4_096;

/** Joins the two ends of each tunnel: the device's end waits here until a balancer attaches. */
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

  /** Ends the tunnels of one device. */
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
   * A device connects its end of a tunnel.
   * @param onKnown Called once its token is found good.
   */
  async onDevice(call: DeviceTunnelCall, onKnown: () => void = () => {}): Promise<void> {
    limitMessages(call, limits.greetingBytes);
    try {
      const first = await firstMessage(call, limits.greetingDeadlineMs, this.#options.attended);
      const pass = await this.#admit(first?.hello?.token ?? '', call.getPeer());
      if (call.cancelled) return;
      limitMessages(call, limits.frameBytes);
      onKnown();
      this.#wait(call, pass);
      // Shows the device that its token was good.
      call.sendMetadata(new Metadata());
      this.#options.announce({ tunnelId: pass.tunnel, deviceId: pass.device });
    } catch (error) {
      refuse(call, error instanceof PushfleetError ? error : new PushfleetError('INTERNAL', 'internal error'));
    }
  }

  /** A balancer attaches to a tunnel. */
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
  async #admit(token: string, remote: string): Promise<TunnelPass> {
    const pass = token.length > maxTokenChars ? undefined : await this.#options.verify(token, remote);
    if (!pass) throw badToken('the token is not, or no longer, good');
    if (this.#refusal !== undefined) throw tunnelClosed(this.#refusal);
    if (this.#waiting.size >= maxWaiting) throw new PushfleetError('OVERLOADED', 'too many tunnels wait here');
    if (this.#used.use(pass.tunnel, this.#options.clock.now())) return pass;
    throw badToken('the token has been used');
  }

  #wait(call: DeviceTunnelCall, { tunnel, device }: TunnelPass): void {
    const giveUp = this.#options.attended.after(waitForBalancerMs, () => {
      this.#options.logger.debug({ tunnelId: tunnel, deviceId: device }, 'no balancer attached to a tunnel');
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
      new TunnelStream(serverEnd(deviceCall, this.#options.clock), 'the device'),
      new TunnelStream(serverEnd(balancerCall, this.#options.clock), 'the balancer'),
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
      this.#options.logger.debug(
        { tunnelId: tunnel, reason: cause?.message, bytes: ends[0].bytesRead },
        'tunnel ended',
      );
    });
  }
}

function refuse(call: DeviceTunnelCall, error: PushfleetError): void {
  if (!call.cancelled) call.emit('error', toStatus(error));
  call.resume();
}

/** The first message of a call; the others wait to be read. `undefined`: none came in time. */
async function firstMessage<Request>(
  call: ServerDuplexStream<Request, unknown>,
  withinMs: number,
  attended: AttendedTime,
): Promise<Request | undefined> {
  const { promise, resolve } = Promise.withResolvers<Request | undefined>();
  using _deadline = attended.after(withinMs, () => resolve(undefined));
  call.once('data', (message: Request) => {
    call.pause();
    resolve(message);
  });
  call.once('end', () => resolve(undefined));
  call.once('cancelled', () => resolve(undefined));
  return promise;
}

/** The longest time for which a token is good, however far the clocks of this machine and of the balancer are apart. */
const tokenMs = (tunnelToken.lifetimeS + 2 * limits.clockToleranceS) * 1_000;

/** The tokens that have been used, each for as long as it is good; in order of use. */
export class UsedTokens {
  readonly #usedAtMs = new Map<TunnelId, number>();

  /** `false`: the token was used before. */
  use(tunnel: TunnelId, nowMs: number): boolean {
    for (const [oldest, usedAtMs] of this.#usedAtMs) {
      if (nowMs - usedAtMs < tokenMs) break;
      this.#usedAtMs.delete(oldest);
    }
    if (this.#usedAtMs.has(tunnel)) return false;
    this.#usedAtMs.set(tunnel, nowMs);
    return true;
  }
}

function badToken(message: string): PushfleetError {
  meter.count(metrics.failedSignIns, 'tunnel');
  return new PushfleetError('BAD_TOKEN', message);
}

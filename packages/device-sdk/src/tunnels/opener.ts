import {
  callerEnd,
  type common,
  type device,
  fromStatus,
  parseTarget,
  splice,
  TunnelStream,
  tunnelClosed,
} from '@pushfleet/protocol';
import type { Clock } from '../clock.ts';
import { type CommandContext, CommandRejected } from '../commands/command.ts';
import type { ConnectToPushServer } from '../grpc/link.ts';
import { type TunnelCall, TunnelChannels } from './channels.ts';
import { type AllowList, connectTo, type OpenTarget } from './target.ts';

export interface TunnelOpenerOptions {
  allowed: AllowList;
  /** Further ones are rejected. */
  maxOpen: number;
  /** The push server that the device is linked to; `undefined`: none. */
  server(): device.Server | undefined;
  connect: ConnectToPushServer;
  openTarget: OpenTarget;
  clock: Clock;
}

/** Opens the device's ends of tunnels, and joins them with their targets. */
export class TunnelOpener {
  readonly #options: TunnelOpenerOptions;
  readonly #channels: TunnelChannels;
  readonly #open = new Set<TunnelStream>();
  #opening = 0;

  constructor(options: TunnelOpenerOptions) {
    this.#options = options;
    this.#channels = new TunnelChannels(options.connect);
  }

  /** Tunnels that are open. */
  get size(): number {
    return this.#open.size;
  }

  /** To push servers, for tunnels. */
  get connections(): number {
    return this.#channels.size;
  }

  /** Resolves when data can flow. Rejects with CommandRejected where the device does not permit it. */
  async open({ target, token }: common.OpenTunnel, { signal }: Pick<CommandContext, 'signal'>): Promise<void> {
    const { allowed, maxOpen, clock, openTarget } = this.#options;
    const where = parseTarget(target);
    if (!allowed.permits(where)) throw new CommandRejected(`the device does not permit tunnels to ${target}`);
    if (this.#open.size + this.#opening >= maxOpen) throw new CommandRejected(`the device has ${maxOpen} tunnels open`);
    this.#opening += 1;
    try {
      const socket = await connectTo(where, openTarget, clock, signal);
      const end = await this.#come(token, signal).catch((error) => {
        socket.destroy();
        throw error;
      });
      this.#open.add(end);
      void splice(end, socket).then(() => this.#open.delete(end));
    } finally {
      this.#opening -= 1;
    }
  }

  /** Ends all of them. */
  close(reason: string): void {
    for (const end of this.#open) end.destroy(tunnelClosed(reason));
  }

  /** The push server answers with headers once it knows the token for good. */
  async #come(token: string, signal: AbortSignal): Promise<TunnelStream> {
    const server = this.#options.server();
    if (!server) throw new Error('the link ended before the tunnel was open');
    const call = this.#channels.call(server);
    call.write({ hello: { token } });
    try {
      await answer(call, signal);
    } catch (error) {
      call.cancel();
      throw error;
    }
    return new TunnelStream(callerEnd(call, this.#options.clock), 'the push server');
  }
}

function answer(call: TunnelCall, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    call.once('metadata', () => resolve());
    call.on('error', (error) =>
      reject(new Error(`the push server does not take the tunnel: ${fromStatus(error).message}`)),
    );
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

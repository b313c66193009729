import { type PushfleetError, serverEnd, TunnelStream } from '@pushfleet/protocol';
import { overloaded, shuttingDown, toPushfleetError } from '../errors.ts';
import { Audit, type AuditOptions } from './audit.ts';
import { OpenTunnel } from './open-tunnel.ts';
import { newTunnelId, type OpenedWay, type OpenerOptions, TunnelOpener } from './opener.ts';
import type { TunnelRequest } from './request.ts';
import type { OpenCall } from './tunnel-call.ts';

export interface TunnelsOptions extends OpenerOptions, AuditOptions {
  /** How many tunnels may be open, or being opened. */
  capacity: number;
}

const checkMs = 500;

/** The tunnels of a balancer. */
export class Tunnels implements Disposable {
  readonly opener: TunnelOpener;
  readonly #options: TunnelsOptions;
  readonly #audit: Audit;
  readonly #open = new Set<OpenTunnel>();
  readonly #stopped = new AbortController();
  readonly #timer: Disposable;
  #opening = 0;

  constructor(options: TunnelsOptions) {
    this.#options = options;
    this.opener = new TunnelOpener(options);
    this.#audit = new Audit(options);
    this.#timer = options.attended.every(checkMs, () => this.#check());
  }

  get size(): number {
    return this.#open.size + this.#opening;
  }

  /**
   * Resolves when the tunnel has been opened.
   * @throws PushfleetError that says why it was not.
   */
  async open(call: OpenCall, request: TunnelRequest, gone: AbortSignal): Promise<void> {
    this.#assertRoom();
    const id = newTunnelId();
    this.#opening += 1;
    try {
      const way = await this.opener.open(id, request, AbortSignal.any([gone, this.#stopped.signal]));
      this.#join(call, request, way);
    } catch (error) {
      const refusal = toPushfleetError(error, this.#options.logger);
      void this.#audit.refused(id, request, refusal.message);
      throw refusal;
    } finally {
      this.#opening -= 1;
    }
  }

  /** Ends all of them, and opens no more. */
  stop(): void {
    if (this.#stopped.signal.aborted) return;
    this.#stopped.abort(stopping());
    for (const tunnel of this.#open) tunnel.close('the balancer is stopping');
  }

  [Symbol.dispose](): void {
    this.stop();
    this.#timer[Symbol.dispose]();
  }

  #assertRoom(): void {
    if (this.#stopped.signal.aborted) throw stopping();
    const { capacity } = this.#options;
    if (this.size < capacity) return;
    throw overloaded(`${capacity} tunnels are open on this balancer`);
  }

  #join(call: OpenCall, request: TunnelRequest, { id, worker, toDevice }: OpenedWay): void {
    call.write({ opened: { tunnelId: id, nodeId: worker.nodeId } });
    const toCaller = new TunnelStream(serverEnd(call), 'the Administration Server');
    const tunnel = new OpenTunnel({ toCaller, toDevice }, request, this.#options.attended.now());
    this.#open.add(tunnel);
    const written = this.#audit.opened(id, request, worker);
    void tunnel.ended.then(async (cause) => {
      this.#open.delete(tunnel);
      await written;
      await this.#audit.closed(id, request, worker, cause?.message ?? 'both sides have ended', tunnel);
    });
  }

  #check(): void {
    const nowMs = this.#options.attended.now();
    for (const tunnel of this.#open) tunnel.check(nowMs);
  }
}

function stopping(): PushfleetError {
  return shuttingDown('another one opens tunnels');
}

import {
  type admin,
  limits,
  operationNames,
  PushfleetError,
  serverEnd,
  TunnelStream,
  toStatus,
} from '@pushfleet/protocol';
import type { Events } from '@pushfleet/registry';
import type { AttendedTime, Clock, Logger } from '@pushfleet/runtime';
import type { AccessControl } from '../access/access-control.ts';
import type { TicketSigner } from '../assignment/ticket.ts';
import type { CommandIds } from '../commands/command-id.ts';
import type { CommandModule } from '../commands/command-module.ts';
import { callerTrace } from '../commands/command-trace.ts';
import { AwaitedAnswer, type CommandEngine } from '../commands/engine.ts';
import { overloaded, shuttingDown, toPushfleetError } from '../errors.ts';
import { Audit, type AuditOptions } from './audit.ts';
import { OpenTunnel } from './open-tunnel.ts';
import { newTunnelId, type OpenedWay, type OpenerOptions, TunnelOpener } from './opener.ts';
import { firstMessage, goneSignal, type OpenCall, parseTunnelRequest, type TunnelRequest } from './request.ts';
import { TunnelTrace } from './tunnel-trace.ts';

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
    const trace = TunnelTrace.begin(id, request, callerTrace(call));
    this.#opening += 1;
    try {
      const way = await this.opener.open(id, request, AbortSignal.any([gone, this.#stopped.signal]), trace);
      trace?.opened(way.worker.nodeId);
      this.#join(call, request, way, trace);
    } catch (error) {
      const refusal = toPushfleetError(error, this.#options.logger);
      trace?.refused(refusal);
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

  #join(call: OpenCall, request: TunnelRequest, { id, worker, toDevice }: OpenedWay, trace?: TunnelTrace): void {
    call.write({ opened: { tunnelId: id, nodeId: worker.nodeId } });
    const toCaller = new TunnelStream(serverEnd(call, this.#options.attended), 'the Administration Server');
    const tunnel = new OpenTunnel({ toCaller, toDevice }, request, this.#options.attended.now());
    this.#open.add(tunnel);
    const written = this.#audit.opened(id, request, worker);
    void tunnel.ended.then(async (cause) => {
      const reason = cause?.message ?? 'both sides have ended';
      this.#open.delete(tunnel);
      trace?.closed(reason, tunnel);
      await written;
      await this.#audit.closed(id, request, worker, reason, tunnel);
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

export interface TunnelParts {
  /** How many may be open at once. */
  tunnels: number;
  signer: TicketSigner;
  events: Events;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
}

/** Devices are told over the ways of commands, and are announced on them when they come. */
export function createTunnels(
  parts: TunnelParts,
  commands: Pick<CommandModule, 'ids' | 'engine' | 'onTunnelArrival'>,
): Tunnels {
  const { signer, events, clock, attended, logger, tunnels: capacity } = parts;
  const tunnels = new Tunnels({
    ...{ events, clock, attended, logger, capacity },
    signToken: (device, tunnel) => signer.signTunnelToken(device, tunnel),
    order: orderThrough(commands.engine, commands.ids),
  });
  commands.onTunnelArrival = (channel, arrival) => tunnels.opener.arrivals.onArrival(channel, arrival);
  return tunnels;
}

/** The device connects to the target and to a worker meanwhile; each of both may take ten seconds. */
const finishWithinMs = 25_000;

/** Orders to devices that are commands like all others. */
function orderThrough(
  engine: Pick<CommandEngine, 'submit' | 'cancel'>,
  ids: Pick<CommandIds, 'next'>,
): OpenerOptions['order'] {
  return async (device, operation, signal, tunnel) => {
    const id = ids.next();
    const trace = tunnel?.command({ id, device, operation });
    // Best effort: a device that comes all the same finds nobody, and gives up.
    const withdraw = () =>
      void engine.cancel({ device, id }, 'the tunnel is not wanted any more').catch(() => undefined);
    signal.addEventListener('abort', withdraw, { once: true });
    try {
      const terms = { operation, deliverWithinMs: limits.deliverWithinDefaultMs, finishWithinMs };
      const listener = new AwaitedAnswer();
      engine.submit({ device, id, hasChosenId: false, ...terms, trace }, { listener, tag: 0, on: 'finished' });
      const { status } = await listener.answer;
      trace?.answer(status);
      return status;
    } catch (error) {
      if (error instanceof PushfleetError) trace?.refuse(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', withdraw);
    }
  };
}

/** The gRPC face of the tunnels. */
export function tunnelHandlers(
  tunnels: Tunnels,
  access: Pick<AccessControl, 'ofMessages'>,
  attended: AttendedTime,
  logger: Logger,
): admin.TunnelServiceHandlers {
  const open = async (call: OpenCall) => {
    const messages = access.ofMessages(call, 'pushfleet.admin.v1.TunnelService/Open');
    let target = '';
    const record = (outcome: string) => messages.record({ target, operation: operationNames.openTunnel, outcome });
    try {
      const gone = goneSignal(call);
      const request = parseTunnelRequest(await firstMessage(call, limits.greetingDeadlineMs, attended));
      target = `device ${request.device}`;
      await messages.assertDevice(request.device);
      await tunnels.open(call, request, gone);
      record('OK');
    } catch (error) {
      const refusal = toPushfleetError(error, logger);
      record(refusal.code);
      if (!call.cancelled) call.emit('error', toStatus(refusal));
      call.resume();
    }
  };
  return { Open: (call: OpenCall) => void open(call) };
}

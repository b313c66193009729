import { randomUUID } from 'node:crypto';
import {
  callerEnd,
  type common,
  type DeviceId,
  fromStatus,
  type node,
  PushfleetError,
  type TunnelId,
  TunnelStream,
  tunnelClosed,
} from '@pushfleet/protocol';
import type { WorkerRef } from '@pushfleet/registry';
import type { AttendedTime } from '@pushfleet/runtime';
import type { WorkerChannel } from '../commands/workers/worker-channel.ts';
import type { TunnelRequest } from './request.ts';
import type { TunnelTrace } from './tunnel-trace.ts';

export interface OpenerOptions {
  /** A token that lets the device come for this tunnel, once. @throws PushfleetError REGISTRY_UNAVAILABLE */
  signToken(device: DeviceId, tunnel: TunnelId): Promise<string>;
  /**
   * Sends the device an operation and tells what became of it; nobody waits for that any more once `signal` fires.
   * @throws PushfleetError DEVICE_NOT_FOUND, OVERLOADED, REGISTRY_UNAVAILABLE, SHUTTING_DOWN
   */
  order(
    device: DeviceId,
    operation: common.Operation,
    signal: AbortSignal,
    trace?: TunnelTrace | undefined,
  ): Promise<OrderStatus>;
  attended: AttendedTime;
}

/** A tunnel's way to its device. */
export interface OpenedWay {
  id: TunnelId;
  worker: WorkerRef;
  toDevice: TunnelStream;
}

/** From the order to the device's arrival at a worker. Tokens are good for as long. */
const arriveWithinMs = 30_000;

/** Has devices open their ends of tunnels, and takes these up where they arrive. */
export class TunnelOpener {
  readonly arrivals = new Arrivals();
  readonly #options: OpenerOptions;

  constructor(options: OpenerOptions) {
    this.#options = options;
  }

  /**
   * @throws PushfleetError NOT_CONNECTED, TUNNEL_REFUSED, TARGET_UNREACHABLE, TUNNEL_CLOSED, those of `signToken` and
   * `order`; the reason of `signal`.
   */
  async open(
    id: TunnelId,
    { device, target }: TunnelRequest,
    signal: AbortSignal,
    trace?: TunnelTrace | undefined,
  ): Promise<OpenedWay> {
    using expected = this.arrivals.expect(id, device);
    const abandoned = new AbortController();
    using _deadline = this.#options.attended.after(arriveWithinMs, () =>
      abandoned.abort(tunnelClosed(`device "${device}" did not come for the tunnel in time`)),
    );
    const either = AbortSignal.any([signal, abandoned.signal]);
    const token = await this.#options.signToken(device, id);
    const openTunnel = { tunnelId: id, target, token };
    const ordered = this.#options.order(device, { kind: 'openTunnel', openTunnel }, either, trace);
    try {
      const worker = await Promise.race([expected.arrival, failureOf(ordered, device), rejection(either)]);
      trace?.arrived();
      return { id, worker: worker.worker, toDevice: await attach(worker, id, either, this.#options.attended) };
    } catch (error) {
      abandoned.abort(error);
      throw error;
    }
  }
}

export function newTunnelId(): TunnelId {
  return randomUUID() as string as TunnelId;
}

/** Rejects where the device does not come, and never resolves. */
async function failureOf(ordered: Promise<OrderStatus>, device: DeviceId): Promise<never> {
  const refusal = refusalOf(await ordered, device);
  if (refusal) throw refusal;
  return new Promise(() => {});
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** The worker answers with headers once it has joined the two ends. */
async function attach(
  worker: TunnelWorker,
  tunnelId: TunnelId,
  signal: AbortSignal,
  attended: AttendedTime,
): Promise<TunnelStream> {
  const call = worker.openTunnel();
  call.write({ attach: { tunnelId } });
  const joined = new Promise<void>((resolve, reject) => {
    call.once('metadata', () => resolve());
    call.on('error', (error) => reject(asLost(fromStatus(error))));
  });
  try {
    await Promise.race([joined, rejection(signal)]);
  } catch (error) {
    call.cancel();
    throw error;
  }
  return new TunnelStream(callerEnd(call, attended), 'the push server');
}

function asLost(error: PushfleetError): PushfleetError {
  return error.code === 'TUNNEL_CLOSED' ? error : tunnelClosed(`the push server was lost (${error.message})`, error);
}

/** A worker at which devices come for their ends of tunnels. */
export type TunnelWorker = Pick<WorkerChannel, 'worker' | 'openTunnel'>;

interface Expected {
  device: DeviceId;
  arrived(worker: TunnelWorker): void;
}

export interface Expectation extends Disposable {
  arrival: Promise<TunnelWorker>;
}

/** The tunnels whose devices are on their way. */
export class Arrivals {
  readonly #expected = new Map<TunnelId, Expected>();

  /** Until disposed. */
  expect(tunnel: TunnelId, device: DeviceId): Expectation {
    const { promise, resolve } = Promise.withResolvers<TunnelWorker>();
    this.#expected.set(tunnel, { device, arrived: resolve });
    return { arrival: promise, [Symbol.dispose]: () => this.#expected.delete(tunnel) };
  }

  /** Every worker's channels tell every balancer. Who comes a second time, with the same token, is left waiting. */
  onArrival(worker: TunnelWorker, { tunnelId, deviceId }: node.TunnelArrival): void {
    const tunnel = tunnelId as TunnelId;
    const expected = this.#expected.get(tunnel);
    if (expected?.device !== deviceId) return;
    this.#expected.delete(tunnel);
    expected.arrived(worker);
  }
}

/** The status of an operation that the balancer sent by itself. */
export interface OrderStatus {
  outcome: common.Outcome;
  reason: string;
}

/** The error of a tunnel whose device does not open it. `undefined`: the device comes. */
export function refusalOf({ outcome, reason }: OrderStatus, device: DeviceId): PushfleetError | undefined {
  switch (outcome) {
    case 'OUTCOME_SUCCEEDED':
      return undefined;
    case 'OUTCOME_NOT_CONNECTED':
      return new PushfleetError('NOT_CONNECTED', join(`device "${device}" is not connected`, reason));
    case 'OUTCOME_REJECTED':
      return new PushfleetError('TUNNEL_REFUSED', reason || 'the device declines');
    case 'OUTCOME_FAILED':
      return new PushfleetError('TARGET_UNREACHABLE', reason || 'the device cannot reach the target');
    default:
      return tunnelClosed(join(`device "${device}" did not answer`, reason));
  }
}

function join(what: string, reason: string): string {
  return reason ? `${what}: ${reason}` : what;
}

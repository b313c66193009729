import { randomUUID } from 'node:crypto';
import {
  callerEnd,
  type common,
  type DeviceId,
  fromStatus,
  type PushfleetError,
  type TunnelId,
  TunnelStream,
  tunnelClosed,
} from '@pushfleet/protocol';
import type { WorkerRef } from '@pushfleet/registry';
import type { AttendedTime } from '@pushfleet/runtime';
import { Arrivals, type TunnelWorker } from './arrivals.ts';
import { type OrderStatus, refusalOf } from './refusal.ts';
import type { TunnelRequest } from './request.ts';

export interface OpenerOptions {
  /** A token that lets the device come for this tunnel, once. @throws PushfleetError REGISTRY_UNAVAILABLE */
  signToken(device: DeviceId, tunnel: TunnelId): Promise<string>;
  /**
   * Sends the device an operation and tells what became of it; nobody waits for that any more once `signal` fires.
   * @throws PushfleetError DEVICE_NOT_FOUND, OVERLOADED, REGISTRY_UNAVAILABLE, SHUTTING_DOWN
   */
  order(device: DeviceId, operation: common.Operation, signal: AbortSignal): Promise<OrderStatus>;
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
  async open(id: TunnelId, { device, target }: TunnelRequest, signal: AbortSignal): Promise<OpenedWay> {
    using expected = this.arrivals.expect(id, device);
    const abandoned = new AbortController();
    using _deadline = this.#options.attended.after(arriveWithinMs, () =>
      abandoned.abort(tunnelClosed(`device "${device}" did not come for the tunnel in time`)),
    );
    const either = AbortSignal.any([signal, abandoned.signal]);
    const token = await this.#options.signToken(device, id);
    const openTunnel = { tunnelId: id, target, token };
    const ordered = this.#options.order(device, { kind: 'openTunnel', openTunnel }, either);
    try {
      const worker = await Promise.race([expected.arrival, failureOf(ordered, device), rejection(either)]);
      return { id, worker: worker.worker, toDevice: await attach(worker, id, either) };
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
async function attach(worker: TunnelWorker, tunnelId: TunnelId, signal: AbortSignal): Promise<TunnelStream> {
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
  return new TunnelStream(callerEnd(call), 'the push server');
}

function asLost(error: PushfleetError): PushfleetError {
  return error.code === 'TUNNEL_CLOSED' ? error : tunnelClosed(`the push server was lost (${error.message})`, error);
}

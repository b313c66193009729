import type { DeviceId, node, TunnelId } from '@pushfleet/protocol';
import type { WorkerChannel } from '../commands/workers/worker-channel.ts';

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

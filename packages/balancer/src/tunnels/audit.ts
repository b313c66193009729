import type { TunnelId } from '@pushfleet/protocol';
import type { Events, NewFleetEvent, WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { TunnelRequest } from './request.ts';

type Bytes = { bytesToDevice: number; bytesFromDevice: number };

const none: Bytes = { bytesToDevice: 0, bytesFromDevice: 0 };

export interface AuditOptions {
  events: Pick<Events, 'append'>;
  clock: Clock;
  logger: Logger;
}

/** Writes down who was reached through which tunnel. A registry that is away is no reason to end a tunnel. */
export class Audit {
  readonly #options: AuditOptions;

  constructor(options: AuditOptions) {
    this.#options = options;
  }

  refused(id: TunnelId, request: TunnelRequest, reason: string): Promise<void> {
    return this.#append({ kind: 'tunnel-refused', reason, ...this.#about(id, request, none) });
  }

  opened(id: TunnelId, request: TunnelRequest, { nodeId: node, workerId: worker }: WorkerRef): Promise<void> {
    return this.#append({ kind: 'tunnel-opened', node, worker, ...this.#about(id, request, none) });
  }

  closed(id: TunnelId, request: TunnelRequest, at: WorkerRef, reason: string, bytes: Bytes): Promise<void> {
    const { nodeId: node, workerId: worker } = at;
    return this.#append({ kind: 'tunnel-closed', node, worker, reason, ...this.#about(id, request, bytes) });
  }

  #about(id: TunnelId, { device, target }: TunnelRequest, { bytesToDevice, bytesFromDevice }: Bytes) {
    return { atMs: this.#options.clock.wallMs(), device, tunnel: { id, target, bytesToDevice, bytesFromDevice } };
  }

  async #append(event: NewFleetEvent): Promise<void> {
    try {
      await this.#options.events.append([event]);
    } catch (error) {
      const { kind, device, reason, tunnel } = event;
      this.#options.logger.warn(
        { err: error, kind, deviceId: device, reason, tunnelId: tunnel },
        'a tunnel could not be written down',
      );
    }
  }
}

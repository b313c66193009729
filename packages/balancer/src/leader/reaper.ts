import type { BootId, DeviceId } from '@pushfleet/protocol';
import { type ListedNode, type NewFleetEvent, orphansAmong, type Registry, type SessionRef } from '@pushfleet/registry';
import { type Clock, createLimiter, type Logger } from '@pushfleet/runtime';
import type { LeaderTask, LeaderTerm } from './leader.ts';

/** Per tick, which comes about once a second: so the events of a dead push server's devices are spread. */
const devicesPerTick = 500;
const batch = 100;
const concurrency = 16;
/** A push server is taken out when it has been silent for so many times as long as makes it dead. */
const retireAfterDeaths = 10;

export interface ReaperOptions {
  registry: Pick<Registry, 'nodes' | 'sessions' | 'events'>;
  nodes: () => Iterable<ListedNode>;
  /** Whether that life of a worker answers this balancer: then it holds its links, however long its push server has been silent. */
  answers(bootId: BootId): boolean;
  /** Makes all workers assert what sessions they hold for these devices. */
  checkSessions(devices: readonly DeviceId[]): void;
  deadAfterMs: number;
  clock: Clock;
  logger: Logger;
}

/** Closes the sessions that dead workers left behind, and takes out push servers that have long been dead. */
export class Reaper implements LeaderTask {
  readonly name = 'reaping';
  readonly #options: ReaperOptions;
  readonly #limit = createLimiter(concurrency);

  constructor(options: ReaperOptions) {
    this.#options = options;
  }

  async tick({ lost }: LeaderTerm): Promise<void> {
    const { nodes } = this.#options.registry;
    await this.#retire();
    let left = devicesPerTick;
    // The copy of the list may be a second old: the claim decides.
    for (const bootId of orphansAmong(await nodes.bootsWithDevices(), this.#options.nodes())) {
      if (left === 0 || this.#options.answers(bootId) || !(await nodes.claimBoot(bootId))) continue;
      while (left > 0 && !lost.aborted) {
        const devices = await nodes.heldDevices(bootId, Math.min(batch, left));
        if (devices.length === 0) break;
        await this.#reap(bootId, devices);
        left -= devices.length;
      }
    }
  }

  async #reap(bootId: BootId, devices: readonly DeviceId[]): Promise<void> {
    const { nodes, sessions, events } = this.#options.registry;
    const found = await sessions.findMany(devices);
    const ended = await Promise.all(
      devices.map((device) => this.#limit(async () => this.#close(device, bootId, found.get(device)))),
    );
    const disconnected = ended.flatMap((event) => event ?? []);
    if (disconnected.length > 0) await events.append(disconnected);
    // A dead worker may have taken them over without having ended the links before: nobody else knows of those.
    this.#options.checkSessions(disconnected.flatMap(({ device }) => device ?? []));
    // Last: if this process ends before, another one finds them again, and appends their events again.
    await nodes.forgetHeldDevices(bootId, devices);
    this.#options.logger.info({ bootId, devices: devices.length, sessions: disconnected.length }, 'reaped');
  }

  async #close(device: DeviceId, bootId: BootId, session: SessionRef | undefined): Promise<NewFleetEvent | undefined> {
    const reaped = await this.#options.registry.sessions.reap(device, bootId);
    // One without any session was closed by a reaper that may not have come to append its event.
    if (!reaped && session) return undefined;
    const event: NewFleetEvent = {
      kind: 'device-disconnected',
      atMs: this.#options.clock.wallMs(),
      device,
      reason: 'nodeDead',
    };
    return session?.bootId === bootId
      ? { ...event, epoch: session.epoch, node: session.nodeId, worker: session.workerId }
      : event;
  }

  async #retire(): Promise<void> {
    const { deadAfterMs, registry, logger, answers } = this.#options;
    for (const { nodeId, bootId, liveness, silentMs, workers } of this.#options.nodes()) {
      if (liveness !== 'dead' || silentMs <= retireAfterDeaths * deadAfterMs) continue;
      if (workers.some((worker) => answers(worker.bootId))) continue;
      if (await registry.nodes.retire(nodeId, bootId)) logger.info({ nodeId, silentMs }, 'long dead; taken out');
    }
  }
}

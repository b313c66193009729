import type { Cluster } from '../actors/cluster.ts';
import type { ManagedDevice } from '../actors/managed-device.ts';
import type { PushRecord } from '../actors/push.ts';
import { Disturbances } from '../faults/disturbances.ts';
import type { AnswerWatcher } from '../network/shared-registry.ts';
import { World } from '../world/world.ts';

/** The parts of a cluster that rules about answers and messages look at, without anybody in it. */
export class FakeCluster {
  readonly world = new World(1);
  readonly disturbances = new Disturbances();
  readonly device = { id: 'd-1', onServerMessage: () => {} } as unknown as ManagedDevice;
  readonly pushes = new Map<string, PushRecord>();
  /** Durable commands that have not ended, as the registry lists them. */
  unended: object[] = [];
  readonly #watchers: AnswerWatcher[] = [];

  get cluster(): Cluster {
    const { world, device, pushes } = this;
    const commands = { list: async () => this.unended, get: async () => undefined };
    return {
      ...{ world, managedDevices: [device], administrationServer: { findPush: (id: string) => pushes.get(id) } },
      balancers: [{ host: { name: 'balancer-1' } }],
      pushServers: [{ host: { name: 'dp-1' } }],
      registry: {
        process: { host: { name: 'registry' } },
        watchAnswers: (watch: AnswerWatcher) => this.#watchers.push(watch),
        ask: (question: (registry: object) => unknown) => question({ commands }),
      },
    } as unknown as Cluster;
  }

  get rules(): string[] {
    return this.world.findings.map(({ rule }) => rule);
  }

  /** The registry answers at that time. */
  async answer(atMs: number, method: string, args: readonly unknown[], answer: unknown): Promise<void> {
    await this.world.runUntil(atMs);
    for (const watch of this.#watchers) watch(method, args, answer);
  }

  /** The device reads a message at that time. */
  async read(atMs: number, message: object, process = 'd-1'): Promise<void> {
    await this.world.runUntil(atMs);
    this.device.onServerMessage(message as never, process);
  }
}

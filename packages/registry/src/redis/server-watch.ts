import { systemClock } from '@pushfleet/runtime';
import { Cluster, type Redis } from 'ioredis';

/** A member of a cluster that is away for longer is taken for restarted or replaced. */
const graceMs = 2_000;

/**
 * Notices that the last writes may be missing although Redis answers and knows the rest: it was restarted, or another
 * server has taken its place. Every life of a server has a run id.
 */
export class ServerWatch {
  #runId: string | undefined;
  /** Masters of a cluster by the connections to them; at first there may be two, by name and by address. */
  readonly #connections = new Map<string, number>();
  #changes = 0;

  constructor(client: Redis | Cluster) {
    if (client instanceof Cluster) client.on('+node', (node: Redis) => this.#watchMember(node));
    else client.on('ready', () => void this.#compare(client));
  }

  /** How often that has been. */
  get changes(): number {
    return this.#changes;
  }

  async #compare(server: Redis): Promise<void> {
    // Asked before any call that follows on this connection, so answered before it as well.
    const { runId } = await lookAt(server);
    if (runId === undefined) return;
    if (this.#runId !== undefined && runId !== this.#runId) this.#changes += 1;
    this.#runId = runId;
  }

  #watchMember(node: Redis): void {
    if (node.options.readOnly) return;
    node.once('ready', () => void this.#count(node));
    // Members are connected to when they are first needed: too late to notice that one is lost.
    if (node.status === 'wait') node.connect().catch(() => undefined);
  }

  async #count(node: Redis): Promise<void> {
    const { runId, isMaster } = await lookAt(node);
    if (runId === undefined || !isMaster || node.status !== 'ready') return;
    this.#connections.set(runId, (this.#connections.get(runId) ?? 0) + 1);
    node.once('end', () => {
      this.#connections.set(runId, (this.#connections.get(runId) ?? 1) - 1);
      systemClock.after(graceMs, () => this.#giveUp(runId));
    });
  }

  #giveUp(runId: string): void {
    if (this.#connections.get(runId) !== 0) return;
    this.#connections.delete(runId);
    this.#changes += 1;
  }
}

/** Nothing where it is not allowed to ask; what is missing as a whole shows all the same. */
async function lookAt(server: Redis): Promise<{ runId: string | undefined; isMaster: boolean }> {
  try {
    const info = await server.info();
    return { runId: /^run_id:(\w+)/m.exec(info)?.[1], isMaster: /^role:master/m.test(info) };
  } catch {
    return { runId: undefined, isMaster: false };
  }
}

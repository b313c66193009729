import { Cluster, type Redis } from 'ioredis';

/**
 * Notices that the last writes may be missing although Redis answers and knows the rest: it was restarted, or another
 * server has taken its place.
 */
export class ServerWatch {
  #runId: string | undefined;
  #changes = 0;

  constructor(client: Redis | Cluster) {
    if (client instanceof Cluster) client.on('+node', (node: Redis) => this.#watchMember(node));
    else client.on('ready', () => void this.#compare(client));
  }

  /** How often that has been. */
  get changes(): number {
    return this.#changes;
  }

  /** Asked before any call that follows on this connection, so answered before it as well. */
  async #compare(server: Redis): Promise<void> {
    try {
      const runId = /^run_id:(\w+)/m.exec(await server.info('server'))?.[1];
      if (this.#runId !== undefined && runId !== this.#runId) this.#changes += 1;
      this.#runId = runId;
    } catch {
      // It may not be allowed to ask. What is missing as a whole shows all the same.
    }
  }

  /** Whoever loses a member of a cluster is not told whether it was restarted, replaced or only cut off. */
  #watchMember(node: Redis): void {
    if (node.options.readOnly) return;
    node.once('ready', () => {
      node.once('end', () => {
        this.#changes += 1;
      });
    });
    // Members are connected to when they are first needed: too late to notice that one is lost.
    if (node.status === 'wait') node.connect().catch(() => undefined);
  }
}

import type { ListedNode, Nodes } from '@pushfleet/registry';
import { type Logger, memberUri, type RevocationList } from '@pushfleet/runtime';
import type { LeaderTask } from './leader.ts';

export interface RevokedNodesOptions {
  revocations: Pick<RevocationList, 'isRevoked' | 'hasRevoked'>;
  registry: { nodes: Pick<Nodes, 'retire'> };
  nodes: () => Iterable<ListedNode>;
  logger: Logger;
}

/**
 * Takes out push servers whose certificate was revoked, as often as they announce themselves: they get no devices, balancers leave
 * their workers, and the sessions that these held are reaped.
 */
export class RevokedNodes implements LeaderTask {
  readonly name = 'retiring revoked push servers';
  readonly #options: RevokedNodesOptions;

  constructor(options: RevokedNodesOptions) {
    this.#options = options;
  }

  async tick(): Promise<void> {
    const { registry, nodes, logger } = this.#options;
    for (const node of nodes()) {
      if (!this.#isRevoked(node)) continue;
      const { nodeId, bootId } = node;
      if (await registry.nodes.retire(nodeId, bootId)) logger.warn({ nodeId, bootId }, 'revoked; taken out');
    }
  }

  /** One that does not say which certificate it has is taken to have the one that was revoked. */
  #isRevoked({ nodeId: name, memberSerial: serialNumber }: ListedNode): boolean {
    const { revocations } = this.#options;
    if (serialNumber !== undefined) return revocations.isRevoked({ serialNumber });
    return revocations.hasRevoked(memberUri({ role: 'push-server', name }));
  }
}

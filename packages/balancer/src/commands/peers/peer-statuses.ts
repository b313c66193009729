import type { BalancerRecord, Balancers } from '@pushfleet/registry';
import type { PeerStatus, StatusSource } from './peer-client.ts';

export interface PeerStatusesOptions {
  /** The id of this balancer, which is not asked. */
  balancerId: string;
  balancers: Pick<Balancers, 'list'>;
  peerAt(address: string): StatusSource;
}

/** A balancer's word on itself; or, where it does not answer, the reason. */
export type PeerStatusAnswer = PeerStatus | { balancerId: string; problem: string };

/** Asks all other balancers how they are. While the registry does not answer, those that it listed last. */
export class PeerStatuses {
  readonly #options: PeerStatusesOptions;
  #listed: readonly BalancerRecord[] = [];

  constructor(options: PeerStatusesOptions) {
    this.#options = options;
  }

  /** Never rejects, and takes a second at most once the registry has answered. */
  async ask(): Promise<PeerStatusAnswer[]> {
    const { balancerId: own, balancers } = this.#options;
    this.#listed = await balancers.list().catch(() => this.#listed);
    return Promise.all(this.#listed.filter(({ balancerId }) => balancerId !== own).map((one) => this.#askOne(one)));
  }

  async #askOne({ balancerId, peerAddress }: BalancerRecord): Promise<PeerStatusAnswer> {
    try {
      const status = await this.#options.peerAt(peerAddress).status();
      if (status.balancerId === balancerId) return status;
      return { balancerId, problem: `another balancer answers at ${peerAddress}` };
    } catch (error) {
      return { balancerId, problem: `it does not answer at ${peerAddress}: ${(error as Error).message}` };
    }
  }
}

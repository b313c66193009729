import type { BootId, DeviceId, Epoch, NodeId } from '@pushfleet/protocol';
import type { PushServerRegistry, SessionMove, SessionRef } from '@pushfleet/registry';
import { type Clock, Unanswered } from '@pushfleet/runtime';

export interface LostOpeningsOptions {
  sessions: Pick<PushServerRegistry['sessions'], 'findMany' | 'history' | 'close'>;
  clock: Clock;
  /** `opening`: the registry is being asked for a session of the device here; it may be the one that was found. */
  conditionOf(device: DeviceId, epoch: Epoch): 'held' | 'opening' | 'absent';
  /** Ends the links of the device on those push servers whose epoch is `epoch` or lower; the device may come back. */
  evict(device: DeviceId, epoch: Epoch, nodes: ReadonlySet<NodeId>): Promise<void>;
}

/**
 * Undoes openings of sessions whose answers were lost, once the registry answers: it has carried out such a question, perhaps long after it
 * was given up, and no link has the session. Had the device a link elsewhere by then, its session is no longer the one that the registry
 * knows, and nobody would find the device, nor would that link hear of the next one: it is ended, and the device comes back.
 */
export class LostOpenings implements Disposable {
  readonly #options: LostOpeningsOptions;
  readonly #unanswered: Unanswered<DeviceId>;
  /** Boot ids under which sessions were asked for. */
  readonly #boots = new Set<BootId>();

  constructor(options: LostOpeningsOptions) {
    this.#options = options;
    this.#unanswered = new Unanswered({ ask: (devices) => this.#look(devices), clock: options.clock });
  }

  add(device: DeviceId, bootId: BootId): void {
    this.#boots.add(bootId);
    this.#unanswered.add([device]);
  }

  [Symbol.dispose](): void {
    this.#unanswered[Symbol.dispose]();
  }

  async #look(devices: readonly DeviceId[]): Promise<void> {
    for (const [device, session] of await this.#options.sessions.findMany(devices)) {
      if (!this.#boots.has(session.bootId)) continue;
      const condition = this.#options.conditionOf(device, session.epoch);
      if (condition === 'opening') this.#unanswered.add([device]);
      if (condition === 'absent') await this.#undo(device, session);
    }
  }

  async #undo(device: DeviceId, { epoch }: SessionRef): Promise<void> {
    const { sessions, evict } = this.#options;
    // Evictions are borne out by the newer session: it is closed after them.
    await evict(device, (epoch - 1) as Epoch, formerNodes(await sessions.history(device)));
    await sessions.close(device, epoch, 'registryUnavailable');
  }
}

/** The push servers of the sessions that took over from one another, and of which nobody has said that they are closed. */
function formerNodes(moves: readonly SessionMove[]): Set<NodeId> {
  const closed = moves.findIndex(({ kind }) => kind === 'disconnected');
  return new Set((closed < 0 ? moves : moves.slice(0, closed)).map(({ nodeId }) => nodeId));
}

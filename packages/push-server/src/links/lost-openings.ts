import type { BootId, DeviceId, Epoch, NodeId } from '@pushfleet/protocol';
import type { PushServerRegistry, SessionMove, SessionRef } from '@pushfleet/registry';
import { type Clock, Unanswered } from '@pushfleet/runtime';

export interface LostOpeningsOptions {
  sessions: Pick<PushServerRegistry['sessions'], 'findMany' | 'history'>;
  /** Closes a session that no link has, in its own time. */
  close(device: DeviceId, epoch: Epoch): void;
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
 *
 * So are the links that such a session took over from where another opening has taken over from it meanwhile, here or elsewhere: whoever opens a
 * session evicts only the one before it, and the worker of that one may have died before it evicted its own.
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

  /** A session of the device may have been opened, or was opened that took over from one which had just taken over itself. */
  add(device: DeviceId, bootId: BootId): void {
    this.#boots.add(bootId);
    this.#unanswered.add([device]);
  }

  [Symbol.dispose](): void {
    this.#unanswered[Symbol.dispose]();
  }

  async #look(devices: readonly DeviceId[]): Promise<void> {
    const open = await this.#options.sessions.findMany(devices);
    for (const device of devices) await this.#lookAt(device, open.get(device));
  }

  async #lookAt(device: DeviceId, session: SessionRef | undefined): Promise<void> {
    const { sessions, conditionOf, evict, close } = this.#options;
    const own = session && this.#boots.has(session.bootId) ? session : undefined;
    const condition = own && conditionOf(device, own.epoch);
    if (condition === 'opening') return this.#unanswered.add([device]);
    const former = formerNodes(await sessions.history(device));
    // Evictions are borne out by the newer session: it is closed after them. Where there is none, workers assert what they hold.
    if (former.size > 0) await evict(device, (session ? session.epoch - 1 : 0) as Epoch, former);
    if (own && condition === 'absent') close(device, own.epoch);
  }
}

/** The push servers of the sessions from which the last one took over, one after the other, none of them closed. */
function formerNodes(moves: readonly SessionMove[]): Set<NodeId> {
  const last = moves[0]?.kind === 'disconnected' ? moves.slice(1) : moves;
  const closed = last.findIndex(({ kind }) => kind === 'disconnected');
  return new Set((closed < 0 ? last : last.slice(0, closed)).slice(1).map(({ nodeId }) => nodeId));
}

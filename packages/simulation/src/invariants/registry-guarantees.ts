import type { BalancerRecord, HeartbeatAnswer, NodeRecord, OpenedSession } from '@pushfleet/registry';
import type { Cluster } from '../actors/cluster.ts';
import type { Disturbances } from '../faults/disturbances.ts';

/** Writes that carry the token of a lease, with the place of the token among their arguments. */
const fencedWrites: Readonly<Record<string, number>> = {
  'groupPushes.advance': 2,
  'rebalances.put': 1,
  'rollingRestarts.advance': 1,
};

interface Mark {
  value: number;
  atMs: number;
}

/**
 * The ports of the registry keep what they guarantee to whoever asks, in the order in which it answers: a session's epoch is greater than
 * every earlier one of the device, a close with an outdated epoch changes nothing, nobody writes with the token of a lease
 * that has gone to somebody else since, and push servers and balancers are told of a loss of its data exactly where there was one.
 */
export class RegistryGuarantees {
  readonly #cluster: Cluster;
  readonly #disturbances: Disturbances;
  /** The greatest epoch of each device. */
  readonly #epochs = new Map<string, Mark>();
  /** The greatest token with which each record was written. */
  readonly #written = new Map<string, Mark>();
  /** The last token of each lease, and who got it. */
  readonly #leases = new Map<string, Mark & { holder: string }>();

  /** When each position was answered to a push server or a balancer. */
  readonly #positions = new Map<string, number>();

  constructor(cluster: Cluster, disturbances: Disturbances) {
    this.#cluster = cluster;
    this.#disturbances = disturbances;
    cluster.registry.watchAnswers((method, args, answer) => this.#onAnswered(method, args, answer));
  }

  #onAnswered(method: string, args: readonly unknown[], answer: unknown): void {
    const [first, second] = args;
    if (method === 'sessions.open') this.#onOpened(String(first), answer as OpenedSession | 'void');
    else if (method === 'sessions.close' && answer === true) this.#onClosed(String(first), Number(second));
    else if (method === 'leases.hold' && answer !== undefined)
      this.#onHeld(String(first), String(second), Number(answer));
    else if (method === 'nodes.register' && typeof answer === 'string') this.#positions.set(answer, this.#nowMs);
    else if (method === 'nodes.heartbeat' && typeof answer === 'object')
      this.#onHeard((first as NodeRecord).nodeId, args[2], answer as HeartbeatAnswer);
    // That of an earlier version is empty.
    else if (method === 'balancers.announce' && typeof answer === 'object')
      this.#onHeard((first as BalancerRecord).balancerId, args[2], answer as HeartbeatAnswer);
    const place = fencedWrites[method];
    if (place === undefined || answer === undefined || answer === false) return;
    this.#onWritten(`${method} ${(first as { id: string }).id}`, Number(args[place]));
  }

  #onOpened(device: string, opened: OpenedSession | 'void'): void {
    if (opened === 'void') return;
    const known = this.#known(this.#epochs, device);
    if (known && opened.epoch <= known.value) {
      this.#cluster.world.find('an epoch goes back', `${opened.epoch} after ${known.value}`, { device });
    }
    this.#epochs.set(device, { value: opened.epoch, atMs: this.#nowMs });
  }

  #onClosed(device: string, epoch: number): void {
    const known = this.#known(this.#epochs, device);
    if (!known || epoch >= known.value) return;
    this.#cluster.world.find('an old link closes a new session', `${epoch} closes ${known.value}`, { device });
  }

  #onHeld(lease: string, holder: string, token: number): void {
    const known = this.#known(this.#leases, lease);
    const isGreater = !known || token > known.value || (token === known.value && holder === known.holder);
    if (!isGreater) this.#cluster.world.find('a token goes back', `${lease}: ${token} after ${known?.value}`);
    this.#leases.set(lease, { value: token, holder, atMs: this.#nowMs });
  }

  #onHeard(who: string, known: unknown, { verdict, position }: HeartbeatAnswer): void {
    const atMs = this.#positions.get(String(known));
    if (verdict !== 'fenced') this.#positions.set(position, this.#nowMs);
    if (atMs === undefined) return;
    const { name } = this.#cluster.registry.process.host;
    const had = (kind: string, marginMs: number) =>
      this.#disturbances.touched(name, atMs + marginMs, this.#nowMs - marginMs, [kind]);
    if (verdict === 'lost' && !had('registry lost', 0)) this.#cluster.world.find('a loss that was none', '', { who });
    // In the same millisecond, the loss may have come before or after.
    if (verdict !== 'lost' && had('all data lost', 1)) {
      this.#cluster.world.find('a loss that nobody is told of', verdict, { who });
    }
  }

  #onWritten(record: string, token: number): void {
    const known = this.#known(this.#written, record);
    if (known && token < known.value) {
      this.#cluster.world.find('written under a lost lease', `${record}: ${token} after ${known.value}`);
    }
    this.#written.set(record, { value: Math.max(token, known?.value ?? 0), atMs: this.#nowMs });
  }

  /** A registry that has lost its last writes need not know. */
  #known<Known extends Mark>(marks: Map<string, Known>, key: string): Known | undefined {
    const known = marks.get(key);
    const { name } = this.#cluster.registry.process.host;
    const kinds = ['registry lost', 'last writes lost'];
    return known && !this.#disturbances.touched(name, known.atMs, this.#nowMs, kinds) ? known : undefined;
  }

  get #nowMs(): number {
    return this.#cluster.world.nowMs;
  }
}

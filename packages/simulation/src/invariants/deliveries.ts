import { type CommandId, type DeviceId, hasEnded, type device as wire } from '@pushfleet/protocol';
import type { FailedPut, PutResult, StoredCommand, TakenCommand } from '@pushfleet/registry';
import type { Cluster } from '../actors/cluster.ts';
import type { ManagedDevice, Run } from '../actors/managed-device.ts';
import type { Disturbances } from '../faults/disturbances.ts';

const urgency = ['high', 'normal', 'low'];

/** Clocks of machines that nobody has set agree so far. */
const mostLateMs = 1_000;

/**
 * How durable commands come to devices: the more urgent one first, among equals the older one; in their time; and no more once they were
 * cancelled, or the device has been told that its result is kept, which it then is. Checked whenever the registry hands commands out,
 * and at each message to a device.
 */
export class Deliveries {
  readonly #cluster: Cluster;
  readonly #disturbances: Disturbances;
  /** For each command that was handed out once, with others: the call that did so, and the place in it. */
  readonly #places = new Map<string, { call: number; place: number }>();
  /** The last command of each call that each process of a device has run. */
  readonly #lastRun = new Map<string, { place: number; command: string }>();
  /** When the registry got each command, whatever its clock said. */
  readonly #acceptedMs = new Map<string, number>();
  /** Results of which a device was told that they are kept: when, and by the link of which process. */
  readonly #kept = new Map<string, { atMs: number; process: string }>();
  /** When the registry last handed each command out, and when it last opened a session of each device. */
  readonly #takenAtMs = new Map<string, number>();
  readonly #lastOpenedAtMs = new Map<string, number>();
  /** When the session of the link that each process of a device has was opened. */
  readonly #openedAtMs = new Map<string, number>();
  #calls = 0;

  constructor(cluster: Cluster, disturbances: Disturbances) {
    this.#cluster = cluster;
    this.#disturbances = disturbances;
    cluster.registry.watchAnswers((method, [first], answer) => {
      if (method === 'commands.take') this.#onTaken(String(first), (answer as { commands: TakenCommand[] }).commands);
      if (method === 'sessions.open') this.#lastOpenedAtMs.set(String(first), cluster.world.nowMs);
      if (method === 'commands.putMany') this.#onPut(answer as (PutResult | FailedPut)[]);
    });
    for (const device of cluster.managedDevices) {
      device.onServerMessage = (message, process) => this.#onMessage(device.id, process, message);
    }
  }

  #onPut(puts: readonly (PutResult | FailedPut)[]): void {
    for (const put of puts) {
      if (put.kind === 'queued' || put.kind === 'routed')
        this.#acceptedMs.set(put.command.id, this.#cluster.world.nowMs);
    }
  }

  #onTaken(device: string, taken: readonly TakenCommand[]): void {
    for (const { id: command, redelivered, failedBefore } of taken) {
      // The device broke its link when it got it: from now on it comes last, whatever it was handed out with.
      if (failedBefore) this.#places.delete(command);
      this.#takenAtMs.set(command, this.#cluster.world.nowMs);
      this.#cluster.world.record('registry', `hands out${redelivered ? ' again' : ''}`, { device, command });
      if (!redelivered) this.#checkTime(device, command);
    }
    const fresh = taken.filter(({ redelivered, failedBefore }) => !redelivered && !failedBefore);
    if (fresh.length === 0) return;
    this.#calls += 1;
    for (const [place, { id }] of fresh.entries()) this.#places.set(id, { call: this.#calls, place });
    const { world } = this.#cluster;
    world.at(world.nowMs, () => this.#checkOrder(device, fresh));
  }

  async #checkOrder(device: string, fresh: readonly TakenCommand[]): Promise<void> {
    const { world, registry } = this.#cluster;
    const unended = await registry.ask(({ commands }) => commands.list(device as DeviceId));
    const waiting = unended.filter(({ status }) => status.outcome === 'OUTCOME_QUEUED');
    const asked = fresh.flatMap(({ id }) => unended.find((command) => command.id === id) ?? []);
    for (const [index, command] of asked.entries()) {
      const better = [...asked.slice(index + 1), ...waiting].find((other) => this.#isBefore(other, command));
      if (!better) continue;
      const detail = `${command.id} goes out before ${better.id}, which is more urgent or older`;
      world.find('out of order', detail, { device, command: command.id });
    }
  }

  /** The more urgent one, among equals the older one. */
  #isBefore(one: StoredCommand, other: StoredCommand): boolean {
    const rise = urgency.indexOf(other.priority) - urgency.indexOf(one.priority);
    const [oneMs = 0, otherMs = 0] = [this.#acceptedMs.get(one.id), this.#acceptedMs.get(other.id)];
    return rise > 0 || (rise === 0 && oneMs < otherMs);
  }

  /** To be called for each command that a device begins. */
  onRun(device: ManagedDevice, { command, process }: Run): void {
    const at = this.#places.get(command);
    this.#places.delete(command);
    if (!at) return;
    const key = `${process.name} ${at.call}`;
    const last = this.#lastRun.get(key);
    if (last && last.place > at.place) {
      const detail = `it runs after ${last.command}, and was handed out before`;
      this.#cluster.world.find('out of order', detail, { device: device.id, command });
    }
    this.#lastRun.set(key, { place: at.place, command });
  }

  /** Its time to live begins when the registry gets it, whenever that is: its caller may have gone long before. */
  #checkTime(device: string, command: string): void {
    const { administrationServer, registry, world } = this.#cluster;
    const push = administrationServer.findPush(command);
    const acceptedMs = this.#acceptedMs.get(command);
    if (!push || acceptedMs === undefined) return;
    const { pushedAtMs, ttlMs } = push;
    const { name } = registry.process.host;
    const lateMs = world.nowMs - acceptedMs - ttlMs;
    const isAside = this.#disturbances.touched(name, pushedAtMs, world.nowMs, ['clock', 'last writes lost']);
    if (lateMs < mostLateMs || isAside) return;
    world.find('handed out too late', `${Math.round(lateMs)} ms after its time to live`, { device, command });
  }

  /**
   * Once a cancel was answered, no later link carries the command. One that was written before may lie in an earlier link for a while,
   * and be handed out again meanwhile, to be cancelled.
   */
  #checkCancelled(device: string, process: string, command: string): void {
    const { administrationServer, registry, world } = this.#cluster;
    const push = administrationServer.findPush(command);
    const takenAtMs = push?.isDurable ? (this.#takenAtMs.get(command) ?? 0) : Number.POSITIVE_INFINITY;
    const sinceMs = Math.min(takenAtMs, this.#openedAtMs.get(process) ?? 0);
    const cancel = push?.reported.find(({ by, atMs }) => by === 'cancel' && atMs < sinceMs);
    if (!push || !cancel) return;
    const { name } = registry.process.host;
    if (this.#disturbances.touched(name, push.pushedAtMs, world.nowMs, ['last writes lost'])) return;
    world.find('sent though it was cancelled', `over a later link; ${cancel.outcome} was told`, { device, command });
  }

  #onMessage(device: string, process: string, { welcome, resultReceived, command }: wire.ConnectResponse): void {
    // The welcome is on its way for a while: the link may have carried commands before.
    if (welcome) this.#openedAtMs.set(process, this.#lastOpenedAtMs.get(device) ?? 0);
    if (resultReceived) this.#onKept(device, process, resultReceived.commandId);
    if (!command) return;
    this.#checkCancelled(device, process, command.commandId);
    this.#checkSentAgain(device, process, command.commandId);
  }

  /** Another link of the device, or of its clone, may have been given the command before the result was. */
  #checkSentAgain(device: string, process: string, command: string): void {
    const kept = this.#kept.get(`${device} ${command}`);
    if (!kept) return;
    const takenAtMs = this.#takenAtMs.get(command) ?? Number.POSITIVE_INFINITY;
    if (process !== kept.process && takenAtMs <= kept.atMs) return;
    const words = 'and the device was told that its result is kept';
    this.#cluster.world.find('sent again', words, { device, command });
  }

  #onKept(device: string, process: string, command: string): void {
    const { world, registry } = this.#cluster;
    world.record(device, 'hears that its result is kept', { device, command });
    // What a registry has lost it may ask for again.
    const isLost = this.#disturbances.touched(registry.process.host.name, 0, world.nowMs, ['last writes lost']);
    if (isLost) return;
    this.#kept.set(`${device} ${command}`, { atMs: world.nowMs, process });
    world.at(world.nowMs, () => this.#checkKept(device, command));
  }

  async #checkKept(device: string, command: string): Promise<void> {
    const { world, registry } = this.#cluster;
    const found = await registry.ask(({ commands }) => commands.get(device as DeviceId, command as CommandId));
    if (!found || hasEnded(found.status.outcome)) return;
    const detail = `the device may forget it, and it is ${found.status.outcome}`;
    world.find('a result is not kept', detail, { device, command });
  }
}

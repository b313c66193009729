import { hasEnded, type node } from '@pushfleet/protocol';
import type { Commands, StoredCommand, StoredStatus } from '@pushfleet/registry';
import { type AttendedTime, type Clock, DeadlineWheel, type Timed } from '@pushfleet/runtime';
import { BatchRunner } from '../batch-runner.ts';
import type { CommandRef, DurableFollower } from '../push-desk.ts';
import type { RegistryClock } from './registry-clock.ts';
import { forgottenReason, mergeStatus, readReport } from './status.ts';

const sweepMs = 100;
const firstLookMs = 2_000;
const lastLookMs = 30_000;
/** The registry is asked this long after a deadline, when it has it behind itself for certain. */
const pastDeadlineMs = 200;

interface Followed extends Timed {
  ref: CommandRef;
  status: StoredStatus | undefined;
  nodeId: string;
  /** By this process' monotonic clock; infinite where not known. */
  deliverByMs: number;
  finishByMs: number;
  followers: DurableFollower[];
  lookAgainMs: number;
  /** The registry is being asked, or about to be. */
  isLooking: boolean;
}

export interface FollowsOptions {
  commands: Pick<Commands, 'getMany'>;
  registryClock: RegistryClock;
  clock: Clock;
  attended: AttendedTime;
}

/**
 * Durable commands in which somebody here takes an interest. Workers report what they have written into the registry; a
 * report that goes astray is made up for by reading the registry, ever more rarely. Who follows bounds how many.
 */
export class Follows implements Disposable {
  readonly #options: FollowsOptions;
  readonly #followed = new Map<string, Followed>();
  readonly #wheel: DeadlineWheel<Followed>;
  readonly #looks: BatchRunner<Followed>;
  readonly #sweep: Disposable;

  constructor(options: FollowsOptions) {
    this.#options = options;
    const { clock, attended } = options;
    this.#wheel = new DeadlineWheel(sweepMs, clock.now());
    const run = (batch: Followed[]) => this.#read(batch);
    this.#looks = new BatchRunner({ capacity: Number.POSITIVE_INFINITY, batchItems: 256, concurrency: 2, run });
    this.#sweep = attended.every(sweepMs, () => this.#onTime());
  }

  get size(): number {
    return this.#followed.size;
  }

  /** Of a command as the registry has just said it stands, which has not ended. `true`: the follower was told how it stands. */
  add(command: StoredCommand, follower: DurableFollower): boolean {
    const known = this.#followed.get(command.id);
    if (known) {
      this.#join(known, follower);
      this.#learn(known, command);
      this.#tell(known, command.status);
      return true;
    }
    const followed = this.#create({ device: command.device, id: command.id }, follower);
    followed.status = command.status;
    this.#learn(followed, command);
    this.#wheel.add(followed, this.#nextLook(followed));
    return false;
  }

  /** Of a command of which nothing is known yet: the registry is asked at once. */
  ask(ref: CommandRef, follower: DurableFollower): void {
    const known = this.#followed.get(ref.id);
    if (known) {
      this.#join(known, follower);
      this.#look(known);
      return;
    }
    const followed = this.#create({ device: ref.device, id: ref.id }, follower);
    this.#wheel.add(followed, this.#nextLook(followed));
    this.#look(followed);
  }

  remove({ id }: CommandRef, follower: DurableFollower): void {
    const followed = this.#followed.get(id);
    if (!followed) return;
    followed.followers = followed.followers.filter((one) => one !== follower);
    if (followed.followers.length === 0) this.#drop(followed);
  }

  /** What says nothing by itself makes this ask the registry. */
  onReport(report: node.CommandReport, nodeId: string): void {
    const followed = this.#followed.get(report.commandId);
    if (followed?.ref.device !== report.deviceId) return;
    const status = readReport(report, this.#options.registryClock.wallMs());
    if (status) this.#tell(followed, status, nodeId);
    else this.#look(followed);
  }

  /** The registry has said so. */
  onStatus({ id }: CommandRef, status: StoredStatus): void {
    const followed = this.#followed.get(id);
    if (followed) this.#tell(followed, status);
  }

  /** Asks the registry without waiting for its turn. */
  lookNow({ id }: CommandRef): void {
    const followed = this.#followed.get(id);
    if (followed) this.#look(followed);
  }

  [Symbol.dispose](): void {
    this.#sweep[Symbol.dispose]();
    this.#followed.clear();
  }

  #create(ref: CommandRef, follower: DurableFollower): Followed {
    const never = Number.POSITIVE_INFINITY;
    const times = { deliverByMs: never, finishByMs: never, lookAgainMs: firstLookMs, bucket: 0, isLooking: false };
    const followed: Followed = { ref, status: undefined, nodeId: '', followers: [follower], ...times };
    this.#followed.set(ref.id, followed);
    return followed;
  }

  #join(followed: Followed, follower: DurableFollower): void {
    followed.followers = [...followed.followers, follower];
    if (followed.status) follower(followed.ref, followed.status, followed.nodeId);
  }

  #learn(followed: Followed, { nodeId, deliverByMs, finishByMs }: StoredCommand): void {
    const { registryClock } = this.#options;
    followed.nodeId = nodeId;
    followed.deliverByMs = registryClock.toLocal(deliverByMs);
    followed.finishByMs = registryClock.toLocal(finishByMs);
  }

  #tell(followed: Followed, said: StoredStatus, nodeId?: string): void {
    const status = mergeStatus(followed.status, said);
    if (!status) return;
    followed.status = status;
    if (nodeId !== undefined) followed.nodeId = nodeId;
    if (hasEnded(status.outcome)) this.#drop(followed);
    for (const follower of followed.followers) follower(followed.ref, status, followed.nodeId);
  }

  #drop(followed: Followed): void {
    this.#followed.delete(followed.ref.id);
    this.#wheel.remove(followed);
  }

  #nextLook({ lookAgainMs, deliverByMs, finishByMs }: Followed): number {
    const nowMs = this.#options.clock.now();
    let atMs = nowMs + lookAgainMs;
    if (deliverByMs + pastDeadlineMs > nowMs) atMs = Math.min(atMs, deliverByMs + pastDeadlineMs);
    if (finishByMs + pastDeadlineMs > nowMs) atMs = Math.min(atMs, finishByMs + pastDeadlineMs);
    return atMs;
  }

  #look(followed: Followed): void {
    if (followed.isLooking) return;
    followed.isLooking = true;
    this.#looks.add(followed);
  }

  #onTime(): void {
    for (const followed of this.#wheel.takeDue(this.#options.clock.now())) {
      followed.lookAgainMs = Math.min(followed.lookAgainMs * 2, lastLookMs);
      this.#wheel.add(followed, this.#nextLook(followed));
      this.#look(followed);
    }
  }

  async #read(batch: Followed[]): Promise<void> {
    // What is asked for from now on may not be in this answer.
    for (const followed of batch) followed.isLooking = false;
    try {
      const found = await this.#options.commands.getMany(batch.map(({ ref }) => ref));
      for (const [index, followed] of batch.entries()) this.#onRead(followed, found[index]);
    } catch {
      // The registry does not answer; everything is looked at again.
    }
  }

  #onRead(followed: Followed, command: StoredCommand | undefined): void {
    if (this.#followed.get(followed.ref.id) !== followed) return;
    const atMs = this.#options.registryClock.wallMs();
    if (!command) return this.#tell(followed, { outcome: 'OUTCOME_UNKNOWN', reason: forgottenReason, atMs });
    this.#learn(followed, command);
    this.#tell(followed, command.status);
  }
}

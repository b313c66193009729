import type { Registry } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { GroupPushHandlers } from '../commands/grpc.ts';
import type { PushDesk } from '../commands/push-desk.ts';
import { GroupPushAdministration } from './administration.ts';
import { GroupPushFace } from './grpc.ts';
import { Runners } from './runners.ts';

/** Of one group push; enough to keep all workers busy. */
const greatestUnderWay = 5_000;

export interface GroupPushCenterOptions {
  registry: Registry;
  desk: Omit<PushDesk, 'pushDirect'>;
  outcomesKeptMs: number;
  /** How many commands this balancer may have under way at all. */
  commandsInFlight: number;
  clock: Clock;
  logger: Logger;
}

/** Wires what sends commands to whole groups. */
export class GroupPushCenter implements AsyncDisposable {
  readonly #runners: Runners;
  readonly #face: GroupPushFace;

  constructor(options: GroupPushCenterOptions) {
    // Some room is always left to single commands.
    const maxUnderWay = Math.max(1, Math.min(greatestUnderWay, Math.floor(options.commandsInFlight / 2)));
    this.#runners = new Runners({ ...options, maxUnderWay });
    const administration = new GroupPushAdministration({ ...options, runners: this.#runners });
    this.#face = new GroupPushFace({ ...options, administration, groupPushes: options.registry.groupPushes });
  }

  get handlers(): GroupPushHandlers {
    return this.#face.handlers;
  }

  start(): void {
    this.#runners.start();
  }

  /** No more commands go out from here. Resolves once that holds, or `signal` fires. */
  async halt(signal: AbortSignal): Promise<void> {
    this.#face.stop();
    await this.#runners.halt(signal);
  }

  /** Waits for direct commands that are under way, until `signal` fires; the rest is left to other balancers at once. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#face.stop();
    await this.#runners.drain(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#face[Symbol.dispose]();
    await this.#runners[Symbol.asyncDispose]();
  }
}

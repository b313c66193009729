import type { CommandId, DeviceId, PushfleetError } from '@pushfleet/protocol';
import type { CancelResult, NewCommand, PutResult, StoredStatus } from '@pushfleet/registry';
import type { Status } from './command-state.ts';
import type { Push } from './push.ts';

/** One command of one device. */
export interface CommandRef {
  device: DeviceId;
  id: CommandId;
}

/** What commands that are sent together have in common. */
export type SharedPush = Pick<Push, 'operation' | 'deliverWithinMs' | 'finishWithinMs'>;

export interface PushAnswer {
  device: DeviceId;
  id: CommandId;
  status: Status;
  /** The push server that held the link; empty where none did. */
  nodeId: string;
}

/** Hears of direct commands. What it is told of one command comes in order, and nothing after the end. */
export interface DirectFollower {
  /** On every change, the last one included: see `hasEnded`. `nodeId` as in PushAnswer. */
  onStatus(command: CommandRef, status: Status, nodeId: string): void;
  /** It was not accepted and nothing was sent; it may be pushed again with the same id. */
  onRefused(command: CommandRef, error: PushfleetError): void;
}

/**
 * Hears of durable commands: of each change that comes to this balancer's ears, and of the end of each. One that the registry has lost ends as OUTCOME_UNKNOWN.
 */
export type DurableFollower = (command: CommandRef, status: StoredStatus, nodeId: string) => void;

/** What else in the balancer may send commands. */
export interface PushDesk {
  /**
   * Direct. `id` is the caller's choice, never used before, not durable. Resolves once the awaited step is reached or
   * the command has ended; it rejects only for what Push rejects, and then nothing was sent.
   */
  pushDirect(push: Omit<Push, 'id'>, id: CommandId): Promise<PushAnswer>;
  /**
   * Direct, the same operation to many devices, each with an id of its own; those of one worker travel in chunks. The
   * devices are taken to exist: one without a live link answers NOT_CONNECTED. The calls may come before it returns.
   */
  pushManyDirect(commands: readonly CommandRef[], shared: SharedPush, follower: DirectFollower): void;
  /**
   * Durable; resolves once they are in the registry, in the same order, with what it made of each. Every later status
   * of those that it has goes to `follower` until they have ended or `unfollow` is called. The devices are taken to exist.
   * @throws PushfleetError REGISTRY_UNAVAILABLE: some may be there all the same; put them again with the same ids.
   * OVERLOADED, SHUTTING_DOWN
   */
  putMany(commands: readonly NewCommand[], follower: DurableFollower): Promise<PutResult[]>;
  /** Durable commands that were put before, by whichever balancer. The first status of each comes from the registry. */
  follow(commands: readonly CommandRef[], follower: DurableFollower): void;
  unfollow(commands: readonly CommandRef[], follower: DurableFollower): void;
  /** Direct or durable. `unknown`: there is no such command, or a direct one that another balancer took. */
  cancel(command: CommandRef, reason: string): Promise<CancelResult['kind']>;
}

/** How the balancer reaches the worker that a device has come to for its end of a tunnel. */
export type { ArrivalListener, TunnelChannel } from './courier/worker-channel.ts';

import type { NodeId } from '@pushfleet/protocol';
import type { PlannedMove, WorkerRef } from '@pushfleet/registry';
import type { RedirectProgress, RedirectRequest } from '../commands/workers/redirect-sender.ts';
import type { JudgedNode } from '../node-directory.ts';
import type { Move } from './plan.ts';

/** Asks workers to redirect some of their devices to another push server. */
export interface Redirector {
  send(worker: WorkerRef, request: RedirectRequest): Readonly<RedirectProgress> | undefined;
}

export interface RebalanceRunOptions {
  /** Moves that were carried out before this run began; they are counted, and not repeated. */
  past: readonly PlannedMove[];
  moves: readonly Move[];
  redirector: Redirector;
  devicesPerSecond: number;
}

/** A move is given up when its workers cannot be reached for so many steps. */
const maxMisses = 10;

/** A request takes a second, and a moment until its end is known: the next one is sent meanwhile. */
const maxRequests = 2;

/** A request to one worker to redirect devices: one second's worth of a move. */
interface SentRequest {
  worker: WorkerRef;
  progress: Readonly<RedirectProgress>;
  devices: number;
}

interface ActiveMove extends Move {
  /** Devices redirected by requests that have ended. */
  redirectedBefore: number;
  requests: SentRequest[];
  /** Boot ids of workers that found nobody to move. */
  exhausted: Set<string>;
  /** Steps in a row in which nobody could be reached. */
  misses: number;
  isGivenUp: boolean;
}

/**
 * Carries out a plan. Workers are asked for a second's worth at a time, so that a leader that sends no more requests has stopped the
 * whole, and its successor finds devices where the registry says that they are.
 */
export class RebalanceRun {
  readonly #options: RebalanceRunOptions;
  readonly #moves: ActiveMove[];

  constructor(options: RebalanceRunOptions) {
    this.#options = options;
    this.#moves = options.moves.map((move) => ({
      ...move,
      redirectedBefore: 0,
      requests: [],
      exhausted: new Set(),
      misses: 0,
      isGivenUp: false,
    }));
  }

  get moves(): PlannedMove[] {
    const moves = this.#moves.map((move) => ({
      from: move.from,
      to: move.to,
      devices: move.isGivenUp ? redirectedOf(move) : move.devices,
      redirected: redirectedOf(move),
    }));
    return [...this.#options.past, ...moves];
  }

  /** Whether nothing more is to be redirected, and no request is in flight. */
  get isComplete(): boolean {
    return this.#moves.every((move) => leftOf(move) === 0 && move.requests.length === 0);
  }

  /** To be called once a second. */
  step(nodeOf: (id: NodeId) => JudgedNode | undefined): void {
    for (const move of this.#moves) settle(move);
    const active = this.#moves.filter((move) => leftOf(move) > 0);
    const parts = splitByShare(this.#options.devicesPerSecond, active.map(leftOf));
    for (const [index, move] of active.entries()) this.#request(move, parts[index] ?? 0, nodeOf);
  }

  #request(move: ActiveMove, devices: number, nodeOf: (id: NodeId) => JudgedNode | undefined): void {
    const [from, to] = [nodeOf(move.from), nodeOf(move.to)];
    // A push server that stops being ready meanwhile neither gives nor takes.
    if (!from || !to || !isReady(from) || !isReady(to)) return giveUp(move);
    const workers = from.workers.filter(({ bootId, live }) => live > 0 && !move.exhausted.has(bootId));
    if (workers.length === 0) return giveUp(move);
    const free = workers.filter(({ bootId }) => requestsTo(move, bootId) < maxRequests);
    const target = { nodeId: to.nodeId, address: to.address, port: to.port };
    const shares = splitByShare(
      devices,
      free.map(({ live }) => live),
    );
    let missed = 0;
    for (const [index, { workerId, bootId }] of free.entries()) {
      const count = shares[index] ?? 0;
      if (count === 0) continue;
      const worker = { nodeId: from.nodeId, workerId, bootId };
      const progress = this.#options.redirector.send(worker, { target, devices: count, ratePerSecond: count });
      if (progress) move.requests.push({ worker, progress, devices: count });
      else missed += 1;
    }
    move.misses = missed > 0 && move.requests.length === 0 ? move.misses + 1 : 0;
    if (move.misses >= maxMisses) giveUp(move);
  }
}

function settle(move: ActiveMove): void {
  for (const { worker, progress } of move.requests.filter(({ progress }) => progress.done)) {
    move.redirectedBefore += progress.redirected;
    if (progress.redirected === 0) move.exhausted.add(worker.bootId);
  }
  move.requests = move.requests.filter(({ progress }) => !progress.done);
}

function requestsTo({ requests }: ActiveMove, bootId: string): number {
  return requests.filter(({ worker }) => worker.bootId === bootId).length;
}

function giveUp(move: ActiveMove): void {
  move.isGivenUp = true;
}

function redirectedOf({ redirectedBefore, requests }: ActiveMove): number {
  return requests.reduce((sum, { progress }) => sum + progress.redirected, redirectedBefore);
}

/** How many devices workers are still to be asked for. */
function leftOf(move: ActiveMove): number {
  if (move.isGivenUp) return 0;
  const asked = move.requests.reduce((sum, { devices }) => sum + devices, move.redirectedBefore);
  return Math.max(0, move.devices - asked);
}

function isReady({ status, liveness }: JudgedNode): boolean {
  return status === 'ready' && liveness === 'alive';
}

/** Splits a whole number in proportion to `shares`, each part at most its share. Whole numbers, the sum is exact. */
export function splitByShare(amount: number, shares: readonly number[]): number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (total <= amount) return [...shares];
  let passed = 0;
  let given = 0;
  return shares.map((share) => {
    // Rounding what has been given so far, instead of each part, makes the parts add up.
    passed += share;
    const part = Math.round((amount * passed) / total) - given;
    given += part;
    return part;
  });
}

import type { NodeId } from '@pushfleet/protocol';
import type { PlannedMove, WorkerRef } from '@pushfleet/registry';
import type { RedirectProgress, RedirectRequest } from '../commands/workers/redirect-sender.ts';
import type { JudgedNode } from '../node-directory.ts';
import type { Move } from './plan.ts';
import { splitByShare } from './slice.ts';

/** Asks workers to redirect some of their devices to another push server. */
export interface Redirector {
  send(worker: WorkerRef, request: RedirectRequest): Readonly<RedirectProgress> | undefined;
}

export interface RunOptions {
  /** What was carried out before this run took over; it counts as told and is not repeated. */
  past: readonly PlannedMove[];
  moves: readonly Move[];
  redirector: Redirector;
  devicesPerSecond: number;
}

/** A worker that cannot be reached for so many steps gets no more orders. */
const maxMisses = 10;

/** An order takes a second, and a moment until its end is known: the next one is given meanwhile. */
const maxSlices = 2;

/** An order to one worker: one second's worth of a move. */
interface Slice {
  worker: WorkerRef;
  progress: Readonly<RedirectProgress>;
  devices: number;
}

interface ActiveMove extends Move {
  /** By orders that have ended. */
  toldBefore: number;
  slices: Slice[];
  /** Boot ids of workers that found nobody to move. */
  exhausted: Set<string>;
  /** Steps in a row in which nobody could be reached. */
  misses: number;
  given: 'up' | 'out';
}

/**
 * Carries out a plan. Orders are given a second's worth at a time, so that one who stops giving them has stopped the
 * whole, and a successor finds devices where the registry says that they are.
 */
export class Run {
  readonly #options: RunOptions;
  readonly #moves: ActiveMove[];

  constructor(options: RunOptions) {
    this.#options = options;
    this.#moves = options.moves.map((move) => ({
      ...move,
      toldBefore: 0,
      slices: [],
      exhausted: new Set(),
      misses: 0,
      given: 'out',
    }));
  }

  get moves(): PlannedMove[] {
    const moves = this.#moves.map((move) => ({
      from: move.from,
      to: move.to,
      devices: move.given === 'up' ? toldOf(move) : move.devices,
      redirected: toldOf(move),
    }));
    return [...this.#options.past, ...moves];
  }

  /** Nothing more is to be told, and no order is under way. */
  get isTold(): boolean {
    return this.#moves.every((move) => leftOf(move) === 0 && move.slices.length === 0);
  }

  /** To be called once a second. */
  step(nodeOf: (id: NodeId) => JudgedNode | undefined): void {
    for (const move of this.#moves) settle(move);
    const active = this.#moves.filter((move) => leftOf(move) > 0);
    const parts = splitByShare(this.#options.devicesPerSecond, active.map(leftOf));
    for (const [index, move] of active.entries()) this.#order(move, parts[index] ?? 0, nodeOf);
  }

  #order(move: ActiveMove, devices: number, nodeOf: (id: NodeId) => JudgedNode | undefined): void {
    const [from, to] = [nodeOf(move.from), nodeOf(move.to)];
    // A push server that stops being ready meanwhile neither gives nor takes.
    if (!from || !to || !isReady(from) || !isReady(to)) return giveUp(move);
    const workers = from.workers.filter(({ bootId, live }) => live > 0 && !move.exhausted.has(bootId));
    if (workers.length === 0) return giveUp(move);
    const free = workers.filter(({ bootId }) => slicesOf(move, bootId) < maxSlices);
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
      if (progress) move.slices.push({ worker, progress, devices: count });
      else missed += 1;
    }
    move.misses = missed > 0 && move.slices.length === 0 ? move.misses + 1 : 0;
    if (move.misses >= maxMisses) giveUp(move);
  }
}

function settle(move: ActiveMove): void {
  for (const { worker, progress } of move.slices.filter(({ progress }) => progress.done)) {
    move.toldBefore += progress.redirected;
    if (progress.redirected === 0) move.exhausted.add(worker.bootId);
  }
  move.slices = move.slices.filter(({ progress }) => !progress.done);
}

function slicesOf({ slices }: ActiveMove, bootId: string): number {
  return slices.filter(({ worker }) => worker.bootId === bootId).length;
}

function giveUp(move: ActiveMove): void {
  move.given = 'up';
}

function toldOf({ toldBefore, slices }: ActiveMove): number {
  return slices.reduce((sum, { progress }) => sum + progress.redirected, toldBefore);
}

/** What is still to be ordered. */
function leftOf(move: ActiveMove): number {
  if (move.given === 'up') return 0;
  const ordered = move.slices.reduce((sum, { devices }) => sum + devices, move.toldBefore);
  return Math.max(0, move.devices - ordered);
}

function isReady({ status, liveness }: JudgedNode): boolean {
  return status === 'ready' && liveness === 'alive';
}

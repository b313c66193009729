import { type ErrorCode, PushfleetError } from '@pushfleet/protocol';
import type { Clock } from '../clock.ts';
import { type Assignment, parseAssignment } from './assignment.ts';
import type { AskBalancer } from './balancer.ts';
import { Deadline } from './deadline.ts';

export type AskOutcome =
  | { kind: 'assigned'; assignment: Assignment }
  /** A balancer answered, and another one would answer the same. */
  | { kind: 'refused'; error: PushfleetError }
  /** No balancer could give an answer. */
  | { kind: 'unreachable'; detail: string; retryAfterMs: number };

export interface AssignmentOptions {
  balancers: readonly URL[];
  deviceId: string;
  secret: string;
  ask: AskBalancer;
  clock: Clock;
  random: () => number;
}

/** Asks one balancer after the other, beginning with the one that answered last. */
export class AssignmentClient {
  readonly #options: AssignmentOptions;
  #first: number;

  constructor(options: AssignmentOptions) {
    this.#options = options;
    // A fleet with one and the same list must not ask one and the same balancer.
    this.#first = Math.floor(options.random() * options.balancers.length);
  }

  /** Never rejects, but for the signal. */
  async ask(unreachableNodeIds: readonly string[], signal: AbortSignal): Promise<AskOutcome> {
    const { balancers } = this.#options;
    const failures: unknown[] = [];
    for (let turn = 0; turn < balancers.length; turn += 1) {
      const index = (this.#first + turn) % balancers.length;
      const outcome = await this.#askOne(balancers[index] as URL, unreachableNodeIds, signal).catch(
        (error: unknown) => {
          signal.throwIfAborted();
          failures.push(error);
        },
      );
      if (outcome === undefined) continue;
      this.#first = index;
      return outcome;
    }
    return unreachable(failures);
  }

  async #askOne(balancer: URL, unreachableNodeIds: readonly string[], signal: AbortSignal): Promise<AskOutcome> {
    const { ask, clock, deviceId, secret } = this.#options;
    const askedAtMs = clock.now();
    using within = new Deadline(clock, signal, `${balancer.host} did not answer`);
    try {
      const response = await ask(balancer, { deviceId, secret, unreachableNodeIds }, within.signal);
      return { kind: 'assigned', assignment: parseAssignment(response, askedAtMs) };
    } catch (error) {
      if (error instanceof PushfleetError && speaksForAll(error)) return { kind: 'refused', error };
      throw error;
    }
  }
}

/** Balancers share one registry: what one knows of devices and push servers, all know. */
function speaksForAll(error: PushfleetError): boolean {
  return error.retry === 'never' || ofTheCluster.has(error.code);
}

function unreachable(failures: readonly unknown[]): AskOutcome {
  const texts = failures.map((error) => (error instanceof Error ? error.message : String(error)));
  const waits = failures.map((error) => (error instanceof PushfleetError ? (error.retryAfterMs ?? 0) : 0));
  return { kind: 'unreachable', detail: [...new Set(texts)].join('; '), retryAfterMs: Math.max(0, ...waits) };
}

/** Every balancer says the same. */
const ofTheCluster: ReadonlySet<ErrorCode> = new Set(['OUT_OF_SCOPE', 'NO_CAPACITY', 'NO_PUSH_SERVER']);

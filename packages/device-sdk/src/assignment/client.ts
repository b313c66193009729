import { type ErrorCode, PushfleetError } from '@pushfleet/protocol';
import { afterAttention, type Clock } from '../clock.ts';
import {
  type Assignment,
  type AssignmentRequest,
  type DeviceCredential,
  parseAssignment,
  type RequestAssignment,
  type RequestEnrollment,
} from './assignment.ts';

export type AskOutcome =
  | { kind: 'assigned'; assignment: Assignment }
  /** A balancer answered, and another one would answer the same. */
  | { kind: 'refused'; error: PushfleetError }
  /** No balancer could give an answer. */
  | { kind: 'unreachable'; detail: string; retryAfterMs: number };

export interface AssignmentOptions {
  balancers: readonly URL[];
  deviceId: string;
  credential: DeviceCredential;
  ask: RequestAssignment;
  enroll: RequestEnrollment;
  clock: Clock;
  random: () => number;
}

/** Asks one balancer after the other, beginning with the one that answered last, or gave the device its turn. */
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
    const first = this.#first;
    for (let turn = 0; turn < balancers.length; turn += 1) {
      const index = (first + turn) % balancers.length;
      const outcome = await this.#askOne(balancers[index] as URL, unreachableNodeIds, signal).catch(
        (error: unknown) => {
          signal.throwIfAborted();
          failures.push(error);
        },
      );
      if (outcome !== undefined) {
        this.#first = index;
        return outcome;
      }
      if (meaningOf(failures.at(-1)) === 'turnedAway') {
        this.#first = (index + 1) % balancers.length;
        break;
      }
    }
    return unreachable(failures);
  }

  async #askOne(balancer: URL, unreachableNodeIds: readonly string[], signal: AbortSignal): Promise<AskOutcome> {
    const { ask, clock, deviceId } = this.#options;
    const askedAtMs = clock.now();
    using within = new Deadline(clock, signal, `${balancer.host} did not answer`);
    try {
      const shown = await this.#show(balancer, within.signal);
      within.signal.throwIfAborted();
      const response = await ask(balancer, { deviceId, ...shown, unreachableNodeIds }, within.signal);
      return { kind: 'assigned', assignment: parseAssignment(response, askedAtMs, clock.now()) };
    } catch (error) {
      if (error instanceof PushfleetError && meaningOf(error) === 'refused' && !this.#mayShowAnother(error)) {
        return { kind: 'refused', error };
      }
      throw error;
    }
  }

  async #show(balancer: URL, signal: AbortSignal): Promise<Pick<AssignmentRequest, 'secret' | 'identityToken'>> {
    const { credential, enroll, deviceId } = this.#options;
    switch (credential.kind) {
      case 'secret':
        return { secret: credential.secret };
      case 'certificate':
        return {};
      case 'identityToken': {
        return { identityToken: await credential.identityToken() };
      }
      case 'enrollment': {
        const { token: enrollmentToken } = credential;
        const register = (secret: string) => enroll(balancer, { deviceId, enrollmentToken, secret }, signal);
        return { secret: await credential.secret.show(register) };
      }
      default:
        throw new TypeError(credential satisfies never);
    }
  }

  /** The next token may be a good one: that is no reason to stop for good. */
  #mayShowAnother({ code }: PushfleetError): boolean {
    return code === 'BAD_CREDENTIAL' && this.#options.credential.kind === 'identityToken';
  }
}

/**
 * The meaning of a balancer's failure for the others. `refused`: no other is to be asked. `turnedAway`: it is there, but more ask than it can
 * look at, and so it will be with the others: nobody is asked before a backoff, then another one. `next`: another may answer.
 */
export function meaningOf(error: unknown): 'refused' | 'turnedAway' | 'next' {
  if (error instanceof PushfleetError && (speaksForAll(error) || isTurn(error))) return 'refused';
  const { code = '', message } = error as NodeJS.ErrnoException;
  return closedCodes.includes(code) || (code === 'UNREACHABLE' && closedTexts.test(message)) ? 'turnedAway' : 'next';
}

/** The connection was closed before an answer came: by the codes of Node.js, and by its texts, which grpc-js passes on. */
const closedCodes: readonly string[] = ['ECONNRESET', 'EPIPE'];
const closedTexts = /ECONNRESET|EPIPE|socket hang up|disconnected before secure TLS/;

/** Balancers share one registry: what one knows of devices and push servers, all know. */
function speaksForAll(error: PushfleetError): boolean {
  return error.retry === 'never' || ofTheCluster.has(error.code);
}

/** The device has its place in the balancer's queue. In each further one it would be in the way of others. */
export function isTurn({ code, retryAfterMs = 0 }: PushfleetError): boolean {
  return code === 'OVERLOADED' && retryAfterMs > 0;
}

function unreachable(failures: readonly unknown[]): AskOutcome {
  const texts = failures.map((error) => (error instanceof Error ? error.message : String(error)));
  const waits = failures.map((error) => (error instanceof PushfleetError ? (error.retryAfterMs ?? 0) : 0));
  return { kind: 'unreachable', detail: [...new Set(texts)].join('; '), retryAfterMs: Math.max(0, ...waits) };
}

/** Every balancer says the same. */
const ofTheCluster: ReadonlySet<ErrorCode> = new Set(['OUT_OF_SCOPE', 'NO_CAPACITY', 'NO_PUSH_SERVER']);

/** Time for one balancer to answer. */
const askWithinMs = 10_000;

/**
 * Limits the time of one request, within a longer run. Leaves no timer behind: AbortSignal.timeout would hold everything that
 * listens to the signal until it fires.
 */
class Deadline implements Disposable {
  readonly #controller = new AbortController();
  readonly #run: AbortSignal;
  readonly #timer: Disposable;
  readonly #abort = () => this.#controller.abort(this.#run.reason);

  constructor(clock: Clock, run: AbortSignal, whatFails: string) {
    this.#run = run;
    this.#timer = afterAttention(clock, askWithinMs, () => {
      this.#controller.abort(new Error(`${whatFails} within ${askWithinMs} ms`));
    });
    if (run.aborted) this.#abort();
    else run.addEventListener('abort', this.#abort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    this.#run.removeEventListener('abort', this.#abort);
  }
}

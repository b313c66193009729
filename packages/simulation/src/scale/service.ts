import type { AssignmentQueue, Caller } from '@pushfleet/balancer/assignment-queue';
import type { Costs } from './costs.ts';
import type { Job } from './job-queue.ts';
import type { Process } from './process.ts';

/** The steps of a process for a device, one after the other. */
export const Step = { dial: 0, accept: 1, handshake: 2, finish: 3, request: 4, reserve: 5, openSession: 6 } as const;

/** A job is its holder's own: it is changed for its next step, not copied. */
function forStep(job: Job, step: number): Job {
  job.step = step;
  return job;
}

/** Outcomes of the steps, for the device. */
export interface Effects {
  readonly nowMs: number;
  /** The attempt that the job is for has ended. */
  isGone(job: Job): boolean;
  /** Closed before TLS. */
  drop(job: Job): void;
  refuse(device: number, retryAfterMs: number): void;
  reserve(job: Job): void;
  connect(device: number): void;
}

export interface ServiceOptions {
  costs: Costs;
  effects: Effects;
  /** The balancers, then the workers. */
  processes: readonly Process[];
  /** One for each balancer. */
  assignments: readonly AssignmentQueue[];
  redis: Process;
  /** The process of the devices, if they share the machine. */
  devicesProcess: Process | undefined;
  /** The push servers that Redis has to compare for a reservation. */
  candidates: number;
}

/** The work of processes for a device, step by step. Each step says what CPU it has cost, in milliseconds. */
export class Service {
  readonly #options: ServiceOptions;
  readonly #costs: Costs;
  readonly #effects: Effects;

  constructor(options: ServiceOptions) {
    this.#options = options;
    this.#costs = options.costs;
    this.#effects = options.effects;
  }

  /** The first step of an attempt. Nobody takes it where the process stands still. */
  begin(device: number, attempt: number, process: Process): void {
    const { devicesProcess } = this.#options;
    if (process.frozen) return;
    const step = devicesProcess ? Step.dial : Step.accept;
    const job = { device, attempt, step, process: process.index, sinceMs: this.#effects.nowMs };
    (devicesProcess ?? process).push(job);
  }

  serveDevice(job: Job): number {
    const isFirst = job.step === Step.dial;
    // A client that gives up before its machine has connected it costs nobody anything.
    if (isFirst && this.#effects.isGone(job)) return 0;
    this.#pass(job, isFirst ? Step.accept : Step.request);
    if (isFirst) return this.#costs.clientDialMs;
    return this.#effects.isGone(job) ? 0 : this.#costs.clientHandshakeMs;
  }

  serve(job: Job, process: Process, during: 'asking' | 'connecting'): number {
    const { devicesProcess } = this.#options;
    switch (job.step) {
      case Step.accept:
        return this.#accept(job, process);
      case Step.handshake:
        // A client that has gone is noticed when it does not go on.
        if (devicesProcess) devicesProcess.push(forStep(job, Step.finish));
        else this.#pass(job, Step.request);
        return this.#spend(job, process, this.#costs.handshakeMs);
      default:
        if (this.#effects.isGone(job)) {
          process.admission?.release(job);
          return 0;
        }
        return during === 'asking' ? this.#assign(job, process) : this.#openSession(job, process);
    }
  }

  serveRegistry(job: Job): number {
    const { openSessionMs, reservationMs, reservationPerNodeMs } = this.#costs;
    const { processes, assignments, redis, candidates } = this.#options;
    const process = processes[job.process] as Process;
    if (job.step === Step.reserve) {
      process.admission?.release(job);
      assignments[job.process]?.leave();
      const costMs = this.#spend(job, redis, reservationMs + reservationPerNodeMs * candidates);
      this.#effects.reserve(job);
      return costMs;
    }
    const costMs = this.#spend(job, redis, openSessionMs);
    process.accepted += 1;
    if (!this.#effects.isGone(job)) this.#effects.connect(job.device);
    return costMs;
  }

  #assign(job: Job, process: Process): number {
    const effects = this.#effects;
    this.#options.assignments[process.index]?.enter({
      caller: new Asking(job, effects),
      begin: () => this.#options.redis.push(forStep(job, Step.reserve)),
      refuse: (error) => {
        process.admission?.release(job);
        if (!effects.isGone(job)) effects.refuse(job.device, error.retryAfterMs ?? 0);
      },
    });
    return this.#spend(job, process, this.#costs.assignmentMs);
  }

  #openSession(job: Job, process: Process): number {
    // Its ticket is good.
    process.admission?.release(job);
    this.#options.redis.push(forStep(job, Step.openSession));
    return this.#spend(job, process, this.#costs.sessionMs);
  }

  #accept(job: Job, process: Process): number {
    if (process.admission === undefined) {
      this.#pass(job, Step.handshake);
    } else {
      for (const closed of process.admission.add(forStep(job, Step.handshake), this.#effects.nowMs))
        this.#effects.drop(closed);
    }
    return this.#spend(job, process, this.#costs.acceptMs);
  }

  /** The next step at the process that the client is connected to. */
  #pass(job: Job, step: number): void {
    (this.#options.processes[job.process] as Process).push(forStep(job, step));
  }

  #spend(job: Job, process: Process, costMs: number): number {
    if (this.#effects.isGone(job)) process.wastedMs += costMs;
    return costMs;
  }
}

/** A device that asks, as long as it waits for the answer. */
class Asking implements Caller {
  readonly #job: Job;
  readonly #effects: Effects;

  constructor(job: Job, effects: Effects) {
    this.#job = job;
    this.#effects = effects;
  }

  get hasGone(): boolean {
    return this.#effects.isGone(this.#job);
  }
}

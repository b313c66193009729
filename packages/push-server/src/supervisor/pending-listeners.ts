import type { Clock } from '@pushfleet/runtime';
import type { WorkerProcess } from './worker-process.ts';

interface Opening {
  worker: WorkerProcess;
  port: number;
  answer: Promise<string | undefined>;
  /** `undefined`: the worker listens. */
  resolve(problem: string | undefined): void;
}

const withinMs = 10_000;

/** Listeners that workers were told to open and have not answered for yet. */
export class PendingListeners {
  #openings: Opening[] = [];

  /** What keeps the worker from taking devices on the port; `undefined`: it takes them. */
  async open(worker: WorkerProcess, port: number, clock: Clock): Promise<string | undefined> {
    const known = this.#openings.find((opening) => opening.worker === worker && opening.port === port);
    if (known) return known.answer;
    const { promise: answer, resolve } = Promise.withResolvers<string | undefined>();
    const opening: Opening = { worker, port, answer, resolve };
    this.#openings.push(opening);
    using _deadline = clock.after(withinMs, () => resolve(`worker ${worker.workerId} does not open port ${port}`));
    worker.tell({ kind: 'open-listener', port });
    try {
      return await answer;
    } finally {
      this.#openings = this.#openings.filter((each) => each !== opening);
    }
  }

  onAnswer(worker: WorkerProcess, port: number, problem: string | undefined): void {
    for (const opening of this.#openings) {
      if (opening.worker === worker && opening.port === port) opening.resolve(problem);
    }
  }

  onExit(worker: WorkerProcess): void {
    for (const opening of this.#openings) {
      if (opening.worker === worker) opening.resolve(`worker ${worker.workerId} ended`);
    }
  }
}

import { once } from 'node:events';
import net from 'node:net';
import type { NodeProblem } from '@pushfleet/registry';
import type { Clock, ListeningSocket } from '@pushfleet/runtime';
import type { WorkerProcess } from './worker-process.ts';

/** A problem with the port; the push server goes on serving on its former one. */
export type PortProblem = Omit<NodeProblem, 'impairs'>;

/**
 * Checks that no other program listens on the port; `undefined`: none does. Workers share it with SO_REUSEPORT, and so
 * would another program that sets it too, without either noticing.
 */
export async function probePort(host: string, port: number): Promise<PortProblem | undefined> {
  const probe = net.createServer();
  try {
    probe.listen({ host, port });
    await once(probe, 'listening');
  } catch (cause) {
    return describeProblem(port, cause);
  }
  probe.close();
  await once(probe, 'close');
  return undefined;
}

function describeProblem(port: number, cause: unknown): PortProblem {
  const { code, message } = cause as NodeJS.ErrnoException;
  const remedy = 'set another `push server port` on the distribution point';
  if (code === 'EADDRINUSE') return { kind: 'port-in-use', detail: `port ${port} is taken; ${remedy}` };
  if (code === 'EACCES') {
    return { kind: 'failed', detail: `port ${port} needs privileges that this process does not have; ${remedy}` };
  }
  return { kind: 'failed', detail: `port ${port} cannot be opened (${message})` };
}

interface Opening {
  worker: WorkerProcess;
  port: number;
  answer: Promise<string | undefined>;
  /** `undefined`: the worker listens. */
  resolve(problem: string | undefined): void;
}

/** Time for a worker to answer. */
const withinMs = 10_000;

/** The listeners that workers are opening and have not answered for yet. */
export class PendingListeners {
  #openings: Opening[] = [];

  /**
   * Opens a listener. Resolves with the problem that keeps the worker from it; `undefined`: it listens.
   * @param socket One that listens on the port already; the worker's from now on.
   */
  async open(worker: WorkerProcess, port: number, clock: Clock, socket?: ListeningSocket): Promise<string | undefined> {
    const known = this.#openings.find((opening) => opening.worker === worker && opening.port === port);
    if (known) return known.answer;
    const { promise: answer, resolve } = Promise.withResolvers<string | undefined>();
    const opening: Opening = { worker, port, answer, resolve };
    this.#openings.push(opening);
    using _deadline = clock.after(withinMs, () => resolve(`worker ${worker.workerId} does not open port ${port}`));
    worker.send({ kind: 'open-listener', port }, socket);
    try {
      return await answer;
    } finally {
      this.#openings = this.#openings.filter((each) => each !== opening);
    }
  }

  /** Whether the worker has not answered yet. */
  isOpening(worker: WorkerProcess): boolean {
    return this.#openings.some((opening) => opening.worker === worker);
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

/**
 * The sockets that workers listened on which have been set aside, until others take them over: what connects waits there meanwhile.
 * One that is held here is one on which nobody may be accepting.
 */
export class UnattendedSockets {
  #sockets: [port: number, socket: ListeningSocket][] = [];

  add(sockets: readonly [port: number, socket: ListeningSocket][]): void {
    this.#sockets.push(...sockets);
  }

  /** Removes and returns one that listens on the port; `undefined`: there is none. */
  take(port: number): ListeningSocket | undefined {
    const at = this.#sockets.findIndex(([each]) => each === port);
    return at < 0 ? undefined : this.#sockets.splice(at, 1)[0]?.[1];
  }

  close(port: number): void {
    for (let socket = this.take(port); socket; socket = this.take(port)) socket.close();
  }

  closeAll(): void {
    for (const [, socket] of this.#sockets.splice(0)) socket.close();
  }
}

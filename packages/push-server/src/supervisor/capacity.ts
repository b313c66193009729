import { availableParallelism } from 'node:os';

/** Number and capacity of the workers that share a push server's links. */
export interface WorkerPlan {
  workers: number;
  capacityPerWorker: number;
}

export interface WorkerPlanInput {
  maxConnections: number;
  /** Number of files that each worker process may have open. */
  fileLimit: number;
  /** Number of workers, unless the file limit asks for more. */
  wantedWorkers: number;
  /** The most workers, however low the file limit is: each takes memory, and more of them than cores do nothing faster. */
  mostWorkers: number;
}

/** The workers that may run on a small machine, where the file limit asks for more of them than there are cores. */
const leastMostWorkers = 4;

/** The plan's input on this machine. @param maxWorkers As the setting says; `undefined`: it is not set. */
export function planInput(maxConnections: number, fileLimit: number, maxWorkers: number | undefined): WorkerPlanInput {
  const cores = availableParallelism();
  return {
    ...{ maxConnections, fileLimit },
    wantedWorkers: maxWorkers ?? cores,
    mostWorkers: maxWorkers ?? Math.max(leastMostWorkers, 2 * cores),
  };
}

/** Descriptors that a worker needs for anything but links: the registry, balancers, logs, handshakes under way. */
const reservedFiles = 500;
/** An idle worker alone has some 35 open. */
const leastReservedFiles = 48;

/**
 * Plans as many workers as hold `maxConnections` links under their own file limits, within bounds. The kernel spreads
 * connections over the workers by chance, so each gets a tenth more room than its share where its file limit allows; all
 * together never announce more than `maxConnections`.
 */
export function planWorkers(input: WorkerPlanInput): WorkerPlan {
  const { maxConnections, fileLimit, wantedWorkers, mostWorkers } = input;
  const limit = linksUnder(fileLimit);
  const needed = Math.ceil(maxConnections / Math.max(1, limit));
  const workers = Math.max(1, wantedWorkers, Math.min(needed, mostWorkers));
  const share = Math.ceil(maxConnections / workers);
  const slack = workers === 1 ? 0 : Math.max(16, Math.ceil(share / 10));
  return { workers, capacityPerWorker: Math.min(limit, share + slack) };
}

/** Says why the workers hold less than `maxConnections`, and what would change it. `undefined`: they hold them. */
export function describeShortage({ maxConnections, fileLimit }: WorkerPlanInput, plan: WorkerPlan): string | undefined {
  const capacity = plan.workers * plan.capacityPerWorker;
  if (capacity >= maxConnections) return undefined;
  const enough = filesFor(Math.ceil(maxConnections / plan.workers));
  const files = `of ${fileLimit} open files`;
  const holders = plan.workers === 1 ? `1 worker ${files} holds` : `${plan.workers} workers ${files} each hold`;
  return (
    `${holders} ${capacity} of ${maxConnections} links: raise the limit ` +
    `of open files to ${enough} (ulimit -n, systemd LimitNOFILE, docker ulimits.nofile), or PUSHFLEET_MAX_WORKERS`
  );
}

function linksUnder(fileLimit: number): number {
  return Math.max(0, fileLimit - reservedUnder(fileLimit));
}

function reservedUnder(fileLimit: number): number {
  return Math.min(reservedFiles, Math.max(leastReservedFiles, Math.ceil(fileLimit / 4)));
}

/** The least round limit under which a worker holds so many links. */
function filesFor(links: number): number {
  return Math.ceil((links + reservedUnder(Math.ceil((links * 4) / 3))) / 100) * 100;
}

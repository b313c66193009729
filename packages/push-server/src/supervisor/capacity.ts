/** How a push server's links are shared out over processes. */
export interface WorkerPlan {
  workers: number;
  capacityPerWorker: number;
}

export interface WorkerPlanInput {
  maxConnections: number;
  /** Of each worker process. */
  fileLimit: number;
  /** How many workers there should be, unless `maxConnections` needs more. */
  wantedWorkers: number;
}

/** Descriptors that a worker needs for anything but links: the registry, balancers, logs, handshakes under way. */
const reservedFiles = 500;

/**
 * As many workers as hold `maxConnections` links under their own file limits, and at least the wanted number. The
 * kernel spreads connections over the workers by chance, so each gets a tenth more room than its share where its file
 * limit allows; all together never announce more than `maxConnections`.
 */
export function planWorkers({ maxConnections, fileLimit, wantedWorkers }: WorkerPlanInput): WorkerPlan {
  const limit = Math.max(1, fileLimit - reservedFiles);
  const workers = Math.max(1, wantedWorkers, Math.ceil(maxConnections / limit));
  const share = Math.ceil(maxConnections / workers);
  const slack = workers === 1 ? 0 : Math.max(16, Math.ceil(share / 10));
  return { workers, capacityPerWorker: Math.min(limit, share + slack) };
}

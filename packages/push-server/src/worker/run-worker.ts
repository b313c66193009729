import { once } from 'node:events';
import { openRegistry } from '@pushfleet/registry';
import {
  createLogger,
  type Environment,
  loadClusterCredentials,
  loadServerCredentials,
  runService,
  systemClock,
} from '@pushfleet/runtime';
import { readPushServerSettings } from '../settings.ts';
import { type FromWorker, isToWorker, type WorkerTask } from './messages.ts';
import { Worker } from './worker.ts';

/** Lives until its supervisor says drain, or is gone. */
export async function runWorker(environment: Environment): Promise<void> {
  const settings = readPushServerSettings(environment);
  const task = await receiveTask();
  const logger = createLogger(`${task.nodeId}/${task.workerId}`, settings.logLevel);
  const { stop, graceMs } = stopOrders(settings.drainMs);
  await using registry = await openRegistry(settings);
  const create = async () => {
    const worker = new Worker({
      task,
      settings,
      registry,
      cluster: loadClusterCredentials(settings),
      server: loadServerCredentials(settings),
      clock: systemClock,
      logger,
      tellSupervisor,
    });
    process.on('message', (message) => {
      if (isToWorker(message)) worker.obey(message);
    });
    return worker;
  };
  await runService(create, stop, graceMs);
}

async function receiveTask(): Promise<WorkerTask> {
  const [message] = await once(process, 'message');
  if (!isToWorker(message) || message.kind !== 'start') throw new Error('a worker is started by its supervisor');
  return message.task;
}

/**
 * Fires when the supervisor says drain, or is gone. Signals are for the supervisor: a terminal sends a Ctrl-C to every
 * process of its group, and the devices must be told to leave before the workers go.
 */
function stopOrders(graceMs: number): { stop: AbortSignal; graceMs: number } {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => {});
  process.on('message', (message) => {
    if (isToWorker(message) && message.kind === 'drain') controller.abort();
  });
  process.once('disconnect', () => controller.abort());
  return { stop: controller.signal, graceMs };
}

function tellSupervisor(message: FromWorker): void {
  // A supervisor that is gone has already made the disconnect that ends this process.
  if (process.connected) process.send?.(message, () => {});
}

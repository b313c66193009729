import { once } from 'node:events';
import { openRegistry } from '@pushfleet/registry';
import {
  AttendedClock,
  aborted,
  createLogger,
  type Environment,
  loadClusterCredentials,
  loadServerCredentials,
  logStalls,
  openUnlessStopped,
  runService,
  systemClock,
} from '@pushfleet/runtime';
import { readPushServerSettings } from '../settings.ts';
import { type FromWorker, isToWorker, type WorkerTask } from './messages.ts';
import { watchSupervisor } from './supervisor-watch.ts';
import { Worker } from './worker.ts';

/** How much longer than a worker a supervisor may be silent: all links of its push server end with it. */
const supervisorFactor = 6;

/** Lives until its supervisor says drain, or is gone. */
export async function runWorker(environment: Environment): Promise<void> {
  const stopping = stopOrders();
  const stop = stopping.signal;
  const settings = readPushServerSettings(environment);
  const task = await receiveTask(stop);
  if (!task) return;
  const logger = createLogger(`${task.nodeId}/${task.workerId}`, settings.logLevel);
  const hungAfterMs = supervisorFactor * settings.hungAfterMs;
  using attended = new AttendedClock({ clock: systemClock, onStall: logStalls(logger) });
  watchSupervisor({ hungAfterMs, attended, logger, stop: () => stopping.abort() });
  await using registry = await openUnlessStopped(openRegistry(settings), stop);
  if (!registry) return;
  const create = async () => {
    const worker = new Worker({
      task,
      settings,
      registry,
      cluster: loadClusterCredentials(settings),
      server: loadServerCredentials(settings),
      clock: systemClock,
      attended,
      logger,
      tellSupervisor,
    });
    process.on('message', (message) => {
      if (isToWorker(message)) worker.obey(message);
    });
    return worker;
  };
  await runService(create, stop, settings.drainMs);
}

/** `undefined`: `stop` fired first. */
async function receiveTask(stop: AbortSignal): Promise<WorkerTask | undefined> {
  if (stop.aborted) return undefined;
  const received = once(process, 'message') as Promise<unknown[]>;
  const [message] = (await Promise.race([received, aborted(stop)])) ?? [];
  if (message === undefined) return undefined;
  if (!isToWorker(message) || message.kind !== 'start') throw new Error('a worker is started by its supervisor');
  return message.task;
}

/**
 * Fires when the supervisor says drain, or is gone. Listens before the task is received: messages that came while this
 * process was being loaded are all handed out at once.
 */
function stopOrders(): AbortController {
  const controller = new AbortController();
  process.on('message', (message) => {
    if (isToWorker(message) && message.kind === 'drain') controller.abort();
  });
  process.once('disconnect', () => controller.abort());
  if (!process.connected) controller.abort();
  return controller;
}

function tellSupervisor(message: FromWorker): void {
  // A supervisor that is gone has already made the disconnect that ends this process.
  if (process.connected) process.send?.(message, () => {});
}

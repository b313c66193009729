import type { SendHandle } from 'node:child_process';
import { getPriority, setPriority } from 'node:os';
import { openRegistry } from '@pushfleet/registry';
import {
  AttendedClock,
  type AttendedTime,
  aborted,
  createClusterNetwork,
  createLogger,
  type Environment,
  KeyJudge,
  type ListeningSocket,
  type Logger,
  LoopMonitor,
  memberSerialOf,
  meterProcess,
  meterStalls,
  openUnlessStopped,
  runService,
  startTracing,
  systemClock,
} from '@pushfleet/runtime';
import { lastSilenceFactor, readPushServerSettings } from '../settings.ts';
import { HandedCredentials } from './handed-credentials.ts';
import { wakeMemoryReducer } from './memory-reducer.ts';
import { type FromWorker, isToWorker, type WorkerTask } from './messages.ts';
import { SupervisorWatch } from './supervisor-watch.ts';
import { Worker } from './worker.ts';

/** Runs a worker until its supervisor requests the drain, or is gone. */
export async function runWorker(environment: Environment): Promise<void> {
  const stopping = stopRequested();
  const stop = stopping.signal;
  const settings = readPushServerSettings(environment);
  const handed = new HandedCredentials();
  const task = await receiveTask(stop, handed);
  if (!task) return;
  const logger = createLogger(`${task.nodeId}/${task.workerId}`, settings.logLevel);
  lowerPriority(settings.workerNiceness, logger);
  const hungAfterMs = lastSilenceFactor * settings.hungAfterMs;
  using attended = new AttendedClock({ clock: systemClock, onStall: meterStalls(logger) });
  await using _traced = await startTracing(environment, {
    ...{ service: 'pushfleet-push-server', instance: `${task.nodeId}/${task.workerId}`, logger },
  });
  using load = new LoopMonitor({ clock: systemClock });
  using _metered = meterProcess(load);
  using _awake = wakeMemoryReducer(systemClock);
  watchSupervisor(hungAfterMs, attended, logger, () => stopping.abort());
  const { redis: redisCredentials } = handed.live;
  const opening = openRegistry(settings, attended, { migrates: false, redisCredentials });
  await using registry = await openUnlessStopped(opening, stop);
  if (!registry) return;
  const create = async () => {
    const { server, cluster, ticketSecret } = handed.live;
    const worker = new Worker({
      task,
      settings,
      registry,
      createNetwork: (gate) => createClusterNetwork(cluster, gate),
      createKeyJudge: (gate) => new KeyJudge({ cluster, gate, clock: systemClock }),
      membership: {
        serialNumber: () => memberSerialOf(cluster),
        onRevoked: () => {
          logger.warn('the certificate of this push server was revoked; its devices are to go elsewhere');
          stopping.abort();
        },
      },
      ...{ server, ticketSecret },
      clock: systemClock,
      attended,
      load,
      logger,
      notifySupervisor,
    });
    process.on('message', (message, socket) => {
      if (isToWorker(message)) worker.handle(message, socket as ListeningSocket | undefined);
    });
    return worker;
  };
  await runService(create, stop, settings.drainMs);
}

/** The highest niceness, which is the lowest priority. */
const maxNiceness = 19;

/**
 * Makes this process less urgent than the supervisor and the balancers of its machine: under load they get their turn first,
 * and are heard. A system that does not allow it is left as it is.
 */
function lowerPriority(by: number, logger: Logger): void {
  if (by === 0) return;
  try {
    setPriority(Math.min(maxNiceness, getPriority() + by));
  } catch (error) {
    logger.warn(
      { err: error },
      'this worker competes with its supervisor for the processor: its priority stays as it is',
    );
  }
}

/** Credentials come before the task, and later ones for as long as the process lives. `undefined`: `stop` fired first. */
async function receiveTask(stop: AbortSignal, handed: HandedCredentials): Promise<WorkerTask | undefined> {
  if (stop.aborted) return undefined;
  const received = new Promise<WorkerTask>((resolve) => {
    process.on('message', (message) => {
      if (!isToWorker(message)) return;
      if (message.kind === 'use-credentials') handed.take(message.credentials);
      if (message.kind === 'start') resolve(message.task);
    });
  });
  return (await Promise.race([received, aborted(stop)])) ?? undefined;
}

/**
 * Fires when the supervisor requests the drain, or is gone. Listens before the task is received: messages that came while this
 * process was being loaded are all handed out at once.
 */
function stopRequested(): AbortController {
  const controller = new AbortController();
  process.on('message', (message) => {
    if (isToWorker(message) && message.kind === 'drain') controller.abort();
  });
  process.once('disconnect', () => controller.abort());
  if (!process.connected) controller.abort();
  return controller;
}

function notifySupervisor(message: FromWorker, socket?: ListeningSocket): void {
  // A supervisor that is gone has already made the disconnect that ends this process.
  if (process.connected) process.send?.(message, socket as SendHandle, undefined, () => {});
}

/** Kills a supervisor that hangs: whoever runs push servers starts one again that has ended. Then `stop` ends the worker. */
function watchSupervisor(hungAfterMs: number, attended: AttendedTime, logger: Logger, stop: () => void): void {
  const { ppid } = process;
  const watch = new SupervisorWatch({
    ...{ hungAfterMs, attended },
    onHung: (silentMs) => {
      logger.error({ supervisorPid: ppid, silentMs }, 'the supervisor says nothing and is killed');
      // Another parent is another process: the supervisor has ended meanwhile.
      if (process.ppid === ppid && process.connected) process.kill(ppid, 'SIGKILL');
      stop();
    },
  });
  process.on('message', (message) => {
    if (isToWorker(message)) watch.onHeard();
  });
}

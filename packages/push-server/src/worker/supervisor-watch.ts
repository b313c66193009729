import type { AttendedTime, Logger } from '@pushfleet/runtime';
import { isToWorker } from './messages.ts';

export interface SupervisorWatchOptions {
  /** A supervisor that is silent for this long is hung. */
  hungAfterMs: number;
  attended: AttendedTime;
  logger: Logger;
  /** The worker ends as it does when its supervisor has died. */
  stop(): void;
}

const lookEveryMs = 1_000;

/**
 * Ends the supervisor if it hangs. The registry has taken the push server for dead long since, devices that are linked here get no
 * commands, and no order to stop would be heard; whoever runs push servers starts one again that has ended.
 */
export function watchSupervisor({ hungAfterMs, attended, logger, stop }: SupervisorWatchOptions): void {
  const { ppid } = process;
  let heardAtMs = attended.now();
  process.on('message', (message) => {
    if (isToWorker(message)) heardAtMs = attended.now();
  });
  const look = attended.every(lookEveryMs, () => {
    const silentMs = attended.now() - heardAtMs;
    if (silentMs < hungAfterMs) return;
    look[Symbol.dispose]();
    logger.error({ supervisor: ppid, silentMs }, 'the supervisor says nothing and is killed');
    // Another parent is another process: the supervisor has ended meanwhile.
    if (process.ppid === ppid && process.connected) process.kill(ppid, 'SIGKILL');
    stop();
  });
}

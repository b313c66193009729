// Stops a process, and lets it go on when it is told to, when its parent is gone, however that ended, and after a time in any case.
import { systemClock } from '@pushfleet/runtime';
import { type GuardAnswer, letGoOn } from './process-pause.ts';

const [pid = 0, atMostMs = 0] = process.argv.slice(2).map(Number);

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('exit', () => letGoOn(pid));
process.on('disconnect', () => process.exit(0));
// A parent that is stopped itself is not gone.
systemClock.after(atMostMs, () => letGoOn(pid));
if (process.connected) process.send?.(stop(), () => {});
else process.exit(0);

function stop(): GuardAnswer {
  try {
    process.kill(pid, 'SIGSTOP');
    return {};
  } catch (error) {
    return { failure: (error as Error).message };
  }
}

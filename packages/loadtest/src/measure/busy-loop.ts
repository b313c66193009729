// Uses one core for as long as its parent lives.
import { systemClock } from '@pushfleet/runtime';

/** Longest time between two looks at whether the parent is gone. */
const turnMs = 20;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => process.exit(0));
if (process.connected) burn();
else process.exit(0);

function burn(): void {
  const untilMs = systemClock.now() + turnMs;
  while (systemClock.now() < untilMs);
  setImmediate(burn);
}

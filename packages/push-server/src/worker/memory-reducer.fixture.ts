// Holds many objects for a moment, is quiet then, and says so once V8 has given their pages back.
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '@pushfleet/runtime';
import { wakeMemoryReducer } from './memory-reducer.ts';

using _awake = wakeMemoryReducer(systemClock);
let held = Array.from({ length: 1_000_000 }, (_, index) => ({ index }));
// V8 collects a heap that has grown: from now on its memory reducer waits for a quiet moment.
globalThis.gc?.();
const grownBytes = process.memoryUsage().heapTotal;
held = held.slice(0, 1);
while (process.memoryUsage().heapTotal > grownBytes / 2) await sleep(500);
process.send?.(held.length);

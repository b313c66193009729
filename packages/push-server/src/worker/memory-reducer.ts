import { Script } from 'node:vm';
import type { Clock } from '@pushfleet/runtime';

/** The rate that V8 reckons with decays, and is exactly 0 after less than 115 s. */
const everyMs = 60_000;

/**
 * Lets V8 see that this process is quiet. Once few objects are allocated, its memory reducer collects the heap and gives the pages back
 * that a storm of devices left behind. It looks at the rate at which C++ objects of Node.js are allocated too, and takes a rate of
 * exactly 0 for a high one (V8 14.6): as nothing of ours makes such objects, it would run only 100 s after the last collection. A script
 * is one, and takes 0.05 ms.
 */
export function wakeMemoryReducer(clock: Pick<Clock, 'every'>): Disposable {
  const allocate = () => void new Script('0');
  allocate();
  return clock.every(everyMs, allocate);
}

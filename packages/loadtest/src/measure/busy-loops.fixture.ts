// A tool that runs a busy loop, says which process that is, and does nothing more.
import { BusyLoops } from './busy-loops.ts';

process.send?.(new BusyLoops(1).processes[0]?.pid);
process.on('message', () => {});

// A process that changes its priority as it is told to, and says what has become of it.
import { readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { lowerPriority, raisePriority } from './priority.ts';

await (process.argv[2] === 'lower' ? lowerPriority() : raisePriority());
const autogroup = readFileSync('/proc/self/autogroup', 'utf8').trim();
process.send?.({ niceness: getPriority(), autogroup });
process.on('message', () => {});

import { readFileSync } from 'node:fs';

/** The number of files that this process may have open. Node.js raises its soft limit to the hard one when it starts. */
export function readFileLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined || soft === 'unlimited' ? unknownLimit : Number(soft);
  } catch {
    return unknownLimit;
  }
}

/** The limit where the system names none (no /proc): the smallest that systems commonly grant after raising. */
const unknownLimit = 10_240;

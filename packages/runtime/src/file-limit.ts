import { readFileSync } from 'node:fs';

/**
 * The number of files that a process may have open. Node.js raises its soft limit to the hard one when it starts.
 * @param pid Another process than this one.
 */
export function readFileLimit(pid?: number): number {
  try {
    const [, soft] = /^Max open files\s+(\S+)/m.exec(readFileSync(`/proc/${pid ?? 'self'}/limits`, 'utf8')) ?? [];
    return soft === undefined || soft === 'unlimited' ? unknownLimit : Number(soft);
  } catch {
    return unknownLimit;
  }
}

/** The limit where the system names none (no /proc): the smallest that systems commonly grant after raising. */
const unknownLimit = 10_240;

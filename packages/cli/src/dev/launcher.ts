import { readFileSync } from 'node:fs';
import type { Clock, Environment } from '@pushfleet/runtime';

const lookEveryMs = 500;

/**
 * Fires when the npm or npx that started this process is gone: one that was killed tells nobody. Of a process that npm
 * has not started, or that learns of its parent's end by their channel, it never fires.
 */
export function launcherGone(environment: Environment, clock: Clock): AbortSignal {
  const gone = new AbortController();
  if (environment.npm_command === undefined || process.connected) return gone.signal;
  const { ppid } = process;
  // A shell of npm's may stand between the two, if it does not give way to what it runs.
  const beyond = isShell(ppid) ? parentOf(ppid) : undefined;
  const look = clock.every(lookEveryMs, () => {
    if (process.ppid === ppid && (beyond === undefined || parentOf(ppid) === beyond)) return;
    look[Symbol.dispose]();
    gone.abort();
  });
  return gone.signal;
}

function isShell(pid: number): boolean {
  return /^(?:ba|da|a|z|fi|k)?sh$/.test(read(pid, 'comm').trim());
}

/** `undefined`: the system does not tell. */
function parentOf(pid: number): number | undefined {
  // The name of the program, in parentheses, may hold anything.
  const [, parent] = /.*\) \S (\d+)/s.exec(read(pid, 'stat')) ?? [];
  return parent === undefined ? undefined : Number(parent);
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

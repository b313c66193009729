import { type ChildProcess, fork } from 'node:child_process';

/**
 * Starts another process of the tool, in a session of its own. A Ctrl-C is the tool's to answer, and Linux shares processors out among
 * sessions first, each an "autogroup", and by niceness only within one: in the tool's own session its processes would compete among
 * themselves alone, as one with the servers.
 * @param execArgv For Node.js.
 */
export function forkToolProcess(entry: URL, args: readonly string[] = [], execArgv: string[] = []): ChildProcess {
  return fork(entry, args, {
    detached: true,
    execArgv,
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

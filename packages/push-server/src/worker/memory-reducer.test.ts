import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

it('has V8 give memory back soon after a process has become quiet', async () => {
  const entry = new URL('./memory-reducer.fixture.ts', import.meta.url);
  // V8 looks whether all is quiet every 8 s by itself.
  const quiet = fork(entry, {
    execArgv: ['--expose-gc', '--gc-memory-reducer-start-delay-ms=500', '--memory-reducer-delay-ms=500'],
  });
  try {
    // V8 would do it by itself after 100 s: this test has less.
    expect(await once(quiet, 'message')).toEqual([1, undefined]);
  } finally {
    quiet.kill('SIGKILL');
  }
});

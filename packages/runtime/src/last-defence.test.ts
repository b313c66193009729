import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

/** A process of ours whose service meets exceptions that nothing catches; it stops when it is told to. */
const program = (duringStart: string, whileServing: string) => `
  import { Barrier } from '${import.meta.dirname}/barrier.ts';
  import { systemClock } from '${import.meta.dirname}/clock.ts';
  import { runService } from '${import.meta.dirname}/lifecycle.ts';
  const stop = new AbortController();
  const logger = { error: ({ place, err }) => console.log(place, err.message) };
  const awake = setInterval(() => {}, 1_000);
  const service = {
    barrier: new Barrier({ logger }),
    start: async () => { ${duringStart} },
    drain: async () => console.log('drained'),
    [Symbol.asyncDispose]: async () => clearInterval(awake),
  };
  process.on('message', () => stop.abort());
  setTimeout(() => { ${whileServing} }, 50);
  setTimeout(() => process.send?.('serving'), 200);
  await runService(async () => service, stop.signal, 1_000);
  process.disconnect();
`;

async function run(duringStart: string, whileServing: string) {
  const args = ['--no-warnings', '--input-type=module', '-e', program(duringStart, whileServing)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let said = '';
  child.stdout?.on('data', (text) => {
    said += text;
  });
  child.once('message', () => child.send('stop'));
  // Not its exit, at which what it said last may not have been read.
  const [status] = await once(child, 'close');
  return { status, said };
}

it.each([
  ['an exception', "throw new Error('thrown')", 'process thrown\ndrained\n'],
  ['a rejection', "void Promise.reject(new Error('rejected'))", 'process rejected\ndrained\n'],
])('outlives %s that nothing has caught, and says so', async (_, whileServing, expected) => {
  expect(await run('', whileServing)).toEqual({ status: 0, said: expected });
});

it('ends of one while it does not serve yet', async () => {
  const { status } = await run(
    'await new Promise((resolve) => setTimeout(resolve, 60_000))',
    "throw new Error('thrown')",
  );
  expect(status).not.toBe(0);
});

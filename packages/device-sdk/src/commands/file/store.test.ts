import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { succeeded } from '../ending.ts';
import { start } from '../runner.fixture.ts';
import { fileCommandStore } from './store.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'pushfleet-store-'));
  path = join(directory, 'of', 'device.jsonl');
});
afterEach(() => rmSync(directory, { recursive: true }));

it('remembers beginnings and ends over a restart', async () => {
  {
    await using store = fileCommandStore(path);
    expect(await store.load()).toEqual([]);
    await Promise.all(['c1', 'c2'].map((id) => store.begin(id)));
    await store.end('c1', succeeded({ output: 'done' }));
  }
  appendFileSync(path, '{"end":"c2","res');
  await using store = fileCommandStore(path);
  const loaded = await store.load();
  expect(loaded).toMatchObject([
    { id: 'c2', ending: 'begun' },
    { id: 'c1', ending: { succeeded: { output: Buffer.from('done') } } },
  ]);
  await store.begin('c3');
  expect(readFileSync(path, 'utf8').split('\n').at(-2)).toBe('{"begin":"c3"}');
});

it('has a command on the disk when `begin` resolves', async () => {
  await using store = fileCommandStore(path);
  await store.load();
  await store.begin('c1');
  expect(readFileSync(path, 'utf8')).toBe('{"begin":"c1"}\n');
});

it('stays small, and forgets no command that runs', async () => {
  await using store = fileCommandStore(path, { commands: 10, outputBytes: 0 });
  await store.load();
  await store.begin('long');
  const ending = succeeded({ output: Buffer.alloc(100_000) });
  for (let nth = 0; nth < 60; nth += 1) {
    await store.begin(`c${nth}`);
    await store.end(`c${nth}`, ending);
    expect(statSync(path).size).toBeLessThan(1_048_576 + 300_000);
  }
  await using next = fileCommandStore(path, { commands: 10, outputBytes: 0 });
  const ids = (await next.load()).map(({ id }) => id);
  expect(ids.at(-1)).toBe('c59');
  expect(readFileSync(path, 'utf8').length).toBeLessThan(1_000);
});

it('says so where the file is damaged', async () => {
  await using store = fileCommandStore(join(directory, 'damaged'));
  writeFileSync(join(directory, 'damaged'), 'this is no store\n{"begin":"c1"}\n');
  await expect(store.load()).rejects.toThrow(/damaged: line 1 cannot be read/);
});

it('lets a runner repeat results over a restart, and never run a command twice', async () => {
  const runs: string[] = [];
  const restart = async () => {
    const store = fileCommandStore(path);
    const made = start({ store });
    await made.runner.load();
    made.runner.handlers.set('forceSync', (_, { commandId, signal }) => {
      runs.push(commandId);
      if (commandId === 'endless') return new Promise((_resolve, reject) => signal.addEventListener('abort', reject));
      return { output: 'first time' };
    });
    return { ...made, store };
  };
  const first = await restart();
  first.take('endless');
  first.take('ended');
  expect(String((await first.results.next()).succeeded?.output)).toBe('first time');
  await first.store[Symbol.asyncDispose]();

  const second = await restart();
  second.take('ended');
  expect(String((await second.results.next()).succeeded?.output)).toBe('first time');
  second.take('endless');
  expect(await second.results.next()).toMatchObject({
    failed: { reason: 'the device restarted while the command ran' },
  });
  expect(runs.toSorted()).toEqual(['ended', 'endless']);
  await second.store[Symbol.asyncDispose]();
});

it('runs nothing that it cannot remember', async () => {
  await using store = fileCommandStore(path);
  const { runner, results, take } = start({ store });
  await runner.load();
  let runs = 0;
  runner.handlers.set('forceSync', () => {
    runs += 1;
  });
  await store[Symbol.asyncDispose]();
  take('c1');
  expect(await results.next()).toMatchObject({ rejected: { reason: expect.stringContaining('cannot keep record') } });
  expect(runs).toBe(0);
});

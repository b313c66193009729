import { fork } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { BusyLoops } from './busy-loops.ts';
import { readProcessUsage } from './process-usage.ts';

it('uses CPU until it is disposed', async () => {
  await using loops = new BusyLoops(2);
  const pids = loops.processes.map(({ pid }) => pid);
  expect(pids).toHaveLength(2);
  await vi.waitFor(() => expect(readProcessUsage(pids[1] as number)?.cpuSeconds).toBeGreaterThan(0.3), 20_000);
  await loops[Symbol.asyncDispose]();
  expect(pids.map(readProcessUsage)).toEqual([undefined, undefined]);
});

it('ends with the tool, however that ends', async () => {
  const tool = fork(new URL('./busy-loops.fixture.ts', import.meta.url), { execArgv: [] });
  const [pid] = (await once(tool, 'message')) as [number];
  expect(readProcessUsage(pid)).toBeDefined();
  tool.kill('SIGKILL');
  await vi.waitFor(() => expect(readProcessUsage(pid)).toBeUndefined(), 20_000);
});

import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isStopped } from '../measure/process-usage.ts';
import { ProcessPause } from './process-pause.ts';

let victim: ChildProcess;

beforeEach(async () => {
  victim = spawn('sleep', ['120'], { stdio: 'ignore' });
  await once(victim, 'spawn');
});

afterEach(() => {
  victim.kill('SIGKILL');
});

const pid = () => victim.pid as number;

it('stops a process until it is disposed', async () => {
  await using _ = await ProcessPause.begin(pid(), 60_000);
  await vi.waitFor(() => expect(isStopped(pid())).toBe(true));
  await _[Symbol.asyncDispose]();
  await vi.waitFor(() => expect(isStopped(pid())).toBe(false));
});

it('lets it go on after the longest time that was given, whoever has forgotten it', async () => {
  await using _ = await ProcessPause.begin(pid(), 1);
  await vi.waitFor(() => expect(isStopped(pid())).toBe(false), { timeout: 10_000 });
});

it.each(['SIGKILL', 'SIGTERM', 'SIGSTOP'] as const)('lets it go on although the tool got a %s', async (signal) => {
  const tool = fork(new URL('./process-pause.fixture.ts', import.meta.url), [String(pid())], { execArgv: [] });
  try {
    await once(tool, 'message');
    await vi.waitFor(() => expect(isStopped(pid())).toBe(true));
    tool.kill(signal);
    await vi.waitFor(() => expect(isStopped(pid())).toBe(false), { timeout: 10_000 });
  } finally {
    tool.kill('SIGKILL');
  }
});

it('says which process cannot be stopped', async () => {
  victim.kill('SIGKILL');
  await once(victim, 'exit');
  await expect(ProcessPause.begin(pid(), 60_000)).rejects.toThrow(`process ${pid()} cannot be stopped`);
});

import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { describe, expect, it } from 'vitest';
import { forkToolProcess } from './tool-process.ts';

const mine = '/proc/self/autogroup';
const isRoot = process.getuid?.() === 0;

/** The priority of a process of the tool after that change. */
async function priorityOf(change: 'lower' | 'raise'): Promise<{ niceness: number; autogroup: string }> {
  const child = forkToolProcess(new URL('./priority.fixture.ts', import.meta.url), [change]);
  const [priority] = (await once(child, 'message')) as [{ niceness: number; autogroup: string }];
  child.disconnect();
  await once(child, 'exit');
  return priority;
}

describe.runIf(existsSync(mine))('a process of the load tool on Linux', () => {
  it('is less urgent than servers in other sessions, where it plays many devices', async () => {
    const before = readFileSync(mine, 'utf8').trim();
    const { niceness, autogroup } = await priorityOf('lower');
    expect(niceness).toBe(Math.min(19, getPriority() + 10));
    expect(autogroup).toMatch(/ nice 10$/);
    expect(readFileSync(mine, 'utf8').trim()).toBe(before);
  });

  it('is more urgent where it measures, as root', async () => {
    const { niceness, autogroup } = await priorityOf('raise');
    expect(niceness).toBe(isRoot ? getPriority() - 5 : getPriority());
    expect(autogroup).toMatch(isRoot ? / nice -5$/ : / nice 0$/);
  });
});

import { type DeviceId, type Epoch, parseBootId, parseNodeId, parseWorkerId } from '@pushfleet/protocol';
import type { SessionRef } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { judgeEvictions } from './eviction.ts';

const caller = { role: 'push-server', name: 'dp-2' } as const;
const session = (nodeId: string, epoch: number): SessionRef => ({
  ...{ nodeId: parseNodeId(nodeId), workerId: parseWorkerId('w0'), bootId: parseBootId('b'), link: 'mqtt' },
  ...{ epoch: epoch as Epoch, openedAtMs: 1 },
});

it.each<[what: string, current: SessionRef | undefined, verdict: 'permitted' | 'refused' | 'left out']>([
  ['has a newer session at who asks', session('dp-2', 8), 'permitted'],
  ['has gone on to a third push server', session('dp-3', 9), 'permitted'],
  ['has the session that is to end', session('dp-1', 7), 'refused'],
  ['has an older session than what is to end', session('dp-1', 6), 'refused'],
  ['has an older session at who asks', session('dp-2', 7), 'refused'],
  ['has no session any more', undefined, 'left out'],
])('an eviction of a device that %s', (_what, current, verdict) => {
  const eviction = { deviceId: 'd1', epoch: 7 };
  const sessions = new Map(current ? [['d1' as DeviceId, current]] : []);
  const { permitted, refusal } = judgeEvictions([eviction], sessions, caller);
  expect(permitted).toEqual(verdict === 'permitted' ? [eviction] : []);
  expect(refusal?.detail).toBe(
    verdict === 'refused'
      ? 'push server dp-2 asked to evict device d1, which has no newer session elsewhere'
      : undefined,
  );
});

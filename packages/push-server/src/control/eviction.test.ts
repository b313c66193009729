import { type DeviceId, type Epoch, parseBootId, parseNodeId, parseWorkerId } from '@pushfleet/protocol';
import type { SessionRef } from '@pushfleet/registry';
import { expect, it } from 'vitest';
import { heldByThird, judgeEvictions } from './eviction.ts';

const caller = { role: 'push-server', name: 'dp-2' } as const;
const session = (nodeId: string, epoch: number): SessionRef => ({
  ...{ nodeId: parseNodeId(nodeId), workerId: parseWorkerId('w0'), bootId: parseBootId('b'), link: 'mqtt' },
  ...{ epoch: epoch as Epoch, openedAtMs: 1 },
});

it.each<
  [
    what: string,
    current: SessionRef | undefined,
    verdict: 'permitted' | 'refused' | 'not there' | 'left out',
    wasThere?: boolean,
  ]
>([
  ['has a newer session at who asks', session('dp-2', 8), 'permitted'],
  ['has gone on to a third push server from who asks', session('dp-3', 9), 'permitted', true],
  ['has a newer session that was never at who asks', session('dp-3', 9), 'not there'],
  ['has the session that is to end', session('dp-1', 7), 'refused'],
  ['has an older session than what is to end', session('dp-1', 6), 'refused'],
  ['has an older session at who asks', session('dp-2', 7), 'refused'],
  ['has no session any more', undefined, 'left out'],
])('an eviction of a device that %s', (_what, current, verdict, wasThere) => {
  const eviction = { deviceId: 'd1', epoch: 7, newerIsGone: false };
  const sessions = new Map(current ? [['d1' as DeviceId, current]] : []);
  expect(heldByThird([eviction], sessions, caller)).toEqual(current?.nodeId === 'dp-3' ? ['d1'] : []);
  const formerlyAtCaller = new Set(wasThere ? ['d1' as DeviceId] : []);
  const { permitted, refusal } = judgeEvictions([eviction], { current: sessions, formerlyAtCaller }, caller);
  expect(permitted).toEqual(verdict === 'permitted' ? [eviction] : []);
  const why = { refused: ', which has no newer session elsewhere', 'not there': ', whose newer session is not there' };
  const words = why[verdict as keyof typeof why];
  expect(refusal?.detail).toBe(words && `push server dp-2 asked to evict device d1${words}`);
});

import { PushfleetError } from '@pushfleet/protocol';
import type { AnnouncementAnswer, BalancerRecord } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import { Announcement } from './announcement.ts';

const balancer = { balancerId: 'aaaaaaaaaa', peerAddress: '127.0.0.1:40000' };

const ok: AnnouncementAnswer = { verdict: 'ok', position: '' };

function announcementOf(answer: (known: string | undefined) => Promise<AnnouncementAnswer> = async () => ok) {
  const clock = new ManualClock();
  const done: string[] = [];
  const balancers = {
    announce: async ({ balancerId }: BalancerRecord, ttlMs: number, known?: string) => {
      done.push(`announce ${balancerId} ${ttlMs}`);
      return answer(known);
    },
    withdraw: async ({ balancerId }: BalancerRecord) => void done.push(`withdraw ${balancerId}`),
  };
  const onForgotten = () => void done.push('forgotten');
  const announcement = new Announcement({ balancers, balancer, onForgotten, clock, logger: silentLogger });
  return { clock, done, announcement };
}

it('says what the registry was at last, also over failures, and tells of what it may have lost since', async () => {
  const answers: (AnnouncementAnswer | undefined)[] = [
    { verdict: 'ok', position: 'p1' },
    undefined,
    { verdict: 'restarted', position: 'p2' },
    { verdict: 'lost', position: 'p3' },
    ok,
  ];
  const known: (string | undefined)[] = [];
  const { clock, done, announcement } = announcementOf(async (position) => {
    known.push(position);
    const answer = answers.shift();
    if (!answer) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'away');
    return answer;
  });
  await announcement.announce();
  for (let turn = 0; turn < 4; turn += 1) await clock.turn(3_000);
  expect(known).toEqual([undefined, 'p1', 'p1', 'p2', 'p3']);
  expect(done.filter((one) => one === 'forgotten')).toHaveLength(2);
});

it('is renewed long before it ends, also after the registry did not answer', async () => {
  const { clock, done, announcement } = announcementOf(() =>
    Promise.reject(new PushfleetError('REGISTRY_UNAVAILABLE', 'away')),
  );
  await announcement.announce();
  await clock.turn(3_000);
  await clock.turn(3_000);
  expect(done).toEqual(Array(3).fill('announce aaaaaaaaaa 15000'));
});

it('is withdrawn after an announcement that is under way, and not renewed any more', async () => {
  const { promise, resolve } = Promise.withResolvers<AnnouncementAnswer>();
  const { clock, done, announcement } = announcementOf(() => promise);
  const announced = announcement.announce();
  const withdrawn = announcement.withdraw();
  expect(done).toEqual(['announce aaaaaaaaaa 15000']);
  resolve(ok);
  await Promise.all([announced, withdrawn, announcement.withdraw()]);
  await clock.turn(10_000);
  expect(done).toEqual(['announce aaaaaaaaaa 15000', 'withdraw aaaaaaaaaa']);
  expect(clock.pending).toBe(0);
});

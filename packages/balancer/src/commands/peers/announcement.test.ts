import { PushfleetError } from '@pushfleet/protocol';
import type { BalancerRecord } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import { Announcement } from './announcement.ts';

const balancer = { balancerId: 'aaaaaaaaaa', peerAddress: '127.0.0.1:40000' };

function announcementOf(answer: () => Promise<void> = async () => {}) {
  const clock = new ManualClock();
  const done: string[] = [];
  const balancers = {
    announce: async ({ balancerId }: BalancerRecord, ttlMs: number) => {
      done.push(`announce ${balancerId} ${ttlMs}`);
      await answer();
    },
    withdraw: async ({ balancerId }: BalancerRecord) => void done.push(`withdraw ${balancerId}`),
  };
  return { clock, done, announcement: new Announcement({ balancers, balancer, clock, logger: silentLogger }) };
}

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
  const { promise, resolve } = Promise.withResolvers<void>();
  const { clock, done, announcement } = announcementOf(() => promise);
  const announced = announcement.announce();
  const withdrawn = announcement.withdraw();
  expect(done).toEqual(['announce aaaaaaaaaa 15000']);
  resolve();
  await Promise.all([announced, withdrawn, announcement.withdraw()]);
  await clock.turn(10_000);
  expect(done).toEqual(['announce aaaaaaaaaa 15000', 'withdraw aaaaaaaaaa']);
  expect(clock.pending).toBe(0);
});

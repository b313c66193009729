import type { CommandId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { Report } from '../session/session.ts';
import { RecentReports } from './recent-reports.ts';

function result(commandId: string, deviceId = `device-of-${commandId}`): Report {
  const succeeded = { output: Buffer.alloc(0), statistics: null, alreadyEnded: false };
  return {
    ...{ commandId: commandId as CommandId, deviceId, report: 'result' },
    result: { commandId, outcome: 'succeeded', succeeded },
  };
}

const idsOf = (reports: Report[]) => reports.map(({ commandId }) => commandId);

describe('what was told to every balancer', () => {
  it('is kept for as long as a balancer waits for it', () => {
    const recent = new RecentReports();
    recent.add(result('old'), 10, 0);
    recent.add(result('new'), 10, 10_000);
    expect(idsOf(recent.list(14_999))).toEqual(['old', 'new']);
    expect(idsOf(recent.list(15_000))).toEqual(['new']);
  });

  it('leaves out what nobody waits for here', () => {
    const recent = new RecentReports();
    recent.add(result('d-durable'), 10, 0);
    recent.add({ commandId: 'c' as CommandId, deviceId: 'laptop', report: 'delivered', delivered: {} }, 10, 0);
    expect(recent.list(0)).toEqual([]);
  });

  it('is bounded in number and bytes: the oldest goes', () => {
    const recent = new RecentReports();
    for (let nth = 0; nth < 5_000; nth += 1) recent.add(result(`${nth}`), 10, 0);
    expect(idsOf(recent.list(0))).toHaveLength(4_096);
    expect(recent.list(0)[0]?.commandId).toBe('904');
    recent.add(result('large'), 8_388_608, 0);
    expect(idsOf(recent.list(0))).toEqual(['large']);
  });

  it.each([
    ['results', 10, 1_024],
    ['bytes', 20_000, 104],
  ])('has room for others beside a device that invents %s', (_, bytes, kept) => {
    const recent = new RecentReports();
    recent.add(result('other'), 10, 0);
    for (let nth = 0; nth < 5_000; nth += 1) recent.add(result(`${nth}`, 'inventor'), bytes, 0);
    const ids = idsOf(recent.list(0));
    expect([ids.length, ids[0], ids.at(-1)]).toEqual([kept + 1, 'other', '4999']);
    expect(recent.list(15_000)).toEqual([]);
    recent.add(result('later', 'inventor'), bytes, 15_000);
    expect(idsOf(recent.list(15_000))).toEqual(['later']);
  });
});

import type { NewAuditEvent } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { AuditLog, outcomeOf, subjectOf } from './audit-log.ts';

const deed = (target: string, outcome = 'OK') => ({
  ...{ caller: 'sync-job', address: '127.0.0.1:5', method: 'pushfleet.admin.v1.CommandService/Push' },
  ...{ target, operation: 'force_sync', outcome },
});

function startLog() {
  const clock = new ManualClock();
  const written: NewAuditEvent[] = [];
  const registry = { on: true };
  const append = async (events: readonly NewAuditEvent[]) => {
    if (!registry.on) throw new Error('away');
    written.push(...events);
  };
  const said: unknown[] = [];
  const logger = { ...silentLogger, error: () => {}, info: (what: unknown) => said.push(what) };
  const log = new AuditLog({ audit: { append }, clock, logger: logger as never });
  return { clock, written, registry, log, said };
}

it('writes each deed of a quiet second down by itself, a moment later', async () => {
  const { clock, written, log } = startLog();
  log.record(deed('device d-1'));
  log.record(deed('device d-2', 'NOT_CONNECTED'));
  expect(written).toEqual([]);
  await clock.turn(200);
  expect(written.map(({ target, outcome, count }) => [target, outcome, count])).toEqual([
    ['device d-1', 'OK', 1],
    ['device d-2', 'NOT_CONNECTED', 1],
  ]);
});

it('tells what is beyond a hundred in a second by numbers, and leaves none out', async () => {
  const { clock, written, log } = startLog();
  for (let at = 0; at < 5_000; at += 1) log.record(deed(`device d-${at}`, at % 2 ? 'SUCCEEDED' : 'NOT_CONNECTED'));
  await clock.turn(1_200);
  expect(written).toHaveLength(102);
  expect(written.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
  expect(written.slice(100).map(({ target, outcome, count }) => [target, outcome, count])).toEqual([
    ['', 'NOT_CONNECTED', 2_450],
    ['', 'SUCCEEDED', 2_450],
  ]);
});

it('tells each of five refused strangers a second, and the others by their number, beside what the known ones do', async () => {
  const { clock, written, log } = startLog();
  const refused = { ...deed(''), caller: '', method: 'POST /v1/session', outcome: 'BAD_TOKEN' };
  for (let at = 0; at < 5_000; at += 1) log.record({ ...refused, address: `192.0.2.${at % 256}:1` });
  for (let at = 0; at < 100; at += 1) log.record(deed(`device d-${at}`));
  await clock.turn(1_200);
  const strangers = written.filter(({ caller }) => caller === '');
  expect(strangers.map(({ address, count }) => [address, count])).toEqual([
    ...Array.from({ length: 5 }, (_, at) => [`192.0.2.${at}:1`, 1]),
    ['', 4_995],
  ]);
  expect(written.filter(({ caller, count }) => caller !== '' && count === 1)).toHaveLength(100);
});

it('keeps what the registry does not take, in order, and writes the rest when it stops', async () => {
  const { clock, written, registry, log } = startLog();
  registry.on = false;
  log.record(deed('device d-1'));
  await clock.turn(400);
  log.record(deed('device d-2'));
  await clock.turn(400);
  expect(written).toEqual([]);
  registry.on = true;
  log.record(deed('device d-3'));
  await log[Symbol.asyncDispose]();
  expect(written.map(({ target }) => target)).toEqual(['device d-1', 'device d-2', 'device d-3']);
});

it('keeps at most 10,000 that wait, and says how many are lost', async () => {
  const { clock, written, registry, log, said } = startLog();
  registry.on = false;
  for (let second = 0; second < 120; second += 1) {
    for (let at = 0; at < 100; at += 1) log.record(deed(`device d-${second}-${at}`));
    await clock.turn(1_000);
  }
  registry.on = true;
  await clock.turn(1_000);
  expect(written).toHaveLength(10_000);
  expect(written[0]?.target).toBe('device d-0-0');
  expect(said).toEqual([{ lost: 2_000 }]);
});

it.each<[request: object | undefined, target: string]>([
  [{ deviceId: 'd-1', operation: { forceSync: {} } }, 'device d-1'],
  [{ device: { deviceId: 'd-1', group: 'HQ' }, secret: 'x' }, 'device d-1'],
  [{ group: { path: 'HQ' } }, 'group HQ'],
  [{ group: 'HQ' }, 'group HQ'],
  [{ distributionPoint: { distributionPointId: 'dp-1' } }, 'distribution point dp-1'],
  [{ nodeId: 'dp-1' }, 'push server dp-1'],
  [{ groupPushId: 'p-1' }, 'group push p-1'],
  [{ name: 'sync-job' }, 'token sync-job'],
  [{}, ''],
  [undefined, ''],
])('says what %j is about', (request, target) => {
  expect(subjectOf(request).target).toBe(target);
});

it.each([
  [undefined, { status: { outcome: 'OUTCOME_SUCCEEDED' } }, 'SUCCEEDED'],
  [undefined, {}, 'OK'],
])('says what came of a call', (error, response, outcome) => {
  expect(outcomeOf(error, response)).toBe(outcome);
});

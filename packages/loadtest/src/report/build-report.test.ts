import { expect, it } from 'vitest';
import { loadReportSchema } from './load-report.ts';
import { syntheticReport } from './synthetic-report.fixture.ts';

const report = syntheticReport({ seconds: 40, devices: 900, nodes: 3, thresholds: ['links.lost > 0'] });

it('makes a report that is as documented, and comes back from a file as it was', () => {
  expect(loadReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

it('counts what came, what went and what stayed', () => {
  const { devices, connects, links, closes, connectFailures, resumedShare } = report.summary;
  expect(devices).toEqual({ wanted: 900, connected: 900, peak: 900 });
  expect(connects.succeeded).toBe(1200);
  expect(links.lost).toBe(300);
  expect(closes).toEqual({ linkLost: 300 });
  expect(connectFailures.OVERLOADED).toBe((connectFailures.timeout ?? 0) * 3);
  expect(resumedShare).toBeGreaterThan(0);
});

it('compares the phases of a run with its rest', () => {
  const p99 = (name: string) => report.phases.find((phase) => phase.name === name)?.latencies.push?.p99Ms ?? 0;
  const slowest = Math.max(p99('ramp'), p99('loss'), p99('return'));
  expect(report.summary.pushes.slowdown).toBeCloseTo(slowest / p99('rest'));
});

it('lets a scenario say what only it knows', () => {
  const figures = { spread: 1.5, groupSync: { devices: 900, answered: 900, allAnsweredMs: 410 } };
  const { summary } = syntheticReport({ seconds: 5, devices: 30, nodes: 3, facts: { figures } });
  expect(summary).toMatchObject(figures);
});

it('is whole where nothing happened at all', () => {
  const empty = syntheticReport({ seconds: 0, devices: 1, nodes: 1, facts: { figures: {} } });
  expect(loadReportSchema.parse(empty)).toEqual(empty);
  expect(empty.summary).toMatchObject({ spread: null, resumedShare: null, serverCpuSeconds: null });
});

import { expect, it } from 'vitest';
import { compareReports, renderComparison } from './compare-reports.ts';
import { parseReport, ReportSyntaxError } from './parse-report.ts';
import { syntheticReport } from './synthetic-report.fixture.ts';

const report = syntheticReport({ seconds: 20, devices: 300, nodes: 3 });

it('reads back what was written', () => {
  expect(parseReport(JSON.stringify(report))).toEqual(report);
});

it.each([
  ['', 'is no JSON'],
  ['[]', 'is no report of a load test'],
  ['null', 'is no report of a load test'],
  ['{"kind":"else"}', 'is no report of a load test'],
  ['{"kind":"pushfleet-load-report"}', 'has schemaVersion none; this program reads 1'],
  ['{"kind":"pushfleet-load-report","schemaVersion":2}', 'has schemaVersion 2; this program reads 1'],
  [JSON.stringify({ ...report, durationMs: 'long' }), 'is no whole report: durationMs'],
  [JSON.stringify({ ...report, phases: [{}] }), 'is no whole report: phases.0.name'],
])('says why %.40s is none', (text, reason) => {
  expect(() => parseReport(text)).toThrow(ReportSyntaxError);
  expect(() => parseReport(text)).toThrow(reason);
});

it('reads a report of a later version that only knows more', () => {
  expect(parseReport(JSON.stringify({ ...report, weather: 'fine' }))).toEqual(report);
});

it('compares what both have measured, the greatest change first', () => {
  const summary = { ...report.summary, serverCpuMsPerReturn: 2.76, memoryKiBPerLink: null };
  const { compared, differences } = compareReports(report, { ...report, summary });
  expect(differences).toEqual([]);
  expect(compared.find(({ name }) => name === 'return.cpu')).toMatchObject({ before: 1.38, after: 2.76, ratio: 2 });
  expect(compared.some(({ name }) => name === 'memory.perLink')).toBe(false);
  const [head, first] = renderComparison({ compared, differences }).split('\n');
  expect(head).toMatch(/^METRIC +BEFORE +AFTER +RATIO$/);
  expect(first).toMatch(/^return\.cpu +1\.38 ms +2\.76 ms +× 2\.00$/);
});

it('says in what two runs differ that were not the same', () => {
  const machine = { ...report.machine, cores: 64 };
  const options = { ...report.options, devices: 5, '\x1b': true, json: '/tmp/x' };
  const text = renderComparison(compareReports(report, { ...report, machine, options, endedEarly: 'interrupted' }));
  expect(text.split('\n').slice(-5)).toEqual([
    'The runs were not the same:',
    '  cores: 2 and 64',
    '  ended early: no and interrupted',
    '  --devices: 20000 and 5',
    '  --\\x1b: not given and true',
  ]);
});

it('has no ratio where memory was given back', () => {
  const of = (memoryKiBPerLink: number) => ({ ...report, summary: { ...report.summary, memoryKiBPerLink } });
  const ratios = [compareReports(of(-151), of(40)), compareReports(of(40), of(-151))].map(
    ({ compared }) => compared.find(({ name }) => name === 'memory.perLink')?.ratio,
  );
  expect(ratios).toEqual([null, null]);
});

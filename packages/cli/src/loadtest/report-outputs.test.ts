import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildReport, LinkSamples, ProcessSamples, parseReport, RunRecording } from '@pushfleet/loadtest';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CommandFailure } from '../output/failure.ts';
import { ReportOutputs } from './report-outputs.ts';

const report = buildReport(
  {
    ...{ pushfleetVersion: '0.1.0', scenario: 'soak', command: 'pushfleet loadtest soak', options: {}, figures: {} },
    machine: { cores: 2, cpuModel: 'any', memoryBytes: 1, kernel: 'Linux', nodeVersion: '26', fileLimit: null },
    ...{ startedAtWallMs: 0, durationMs: 1000, endedEarly: null, devicesWanted: 1, remarks: [], thresholds: [] },
  },
  { recording: new RunRecording(() => 1000), processes: new ProcessSamples(), links: new LinkSamples() },
);
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'report-outputs-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('writes both files', async () => {
  const [json, html] = [join(directory, 'run.json'), join(directory, 'run.html')];
  await (await ReportOutputs.open({ json, html })).write(report);
  expect(parseReport(await readFile(json, 'utf8'))).toEqual(report);
  expect(await readFile(html, 'utf8')).toMatch(/^<!doctype html>/);
});

it('refuses before the run what cannot be written after it', async () => {
  const json = join(directory, 'missing', 'run.json');
  await expect(ReportOutputs.open({ json })).rejects.toThrow(CommandFailure);
  await expect(ReportOutputs.open({ html: directory })).rejects.toThrow('it is a directory');
});

it('refuses one file for both, unless it is none that is replaced', async () => {
  const json = join(directory, 'run.json');
  const html = `${directory}/./run.json`;
  await expect(ReportOutputs.open({ json, html })).rejects.toThrow('--json and --report name the same file');
  await (await ReportOutputs.open({ json: '/dev/null', html: '/dev/null' })).write(report);
  expect(await readdir(directory)).toEqual([]);
});

it('keeps the JSON where the page has no room', async () => {
  const json = join(directory, 'run.json');
  const outputs = await ReportOutputs.open({ json, html: '/dev/full' });
  await expect(outputs.write(report)).rejects.toThrow('Cannot write a report to /dev/full: no space left');
  expect(await readdir(directory)).toEqual(['run.json']);
});

it('writes nothing where nothing is wanted', async () => {
  await (await ReportOutputs.open({})).write(report);
});

import { expect, it } from 'vitest';
import { LinkSamples } from './link-samples.ts';
import { type ProcessSample, ProcessSamples } from './process-samples.ts';

const worker = (sample: Partial<ProcessSample>): ProcessSample => ({
  role: 'worker',
  name: 'lp-0/w0',
  pid: 10,
  cpuSeconds: 5,
  rssBytes: 1000,
  ...sample,
});

it('counts CPU from the first sample, and between any two times', () => {
  const samples = new ProcessSamples();
  for (let second = 0; second <= 10; second++) samples.add(second * 1000, worker({ cpuSeconds: 5 + second / 2 }));
  expect(samples.cpuSeconds(['worker'])).toBe(5);
  expect(samples.cpuSecondsBetween(['worker'], 2500, 4500)).toBeCloseTo(1);
  expect(samples.cpuSecondsBetween(['worker'], -1000, 99_000)).toBe(5);
  expect(samples.cpuSeconds(['balancer'])).toBeNull();
  expect(samples.uses()[0]?.cores.slice(0, 3)).toEqual([null, 0.5, 0.5]);
});

it('tells two lives of one name apart', () => {
  const samples = new ProcessSamples();
  samples.add(0, worker({}));
  samples.end(10, 500);
  samples.add(1000, worker({ pid: 11, rssBytes: 4000 }));
  expect(samples.uses()).toMatchObject([
    { name: 'lp-0/w0', pid: 10, endedAtMs: 500 },
    { name: 'lp-0/w0 (2)', pid: 11, endedAtMs: null },
  ]);
  expect(samples.rssBytesAt(['worker'], 1000)).toBe(4000);
});

it('has fewer samples per minute, and bounded memory, in a long run', () => {
  const samples = new ProcessSamples();
  for (let second = 0; second < 20_000; second++) samples.add(second * 1000, worker({ cpuSeconds: second / 4 }));
  const [use] = samples.uses();
  expect(use?.atMs.length).toBeLessThanOrEqual(3600);
  expect(use?.atMs.at(-1)).toBeGreaterThan(19_900_000);
  expect(use?.cores.at(-1)).toBeCloseTo(0.25);
  expect(use?.cpuSeconds).toBeCloseTo(19_999 / 4);
});

it('compares the fullest push server with the mean of those that hold links', () => {
  const links = new LinkSamples();
  links.add(0, 'dp-0', null, 100);
  links.add(0, 'dp-0', 'w0', 100);
  links.add(0, 'dp-1', null, 110);
  links.add(0, 'dp-2', null, 90);
  expect(links.spread()).toBeCloseTo(1.1);
  links.add(1000, 'dp-2', null, null);
  expect(links.spread()).toBeCloseTo(110 / 105);
  expect(new LinkSamples().spread()).toBeNull();
});

it('reports samples as of now, whatever is added while the report is written', () => {
  const [samples, links] = [new ProcessSamples(), new LinkSamples()];
  samples.add(0, worker({}));
  links.add(0, 'lp-0', null, 1);
  const [uses, counts] = [samples.uses(), links.counts()];
  samples.add(1000, worker({ rssBytes: 4000 }));
  links.add(1000, 'lp-0', null, 2);
  expect(uses[0]).toMatchObject({ atMs: [0], cores: [null], rssBytes: [1000] });
  expect(counts).toMatchObject([{ atMs: [0], links: [1] }]);
});

import { meter, metrics } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { WorkerReadings } from './worker-readings.ts';

it('keeps what ended workers had counted, also of those that took their names', async () => {
  const readings = new WorkerReadings();
  const own = meter.read().map(() => 0);
  const ended = async () =>
    /pushfleet_links_ended_total\{reason="goodbye"\} (\d+)/.exec(await readings.render(own))?.[1];
  const reading = (count: number) => {
    const before = meter.read();
    meter.count(metrics.linksEnded, 'goodbye', count);
    return meter.read().map((number, at) => number - (before[at] ?? 0));
  };
  expect(await ended()).toBeUndefined();
  readings.set('w0', reading(3));
  readings.set('w1', reading(4));
  expect(await ended()).toBe('7');
  readings.onExit('w0');
  expect(await ended()).toBe('7');
  readings.set('w0', reading(1));
  readings.set('w0', reading(2));
  readings.onExit('w0');
  readings.onExit('w0');
  expect(await ended()).toBe('9');
});

it('counts the durable commands that ended, at workers that have ended as well', () => {
  const readings = new WorkerReadings();
  expect(readings.commandsEnded()).toEqual({});
  const before = meter.read();
  meter.count(metrics.durableStatuses, 'OUTCOME_SUCCEEDED', 2);
  meter.count(metrics.durableStatuses, 'OUTCOME_DELIVERED', 9);
  const counted = meter.read().map((number, at) => number - (before[at] ?? 0));
  readings.set('w0', counted);
  readings.set('w1', counted);
  readings.onExit('w1');
  expect(readings.commandsEnded()).toEqual({ OUTCOME_SUCCEEDED: 4 });
});

import type { device } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { succeeded } from './ending.ts';
import { Outbox } from './outbox.ts';
import { RecordingLink } from './recording-link.fixture.ts';

const result = (id: number, bytes = 0): device.CommandResult => ({
  commandId: `c${id}`,
  ...succeeded({ output: Buffer.alloc(bytes) }),
});

it.each([false, true])('keeps results for the next link, in order (durable: %s)', (durable) => {
  const outbox = new Outbox();
  outbox.send(result(1), durable);
  outbox.send(result(2), durable);
  const link = new RecordingLink();
  outbox.attach(link);
  expect(link.reported).toEqual(['c1', 'c2']);
  expect(link.durable).toEqual(durable ? ['c1', 'c2'] : []);
});

it.each([false, true])('sends again what was not confirmed, and only that (durable: %s)', (durable) => {
  const outbox = new Outbox();
  const first = new RecordingLink();
  outbox.attach(first);
  for (const id of [1, 2, 3]) outbox.send(result(id), durable);
  first.confirm('c2');
  outbox.detach();
  outbox.send(result(4), durable);
  const second = new RecordingLink();
  outbox.attach(second);
  expect(second.reported).toEqual(['c1', 'c3', 'c4']);
});

it('has at most 256 under way, and goes on as they are confirmed', () => {
  const outbox = new Outbox();
  const link = new RecordingLink();
  outbox.attach(link);
  for (let id = 0; id < 300; id += 1) outbox.send(result(id), false);
  expect(link.reported).toHaveLength(256);
  link.confirm('c7');
  expect(link.reported).toHaveLength(257);
});

it('does not let durable results that nobody receives hold up direct ones', () => {
  const outbox = new Outbox();
  const link = new RecordingLink();
  outbox.attach(link);
  for (let id = 0; id < 300; id += 1) outbox.send(result(id), true);
  outbox.send(result(300), false);
  expect(link.reported.at(-1)).toBe('c300');
});

it('has one result of each command, however often it is repeated', () => {
  const outbox = new Outbox();
  const link = new RecordingLink();
  outbox.attach(link);
  for (let turn = 0; turn < 3; turn += 1) outbox.send(result(1), true);
  expect([link.reported.length, outbox.size]).toEqual([3, 1]);
  outbox.detach();
  for (let turn = 0; turn < 3; turn += 1) outbox.send(result(1), true);
  expect(outbox.size).toBe(1);
});

it('drops the oldest of more than 256 that wait, or of more than 8 MiB', () => {
  const many = new Outbox();
  for (let id = 0; id < 300; id += 1) many.send(result(id), false);
  expect(many.size).toBe(256);
  const large = new Outbox();
  for (let id = 0; id < 10; id += 1) large.send(result(id, 1_048_576), false);
  const link = new RecordingLink();
  large.attach(link);
  expect(link.reported).toEqual(['c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9']);
});

const running = { commandId: 'c1', outcome: 'running', running: { progress: null, statistics: null } } as const;

it('says that a command runs now or not at all', () => {
  const outbox = new Outbox();
  outbox.sendProgress(running);
  outbox.offerProgress(running);
  const link = new RecordingLink();
  outbox.attach(link);
  expect(link.reported).toEqual([]);
});

it('leaves progress out where the link is congested', () => {
  const outbox = new Outbox();
  const link = new RecordingLink();
  outbox.attach(link);
  link.congested = true;
  outbox.offerProgress(running);
  expect(link.reported).toEqual([]);
  outbox.sendProgress(running);
  expect(link.reported).toEqual(['c1']);
});

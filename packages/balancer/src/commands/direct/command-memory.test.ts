import type { CommandId, common, DeviceId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { CommandMemory } from './command-memory.ts';
import { acceptTerms, PendingCommand } from './pending-command.ts';

const operation: common.Operation = { kind: 'forceSync', forceSync: { reason: '' } };
const terms = acceptTerms({ operation, deliverWithinMs: 1, finishWithinMs: 1 }, { nowMs: 0, wallMs: 0 });
const owner = { apply: () => {}, letGo: () => {} };
const listener = { closed: false, onStatus: () => {}, onFailed: () => {} };
const idOf = (nth: number) => String(nth) as CommandId;
const command = (nth: number, its = terms) => {
  const ref = { id: idOf(nth), device: 'laptop' as DeviceId };
  const origin = { hasChosenId: false, isShared: false, isAlone: true };
  return new PendingCommand(owner, ref, its, { listener, tag: 0, on: 'accepted' }, origin);
};

it('keeps what has ended for a minute', () => {
  const memory = new CommandMemory(() => {});
  memory.remember(command(1), 0);
  memory.remember(command(2), 30_000);
  memory.dropOld(59_999);
  expect(memory.ended(idOf(1))?.id).toBe('1');
  memory.dropOld(60_000);
  expect([memory.ended(idOf(1)), memory.ended(idOf(2))?.id]).toEqual([undefined, '2']);
});

it('lets the oldest go that nobody waits for when there are more than 10,000', () => {
  const gone: string[] = [];
  const memory = new CommandMemory(({ id }) => gone.push(id));
  for (let id = 1; id <= 10_001; id += 1) memory.keepUnawaited(command(id));
  expect(gone).toEqual(['1']);
  expect(memory.unawaited).toBe(10_000);
});

it('holds no more than 64 MiB of those that nobody waits for', () => {
  const gone: string[] = [];
  const memory = new CommandMemory(({ id }) => gone.push(id));
  const custom = { name: 'x', payload: Buffer.alloc(1_048_576) };
  const large = { ...terms, operation: { kind: 'custom', custom } as const };
  for (let id = 1; id <= 63; id += 1) memory.keepUnawaited(command(id, large));
  expect(gone).toEqual([]);
  memory.keepUnawaited(command(64, large));
  expect(gone).toEqual(['1']);
});

it('forgets the one that ended first of more than 10,000', () => {
  const memory = new CommandMemory(() => {});
  for (let id = 1; id <= 10_000; id += 1) memory.remember(command(id), 0);
  expect(memory.ended(idOf(1))?.id).toBe('1');
  memory.remember(command(10_001), 0);
  expect([memory.ended(idOf(1)), memory.ended(idOf(2))?.id]).toEqual([undefined, '2']);
});

it('has room again for what has ended before its time', () => {
  const gone: string[] = [];
  const memory = new CommandMemory(({ id }) => gone.push(id));
  const first = command(0);
  for (let id = 0; id < 10_000; id += 1) memory.keepUnawaited(id === 0 ? first : command(id));
  memory.keepUnawaited(first);
  memory.release(first);
  memory.release(first);
  memory.keepUnawaited(command(10_000));
  expect([gone, memory.unawaited]).toEqual([[], 10_000]);
});

import type { CommandId } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { CommandIds } from '../command-id.ts';
import { CommandTable } from './command-table.ts';
import type { PendingCommand } from './pending-command.ts';

const command = (id: string) => ({ id: id as CommandId }) as PendingCommand;

function world() {
  const ids = new CommandIds('aaaaaaaaaa');
  return { ids, table: new CommandTable(ids) };
}

it('finds commands by the ids that were made here, and by those that their callers have chosen', () => {
  const { ids, table } = world();
  const [made, chosen] = [command(ids.next()), command('reboot-1')];
  table.add(made);
  table.add(chosen);
  expect([table.get(made.id), table.get(chosen.id)]).toEqual([made, chosen]);
  expect(table.size).toBe(2);
  expect([...table.values()]).toEqual([made, chosen]);
  expect([table.delete(made), table.delete(made), table.delete(chosen), table.delete(chosen)]).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect([table.get(made.id), table.get(chosen.id), table.size]).toEqual([undefined, undefined, 0]);
});

it('keeps one that outlasts all the numbers of the ring, and the one that wants its slot', () => {
  const { ids, table } = world();
  const old = command(ids.next());
  table.add(old);
  const [young] = Array.from({ length: 3 * 16_384 }, () => ids.next()).flatMap((id, index) =>
    index === 16_383 ? [command(id)] : [],
  ) as [PendingCommand];
  table.add(young);
  expect([table.get(old.id), table.get(young.id), table.size]).toEqual([old, young, 2]);
  expect(table.delete(old)).toBe(true);
  expect([table.get(old.id), table.get(young.id), table.size]).toEqual([undefined, young, 1]);
  expect(table.delete(young)).toBe(true);
  expect(table.size).toBe(0);
});

it('does not take one id for another that has its number', () => {
  const { ids, table } = world();
  const made = command(ids.next());
  table.add(made);
  const number = ids.numberOf(made.id);
  expect(table.get(`aaaaaaaaaa-0${number}`)).toBeUndefined();
  expect(table.get(`aaaaaaaaaa-${number + 16_384}`)).toBeUndefined();
});

it('holds any number of them', () => {
  const { ids, table } = world();
  const all = Array.from({ length: 40_000 }, () => command(ids.next()));
  for (const one of all) table.add(one);
  expect(table.size).toBe(40_000);
  expect(all.every((one) => table.get(one.id) === one)).toBe(true);
  for (const one of table.values()) table.delete(one);
  expect(table.size).toBe(0);
});

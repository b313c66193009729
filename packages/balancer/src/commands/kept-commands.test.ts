import { expect, it } from 'vitest';
import { KeptCommands } from './kept-commands.ts';

const command = (id: string) => ({ id, keptBytes: 0 });

it('drops the oldest when there are too many, or when they are too large', () => {
  const dropped: string[] = [];
  const kept = new KeptCommands<ReturnType<typeof command>>(3, 100, ({ id }) => dropped.push(id));
  for (const id of ['a', 'b', 'c', 'd']) kept.add(command(id), 10);
  expect(dropped).toEqual(['a']);
  kept.add(command('e'), 85);
  expect(dropped).toEqual(['a', 'b', 'c']);
  expect(kept.oldest?.id).toBe('d');
});

it('has room again for what is taken out', () => {
  const kept = new KeptCommands<ReturnType<typeof command>>(1, 100);
  const first = command('a');
  kept.add(first, 100);
  kept.add(first, 100);
  kept.delete(first);
  kept.delete(first);
  kept.add(command('b'), 100);
  expect([kept.size, kept.get('b')?.id, kept.get('a')]).toEqual([1, 'b', undefined]);
});

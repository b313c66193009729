import { expect, it } from 'vitest';
import { newestFirst } from './commands.ts';
import type { CommandRecord } from './messages.ts';

it('commands are listed by when they were accepted, whole seconds among fractions too', () => {
  const second = '2026-11-27T09:00:00';
  const ascending = [undefined, `${second}Z`, `${second}.005Z`, `${second}.010Z`, '2026-11-27T09:00:01Z'];
  const commands = ascending.map((acceptedAt, index) => ({ commandId: `${index}`, acceptedAt }) as CommandRecord);
  expect(newestFirst(commands)).toEqual(commands.toReversed());
  expect(newestFirst(commands.toReversed())).toEqual(commands.toReversed());
});

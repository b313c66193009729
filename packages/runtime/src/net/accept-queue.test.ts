import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AcceptQueue, type Waiting } from './accept-queue.ts';

interface Client extends Waiting {
  name: string;
}

function client(name: string, { isKnown = false, sinceMs = 0 } = {}): Client {
  return { name, isKnown, sinceMs };
}

describe('the queue of connections before their handshakes', () => {
  it('gives the newest first, and known clients before strangers', () => {
    const queue = new AcceptQueue<Client>();
    for (const each of [client('a'), client('b', { isKnown: true }), client('c'), client('d', { isKnown: true })])
      queue.add(each);
    expect([1, 2, 3, 4, 5].map(() => queue.take()?.name)).toEqual(['d', 'b', 'c', 'a', undefined]);
  });

  it('gives up those that have waited too long, of both kinds', () => {
    const queue = new AcceptQueue<Client>();
    for (const sinceMs of [0, 1_000, 2_000])
      for (const isKnown of [true, false]) queue.add(client(`${sinceMs}`, { isKnown, sinceMs }));
    expect(queue.takeWaitingSince(1_000).map(({ name }) => name)).toEqual(['0', '1000', '0', '1000']);
    expect(queue.size).toBe(2);
  });

  it('is the same as a list from which one takes the last, whatever happens to it', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('add' as const), isKnown: fc.boolean() }),
      fc.record({ do: fc.constant('delete' as const), at: fc.nat() }),
      fc.record({ do: fc.constant('take' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const queue = new AcceptQueue<Client>();
        let model: Client[] = [];
        for (const [sinceMs, each] of steps.entries()) {
          if (each.do === 'add') {
            const added = client(`${sinceMs}`, { isKnown: each.isKnown, sinceMs });
            queue.add(added);
            model.push(added);
          } else {
            const expected =
              each.do === 'take'
                ? (model.findLast(({ isKnown }) => isKnown) ?? model.at(-1))
                : model[each.at % model.length];
            if (each.do === 'take') expect(queue.take()).toBe(expected);
            else if (expected) queue.delete(expected);
            model = model.filter((other) => other !== expected);
          }
          expect(queue.size).toBe(model.length);
        }
      }),
    );
  });
});

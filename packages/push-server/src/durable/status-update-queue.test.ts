import { type CommandId, type Epoch, parseDeviceId } from '@pushfleet/protocol';
import type { StatusUpdate } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import type { LinkEntry } from '../links/link.ts';
import { device } from './durable-delivery.fixture.ts';
import { type QueuedUpdate, StatusUpdateQueue } from './status-update-queue.ts';

type Kind = StatusUpdate['kind'];

function queued(kind: Kind, id: string, bytes = 1, more: Partial<QueuedUpdate> = {}, of = updateKey(id)): QueuedUpdate {
  return { update: statusUpdateOf(kind, of), bytes, effect: undefined, from: undefined, retried: false, ...more };
}

function updateKey(id: string, from = device) {
  return { device: from, id: id as CommandId };
}

/** Each of a device of its own. */
function foreign(kind: Kind, id: string, bytes: number): QueuedUpdate {
  return queued(kind, id, bytes, {}, updateKey(id, parseDeviceId(`device-of-${id}`)));
}

function statusUpdateOf(kind: Kind, of: { device: typeof device; id: CommandId }): StatusUpdate {
  if (kind === 'ended') return { ...of, kind, outcome: 'OUTCOME_SUCCEEDED', reason: '' };
  const epoch = 1 as Epoch;
  if (kind === 'attempt-failed') return { ...of, kind, epoch, weight: 5, alone: false, reason: '' };
  return kind === 'released' ? { ...of, kind, epoch } : { ...of, kind };
}

function takeAll(queue: StatusUpdateQueue): string[] {
  const taken = queue.take(all).map(({ update }) => `${update.kind} ${update.id}`);
  queue.written();
  return taken;
}

const all = { updates: 1_000, bytes: 1_000_000 };
const roomy = { updates: 100, bytes: 1_000 };

describe('updates that wait', () => {
  it.each<[Kind[], string[]]>([
    [['delivered', 'running', 'ended'], ['ended c']],
    [['delivered', 'running'], ['running c']],
    [['ended', 'delivered', 'running'], ['ended c']],
    [['running', 'delivered'], ['running c']],
    [['released', 'delivered'], ['delivered c']],
    [
      ['delivered', 'attempt-failed'],
      ['delivered c', 'attempt-failed c'],
    ],
  ])('are one for each command: of %j stays %j', (kinds, expected) => {
    const queue = new StatusUpdateQueue(roomy);
    for (const kind of kinds) queue.add(queued(kind, 'c'));
    expect(takeAll(queue)).toEqual(expected);
  });

  it('keep the first end, and the link that effect it last', () => {
    const queue = new StatusUpdateQueue(roomy);
    const [first, second] = [{} as LinkEntry, {} as LinkEntry];
    queue.add(queued('ended', 'c', 1, { from: first, retried: true }));
    queue.add(queued('ended', 'c', 1, { from: second }));
    const [kept] = queue.take({ updates: 1, bytes: 1_000 });
    expect(kept).toMatchObject({ retried: true });
    expect(kept?.from).toBe(second);
  });

  it('that are held back wait for the tick, unless something newer is effect of their commands', () => {
    const queue = new StatusUpdateQueue(roomy);
    for (const id of ['a', 'b', 'c']) queue.add(queued('delivered', id));
    const [, second, third] = queue.take(all) as [QueuedUpdate, QueuedUpdate, QueuedUpdate];
    queue.add(queued('ended', 'c'));
    queue.holdBack([second, third]);
    queue.written();
    expect(takeAll(queue)).toEqual([]);
    expect(queue.hasEnd(device, 'c' as CommandId)).toBe(true);
    queue.add(queued('ended', 'b'));
    expect(takeAll(queue)).toEqual(['ended b']);
    queue.tick();
    expect(takeAll(queue)).toEqual(['ended c']);
    // Nothing of them is left that takes up room.
    expect(queue.add(queued('delivered', 'd', roomy.bytes))).toBe(true);
  });

  it('leave in batches, in their order', () => {
    const queue = new StatusUpdateQueue(roomy);
    for (const id of ['a', 'b', 'c']) queue.add(queued('delivered', id));
    expect(queue.take({ updates: 2, bytes: 1_000 }).map(({ update }) => update.id)).toEqual(['a', 'b']);
    queue.written();
    expect(takeAll(queue)).toEqual(['delivered c']);
    expect(queue.hasReady).toBe(false);
  });

  it.each([
    [{ updates: 10, bytes: 20 }, ['a', 'b']],
    [{ updates: 10, bytes: 5 }, ['a']],
    [{ updates: 1, bytes: 0 }, ['a']],
  ])('leave in batches of a bounded size, but always: %j', (limit, expected) => {
    const queue = new StatusUpdateQueue(roomy);
    for (const id of ['a', 'b', 'c']) queue.add(queued('ended', id, 10));
    expect(queue.take(limit).map(({ update }) => update.id)).toEqual(expected);
  });

  it('are in front again when they could not be written, together with what came meanwhile', () => {
    const queue = new StatusUpdateQueue(roomy);
    for (const id of ['a', 'b']) queue.add(queued('delivered', id));
    queue.take({ updates: 2, bytes: 1_000 });
    queue.add(queued('delivered', 'c'));
    queue.add(queued('ended', 'b'));
    queue.putBack();
    expect(queue.take(all).map(({ update, retried }) => `${update.kind} ${update.id} ${retried}`)).toEqual([
      'delivered a true',
      'ended b false',
      'delivered c false',
    ]);
  });

  it('tell that an end is known before it is written', () => {
    const queue = new StatusUpdateQueue(roomy);
    const known = () => queue.hasEnd(device, 'c' as CommandId);
    queue.add(queued('running', 'c'));
    expect(known()).toBe(false);
    queue.add(queued('ended', 'c'));
    expect(known()).toBe(true);
    queue.take({ updates: 1, bytes: 1_000 });
    expect(known()).toBe(true);
    queue.written();
    expect(known()).toBe(false);
  });
});

describe('progress that waits', () => {
  it('has its turn once from tick to tick', () => {
    const queue = new StatusUpdateQueue(roomy);
    queue.add(queued('running', 'c'));
    expect(takeAll(queue)).toEqual(['running c']);
    queue.add(queued('running', 'c'));
    queue.add(queued('running', 'other'));
    expect(takeAll(queue)).toEqual(['running other']);
    queue.tick();
    expect(takeAll(queue)).toEqual(['running c']);
  });

  it('is over with the end of its command', () => {
    const queue = new StatusUpdateQueue(roomy);
    queue.add(queued('running', 'c'));
    takeAll(queue);
    queue.add(queued('running', 'c'));
    queue.add(queued('ended', 'c'));
    expect(takeAll(queue)).toEqual(['ended c']);
    queue.tick();
    expect(takeAll(queue)).toEqual([]);
  });
});

describe('a queue of updates that is full', () => {
  it.each([
    ['in number', { updates: 3, bytes: 1_000 }, 1],
    ['in bytes', { updates: 100, bytes: 30 }, 10],
  ])('%s drops the oldest progress, then what is to be added', (_, limits, bytes) => {
    const queue = new StatusUpdateQueue(limits);
    expect(queue.add(foreign('running', 'p1', bytes))).toBe(true);
    expect(queue.add(foreign('ended', 'e1', bytes))).toBe(true);
    expect(queue.add(foreign('running', 'p2', bytes))).toBe(true);
    expect(queue.add(foreign('ended', 'e2', bytes))).toBe(true);
    expect(queue.add(foreign('ended', 'e3', bytes))).toBe(true);
    expect(queue.add(foreign('ended', 'e4', bytes))).toBe(false);
    expect(takeAll(queue)).toEqual(['ended e1', 'ended e2', 'ended e3']);
    expect(queue.add(foreign('ended', 'e4', bytes))).toBe(true);
  });

  it('keeps what it knew of a command whose end does not fit', () => {
    const queue = new StatusUpdateQueue({ updates: 100, bytes: 30 });
    queue.add(queued('delivered', 'c', 10));
    expect(queue.add(queued('ended', 'c', 31))).toBe(false);
    expect(takeAll(queue)).toEqual(['delivered c']);
  });

  it('counts what is being written', () => {
    const queue = new StatusUpdateQueue({ updates: 1, bytes: 1_000 });
    queue.add(foreign('ended', 'a', 1));
    queue.take({ updates: 1, bytes: 1_000 });
    expect(queue.add(foreign('ended', 'b', 1))).toBe(false);
    queue.putBack();
    expect(takeAll(queue)).toEqual(['ended a']);
  });

  it.each([
    ['in number', { updates: 100, bytes: 1_000_000 }, 1, 50],
    ['in bytes', { updates: 1_000, bytes: 1_000 }, 10, 50],
  ])('%s has room for all others beside a device that invents results', (_, limits, bytes, half) => {
    const queue = new StatusUpdateQueue(limits);
    const kept = Array.from({ length: 1_000 }, (_, n) => queue.add(queued('ended', `invented-${n}`, bytes)));
    expect(kept.filter((isKept) => isKept)).toHaveLength(half);
    for (let n = 0; n < half; n += 1) expect(queue.add(foreign('ended', `e${n}`, bytes))).toBe(true);
    expect(queue.add(foreign('ended', 'more', bytes))).toBe(false);
    takeAll(queue);
    expect(queue.add(queued('ended', 'later', bytes))).toBe(true);
  });

  it('knows what is of whom after each batch that failed, was held back or was written', () => {
    const queue = new StatusUpdateQueue({ updates: 4, bytes: 1_000 });
    for (let round = 0; round < 50; round += 1) {
      expect(queue.add(queued('running', 'a'))).toBe(true);
      expect(queue.add(queued('ended', 'b'))).toBe(true);
      expect(queue.add(queued('ended', 'c'))).toBe(false);
      queue.take(all);
      queue.putBack();
      queue.holdBack(queue.take(all).slice(0, 1));
      queue.written();
      queue.tick();
      queue.take(all);
      queue.written();
    }
  });
});

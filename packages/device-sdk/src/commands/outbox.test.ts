import type { device } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import type { Link } from '../link.ts';
import { Outbox } from './outbox.ts';

const result = (id: number, bytes = 0): device.CommandResult => ({
  commandId: `c${id}`,
  outcome: 'succeeded',
  succeeded: { output: Buffer.alloc(bytes) },
});

/** A link on which a test confirms what it likes. */
function recordingLink() {
  const reported: string[] = [];
  const confirmations = new Map<string, () => void>();
  const link: Link = {
    report: ({ commandId }, sent) => {
      reported.push(commandId);
      if (sent) confirmations.set(commandId, sent);
    },
    close: () => Promise.resolve(),
  };
  return { link, reported, confirm: (id: string) => confirmations.get(id)?.() };
}

it('keeps results for the next link, in order', () => {
  const outbox = new Outbox();
  outbox.send(result(1));
  outbox.send(result(2));
  const { link, reported } = recordingLink();
  outbox.attach(link);
  expect(reported).toEqual(['c1', 'c2']);
});

it('sends again what was not confirmed when the link went down, and only that', () => {
  const outbox = new Outbox();
  const first = recordingLink();
  outbox.attach(first.link);
  for (const id of [1, 2, 3]) outbox.send(result(id));
  first.confirm('c2');
  outbox.detach();
  outbox.send(result(4));
  const second = recordingLink();
  outbox.attach(second.link);
  expect(second.reported).toEqual(['c1', 'c3', 'c4']);
});

it('has at most 256 under way, and goes on as they are confirmed', () => {
  const outbox = new Outbox();
  const { link, reported, confirm } = recordingLink();
  outbox.attach(link);
  for (let id = 0; id < 300; id += 1) outbox.send(result(id));
  expect(reported).toHaveLength(256);
  confirm('c7');
  expect(reported).toHaveLength(257);
});

it('drops the oldest of more than 256 that wait, or of more than 8 MiB', () => {
  const many = new Outbox();
  for (let id = 0; id < 300; id += 1) many.send(result(id));
  expect(many.size).toBe(256);
  const large = new Outbox();
  for (let id = 0; id < 10; id += 1) large.send(result(id, 1_048_576));
  const { link, reported } = recordingLink();
  large.attach(link);
  expect(reported).toEqual(['c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9']);
});

it('says that a command runs now or not at all', () => {
  const outbox = new Outbox();
  outbox.sendNow({ commandId: 'c1', outcome: 'running', running: {} });
  const { link, reported } = recordingLink();
  outbox.attach(link);
  expect(reported).toEqual([]);
});

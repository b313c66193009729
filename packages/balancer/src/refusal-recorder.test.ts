import { parseBootId, parseNodeId, parseWorkerId } from '@pushfleet/protocol';
import type { NewFleetEvent } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { RefusalRecorder } from './refusal-recorder.ts';

const workerOf = (nodeId: string) => ({
  ...{ nodeId: parseNodeId(nodeId), workerId: parseWorkerId('w0'), bootId: parseBootId('b') },
});

it('writes down a bounded number of refusals, of each push server by itself', async () => {
  const clock = new ManualClock();
  const written: NewFleetEvent[] = [];
  const events = { append: async (added: readonly NewFleetEvent[]) => void written.push(...added) };
  const recorder = new RefusalRecorder({ events, clock, logger: silentLogger });
  for (let nth = 0; nth < 1_000; nth += 1) recorder.record(`flood ${nth}`, workerOf('dp-1'));
  expect(written).toHaveLength(20);
  recorder.record('word\u001b[2Jof another', workerOf('dp-2'));
  recorder.record('its own');
  expect(written.slice(20)).toMatchObject([
    { kind: 'member-refused', node: 'dp-2', worker: 'w0', reason: expect.not.stringContaining('\u001b') },
    { kind: 'member-refused', reason: 'its own' },
  ]);
  clock.advance(60_000);
  for (let nth = 0; nth < 1_000; nth += 1) recorder.record('flood', workerOf('dp-1'));
  expect(written).toHaveLength(32);
});

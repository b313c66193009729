import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { PushAnswer } from '@pushfleet/admin-sdk';
import { type admin, type common, PushfleetError } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { type Pusher, pushToDevices } from './push-to-devices.ts';

type Answering = (request: admin.PushRequestInit) => common.Outcome | PushfleetError;

/** Answers each stream as the next of `rounds` says; keeps what was asked. */
function pusher(...rounds: Answering[]): { client: Pusher; asked: admin.PushRequestInit[][] } {
  const asked: admin.PushRequestInit[][] = [];
  async function* pushMany(requests: Parameters<Pusher['pushMany']>[0]): AsyncGenerator<PushAnswer, void, undefined> {
    const round = asked.push(await Array.fromAsync(requests)) - 1;
    for (const request of asked[round] ?? []) {
      const outcome = rounds[round]?.(request) ?? 'OUTCOME_UNSPECIFIED';
      if (outcome instanceof PushfleetError) yield { request, error: outcome };
      else yield { request, response: respond(request, outcome) };
    }
  }
  return { client: { pushMany }, asked };
}

function respond({ deviceId = '' }: admin.PushRequestInit, outcome: common.Outcome): admin.PushResponse {
  const status = { outcome, reason: '', atMs: 1, output: Buffer.alloc(0) };
  const nothing = { progress: null, statistics: null, alreadyEnded: false, cancelRequested: false };
  return { commandId: `c-${deviceId}`, deviceId, nodeId: '', status: { ...status, ...nothing } };
}

const operation = { forceSync: {} };

it('sends what is direct once, and waits for it there', async () => {
  const refusal = new PushfleetError('DEVICE_NOT_FOUND', 'no device b');
  const { client, asked } = pusher(({ deviceId }) => (deviceId === 'b' ? refusal : 'OUTCOME_SUCCEEDED'));
  const counts: unknown[] = [];
  const onProgress = (now: object) => counts.push({ ...now });
  const entries = await pushToDevices(client, ['a', 'b'], { push: { operation }, wait: 'finished' }, { onProgress });
  expect(entries).toEqual([
    { id: 'a', outcome: 'SUCCEEDED', reason: '' },
    { id: 'b', outcome: 'NOT_ACCEPTED', reason: 'no device b' },
  ]);
  expect(asked).toEqual([
    [{ operation, wait: 'WAIT_FINISHED', deviceId: 'a' }, expect.objectContaining({ deviceId: 'b' })],
  ]);
  expect(counts).toEqual([{ SUCCEEDED: 1 }, { SUCCEEDED: 1, NOT_ACCEPTED: 1 }]);
});

it('has durable commands accepted first, then waits for those of connected devices under the same key', async () => {
  const { client, asked } = pusher(
    ({ deviceId }) => (deviceId === 'away' ? 'OUTCOME_QUEUED' : 'OUTCOME_ROUTED'),
    () => 'OUTCOME_SUCCEEDED',
  );
  const plan = { push: { operation, ttlMs: 60_000 }, wait: 'connected' } as const;
  expect(await pushToDevices(client, ['here', 'away'], plan)).toEqual([
    { id: 'here', outcome: 'SUCCEEDED', reason: '', commandId: 'c-here' },
    { id: 'away', outcome: 'QUEUED', reason: '', commandId: 'c-away' },
  ]);
  expect(asked.map((round) => round.map(({ deviceId, wait }) => [deviceId, wait]))).toEqual([
    [
      ['here', 'WAIT_ACCEPTED'],
      ['away', 'WAIT_ACCEPTED'],
    ],
    [['here', 'WAIT_FINISHED']],
  ]);
  const keys = asked.flat().map(({ idempotencyKey }) => idempotencyKey);
  expect([new Set(keys).size, keys[0]]).toEqual([1, expect.stringMatching(/.{30}/)]);
});

it('asks again where the balancer is away for a moment, and never takes that for an outcome', async () => {
  const { client, asked } = pusher(
    () => 'OUTCOME_ROUTED',
    () => new PushfleetError('SHUTTING_DOWN', 'the balancer stops'),
    () => 'OUTCOME_SUCCEEDED',
  );
  const plan = { push: { operation, ttlMs: 60_000 }, wait: 'finished' } as const;
  expect(await pushToDevices(client, ['a'], plan)).toMatchObject([{ id: 'a', outcome: 'SUCCEEDED' }]);
  expect(asked).toHaveLength(3);
});

it('asks again for what a full balancer did not accept, and for nothing else', async () => {
  const full = new PushfleetError('OVERLOADED', 'too many');
  const { client, asked } = pusher(
    ({ deviceId }) => (deviceId === 'a' ? 'OUTCOME_QUEUED' : full),
    () => 'OUTCOME_QUEUED',
  );
  const plan = { push: { operation, ttlMs: 60_000 }, wait: 'accepted' } as const;
  expect(await pushToDevices(client, ['a', 'b'], plan)).toMatchObject([{ outcome: 'QUEUED' }, { outcome: 'QUEUED' }]);
  expect(asked.map((round) => round.map(({ deviceId }) => deviceId))).toEqual([['a', 'b'], ['b']]);
});

it('gives what is known when it is told to stop waiting', async () => {
  const stop = new AbortController();
  const { client } = pusher(() => {
    stop.abort();
    return 'OUTCOME_QUEUED';
  });
  const plan = { push: { operation, ttlMs: 60_000 }, wait: 'finished' } as const;
  expect(await pushToDevices(client, ['a'], plan, { signal: stop.signal })).toMatchObject([{ outcome: 'QUEUED' }]);
});

describe('told to stop before anything is accepted', () => {
  const plan = { push: { operation, ttlMs: 60_000 }, wait: 'finished' } as const;

  /** Answers once `answers` resolves, unless the caller has gone by then; the signal fires as soon as it is asked. */
  function stopping(stop: AbortController, answers: (gone: AbortSignal) => Promise<unknown>): Pusher {
    return {
      async *pushMany(requests, { signal = new AbortController().signal } = {}) {
        const [request = {}] = await Array.fromAsync(requests);
        stop.abort();
        await answers(signal);
        signal.throwIfAborted();
        yield { request, response: respond(request, 'OUTCOME_QUEUED') };
      },
    };
  }

  it('gives the ids that are on their way: without them nobody could follow what goes on', async () => {
    const stop = new AbortController();
    const client = stopping(stop, () => setImmediate());
    const entries = await pushToDevices(client, ['a'], plan, { signal: stop.signal });
    expect(entries).toMatchObject([{ outcome: 'QUEUED', commandId: 'c-a' }]);
  });

  it('ends all the same where none comes', async () => {
    const stop = new AbortController();
    const client = stopping(stop, (gone) => once(gone, 'abort'));
    expect(await pushToDevices(client, ['a'], plan, { signal: stop.signal })).toEqual([]);
  });
});

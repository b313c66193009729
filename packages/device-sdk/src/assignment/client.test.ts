import { PushfleetError } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { EnrolledSecret } from '../enrollment/enrolled-secret.ts';
import type { RequestAssignment, RequestEnrollment } from './assignment.ts';
import { AssignmentClient, type AssignmentOptions } from './client.ts';

const answer = {
  primary: { nodeId: 'a', address: '10.0.0.1', port: 1 },
  backups: [],
  ticket: 't',
  ticketLifetimeMs: 1_000,
};
const balancers = ['https://one', 'https://two', 'https://three'].map((url) => new URL(url));

function createClient(more: Pick<AssignmentOptions, 'ask' | 'clock'> & Partial<AssignmentOptions>): AssignmentClient {
  const credential = { kind: 'secret', secret: 's' } as const;
  const enroll = () => Promise.reject(new Error('nothing to enroll'));
  return new AssignmentClient({ balancers, deviceId: 'd', credential, enroll, random: () => 0, ...more });
}

/** Balancers that give `answers` in turn. */
function start(answers: unknown[]) {
  const clock = new ManualClock();
  const asked: string[] = [];
  const ask = async (balancer: URL) => {
    asked.push(balancer.host);
    clock.advance(100);
    const given = answers.shift();
    if (given instanceof Error) throw given;
    return given;
  };
  const client = createClient({ ask, clock });
  return { asked, ask: () => client.ask([], new AbortController().signal) };
}

it('counts a ticket as good for nine tenths of its life, from when it was asked for', async () => {
  const { ask } = start([answer]);
  const servers = [answer.primary];
  const assignment = { servers, ticket: 't', goodUntilMs: 900, connectAtMs: 100, returnWithinMs: 0 };
  expect(await ask()).toEqual({ kind: 'assigned', assignment });
});

it.each([
  [undefined, 0],
  [1_500, 1_500],
  [-1, 0],
  ['soon', 0],
  [2 ** 32 - 1, 3_600_000],
])('takes %j for a turn in %d ms', async (connectAfterMs, expected) => {
  const { ask } = start([{ ...answer, connectAfterMs }]);
  expect(await ask()).toMatchObject({ assignment: { connectAtMs: 100 + expected } });
});

it('asks the next balancer where one cannot answer, and begins with that one from then on', async () => {
  const down = new PushfleetError('SHUTTING_DOWN', 'bye');
  const { asked, ask } = start([new Error('ECONNREFUSED'), down, answer, answer]);
  expect(await ask()).toMatchObject({ kind: 'assigned' });
  expect(await ask()).toMatchObject({ kind: 'assigned' });
  expect(asked).toEqual(['one', 'two', 'three', 'three']);
});

it.each(['BAD_CREDENTIAL', 'NO_CAPACITY', 'NO_PUSH_SERVER', 'OUT_OF_SCOPE'] as const)(
  'takes %s from one for the answer of all',
  async (code) => {
    const { asked, ask } = start([new PushfleetError(code, 'no', { retryAfterMs: 5 })]);
    expect(await ask()).toMatchObject({ kind: 'refused', error: { code, retryAfterMs: 5 } });
    expect(asked).toEqual(['one']);
  },
);

it('asks nobody else where a balancer gives it a turn, and comes back to that one', async () => {
  const overloaded = new PushfleetError('OVERLOADED', 'later', { retryAfterMs: 5 });
  const { asked, ask } = start([new Error('ECONNREFUSED'), overloaded, answer]);
  expect(await ask()).toMatchObject({ kind: 'refused', error: { code: 'OVERLOADED', retryAfterMs: 5 } });
  expect(await ask()).toMatchObject({ kind: 'assigned' });
  expect(asked).toEqual(['one', 'two', 'two']);
});

it('asks the next one where a balancer is overloaded and gives it no turn', async () => {
  const { asked, ask } = start([new PushfleetError('OVERLOADED', 'later'), answer]);
  expect(await ask()).toMatchObject({ kind: 'assigned' });
  expect(asked).toEqual(['one', 'two']);
});

it.each(['ECONNRESET', 'EPIPE'])(
  'asks nobody else at once where it is turned away (%s), and another one next time',
  async (code) => {
    const turnedAway = Object.assign(new Error('socket hang up'), { code });
    const { asked, ask } = start([turnedAway, turnedAway, answer]);
    expect(await ask()).toMatchObject({ kind: 'unreachable', detail: 'socket hang up' });
    expect(await ask()).toMatchObject({ kind: 'unreachable' });
    expect(await ask()).toMatchObject({ kind: 'assigned' });
    expect(asked).toEqual(['one', 'two', 'three']);
  },
);

it('says what was wrong with all of them', async () => {
  const slow = new PushfleetError('REGISTRY_UNAVAILABLE', 'no registry', { retryAfterMs: 9 });
  const { ask } = start([new Error('ECONNREFUSED'), slow, { ticket: 't' }]);
  expect(await ask()).toEqual({
    kind: 'unreachable',
    detail: 'ECONNREFUSED; no registry; the balancer answered without a push server or without a ticket',
    retryAfterMs: 9,
  });
});

it('does not wait for ever', async () => {
  const clock = new ManualClock();
  const ask = (_balancer: URL, _question: unknown, signal: AbortSignal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const client = createClient({ balancers: balancers.slice(0, 1), ask, clock });
  const asked = client.ask([], new AbortController().signal);
  clock.advance(10_000);
  expect(await asked).toMatchObject({ kind: 'unreachable', detail: 'one did not answer within 10000 ms' });
  expect(clock.pending).toBe(0);
});

it('gives up with its signal, and leaves no timer', async () => {
  const clock = new ManualClock();
  const controller = new AbortController();
  const ask = (_balancer: URL, _question: unknown, signal: AbortSignal) => {
    controller.abort(new Error('stopped'));
    return Promise.reject(signal.reason);
  };
  const client = createClient({ ask, clock });
  await expect(client.ask([], controller.signal)).rejects.toThrow('stopped');
  expect(clock.pending).toBe(0);
});

it('shows another token each time, and does not stop for good because one was refused', async () => {
  const shown: unknown[] = [];
  const ask: RequestAssignment = async (_balancer, { secret, identityToken }) => {
    shown.push({ secret, identityToken });
    throw new PushfleetError('BAD_CREDENTIAL', 'a token that is not good for it');
  };
  let made = 0;
  const nextToken = async () => {
    made += 1;
    return `token ${made}`;
  };
  const credential = { kind: 'identityToken', identityToken: nextToken } as const;
  const clock = new ManualClock();
  const client = createClient({ balancers: balancers.slice(0, 1), credential, ask, clock });
  for (const _ of [1, 2]) {
    const outcome = await client.ask([], new AbortController().signal);
    expect(outcome).toMatchObject({ kind: 'unreachable', detail: 'a token that is not good for it' });
  }
  expect(shown).toEqual([{ identityToken: 'token 1' }, { identityToken: 'token 2' }]);
});

it('registers a new device at the balancer that it asks, and stops for good where that is refused', async () => {
  const asked: unknown[] = [];
  const secret = { show: async (register: (secret: string) => Promise<unknown>) => `${await register('made')}` };
  const credential = { kind: 'enrollment', token: 't', secret: secret as unknown as EnrolledSecret } as const;
  const enroll: RequestEnrollment = async (balancer, request) => {
    asked.push([balancer.host, request]);
    if (asked.length > 1) throw new PushfleetError('ENROLLMENT_TOKEN_ENDED', 'it was revoked');
    return 'made';
  };
  const ask: RequestAssignment = async (balancer, { secret: shown }) => {
    asked.push([balancer.host, shown]);
    return answer;
  };
  const client = createClient({ credential, ask, enroll, clock: new ManualClock() });
  expect(await client.ask([], new AbortController().signal)).toMatchObject({ kind: 'assigned' });
  expect(asked).toEqual([
    ['one', { deviceId: 'd', enrollmentToken: 't', secret: 'made' }],
    ['one', 'made'],
  ]);
  const refused = await client.ask([], new AbortController().signal);
  expect(refused).toMatchObject({ kind: 'refused', error: { code: 'ENROLLMENT_TOKEN_ENDED' } });
});

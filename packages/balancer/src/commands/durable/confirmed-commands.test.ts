import { type CommandId, type DeviceId, durableCommandId, PushfleetError } from '@pushfleet/protocol';
import type { ConfirmedCommand, StoredCommand, StoredStatus } from '@pushfleet/registry';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import { ConfirmedCommands } from './confirmed-commands.ts';

const device = 'laptop' as DeviceId;
const idOf = (name: string): CommandId => durableCommandId(name);
const ref = (name: string) => ({ device, id: idOf(name) });
const said = (outcome: StoredStatus['outcome'], rest: Partial<StoredStatus> = {}): StoredStatus => ({
  ...{ outcome, reason: '', atMs: 0 },
  ...rest,
});

function stored(name: string, status = said('OUTCOME_QUEUED')): StoredCommand {
  const operation = { kind: 'forceSync', forceSync: { reason: '' } } as const;
  const times = { acceptedAtMs: 0, deliverByMs: 60_000, finishByMs: 90_000 };
  return {
    ...ref(name),
    operation,
    priority: 'normal',
    collapseKey: '',
    idempotencyKey: '',
    nodeId: '',
    ...times,
    status,
  };
}

function create() {
  const clock = new ManualClock();
  /** The names and outcomes of each call; and of those of which workers are told. */
  const calls: string[][] = [];
  const woken: string[] = [];
  const registry = { isAway: false };
  const say = ({ id, status }: ConfirmedCommand) => `${id} ${status.outcome}`;
  const confirmed = new ConfirmedCommands({
    commands: {
      restore: async (commands) => {
        if (registry.isAway) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'away');
        calls.push(commands.map(say));
      },
    },
    ...{ keepEndedMs: 60_000, registryClock: { wallMs: () => clock.now() }, clock, logger: silentLogger },
    onRestored: (commands) => woken.push(...commands.map(({ id }) => id)),
  });
  return { clock, calls, woken, registry, confirmed };
}

it('writes ends again at once, and the others once every balancer has had time for that', async () => {
  const { clock, calls, woken, confirmed } = create();
  for (const name of ['a', 'b', 'c']) confirmed.onAccepted(stored(name), 'print');
  confirmed.onStatus(ref('b'), said('OUTCOME_SUCCEEDED'));
  confirmed.repeat();
  await clock.turn(0);
  expect([calls, woken]).toEqual([[['d-b OUTCOME_SUCCEEDED']], []]);
  confirmed.onStatus(ref('a'), said('OUTCOME_FAILED'));
  await clock.turn(5_000);
  expect(calls.slice(1)).toEqual([['d-c OUTCOME_QUEUED', 'd-b OUTCOME_SUCCEEDED', 'd-a OUTCOME_FAILED']]);
  expect(woken).toEqual(['d-c']);
});

it('tries again until the registry takes them, and begins anew where it has lost its writes once more', async () => {
  const { clock, calls, registry, confirmed } = create();
  confirmed.onAccepted(stored('a', said('OUTCOME_SUPERSEDED')), '');
  registry.isAway = true;
  confirmed.repeat();
  await clock.turn(3_500);
  confirmed.repeat();
  await clock.turn(1_500);
  expect(calls).toEqual([]);
  registry.isAway = false;
  await clock.turn(1_000);
  expect(calls).toEqual([['d-a OUTCOME_SUPERSEDED']]);
  await clock.turn(5_000);
  expect(calls).toHaveLength(2);
});

it('keeps the first end, and of commands of other balancers what it has promised', async () => {
  const { clock, calls, confirmed } = create();
  confirmed.onReported(stored('looked-at'));
  confirmed.onReported(stored('ended', said('OUTCOME_EXPIRED')));
  confirmed.onReported(stored('ended', said('OUTCOME_SUCCEEDED')));
  confirmed.onReported(stored('asked', said('OUTCOME_ROUTED', { cancelRequested: true })));
  confirmed.repeat();
  await clock.turn(5_000);
  expect(calls[1]).toEqual(['d-asked OUTCOME_ROUTED', 'd-ended OUTCOME_EXPIRED']);
});

it('takes for lost only what has neither ended nor had its time', async () => {
  const { clock, confirmed } = create();
  confirmed.onAccepted(stored('a'), '');
  confirmed.onAccepted(stored('b', said('OUTCOME_SUCCEEDED')), '');
  expect(confirmed.findLost(ref('a'))).toMatchObject({ id: 'd-a' });
  expect([confirmed.findLost(ref('b')), confirmed.findLost(ref('c'))]).toEqual([undefined, undefined]);
  expect([await confirmed.restore(ref('a')), await confirmed.restore(ref('b'))]).toEqual([true, false]);
  await clock.turn(150_000);
  expect(confirmed.findLost(ref('a'))).toBeUndefined();
});

it('does nothing more once it is disposed of', async () => {
  const { clock, calls, confirmed } = create();
  confirmed.onAccepted(stored('a'), '');
  confirmed.repeat();
  confirmed[Symbol.dispose]();
  await clock.turn(10_000);
  expect(calls).toEqual([]);
});

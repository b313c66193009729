import { type admin, PushfleetError, toStatus } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { startBalancer, type TestBalancer, type WatchCall } from './balancer.fixture.ts';
import { createAdminClient } from './client.ts';

const connect = ({ address }: TestBalancer) => createAdminClient({ address, token: 'token-1', plaintext: true });
const groupPush = { groupPushId: 'g1', devices: 3 };

it('starts, reads, lists, pauses, resumes and cancels', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const asked: unknown[] = [];
  const methods = ['PushToGroup', 'GetGroupPush', 'PauseGroupPush', 'ResumeGroupPush', 'CancelGroupPush'];
  for (const method of methods) {
    balancer.answers[method] = (request: unknown) => {
      asked.push(request);
      return { groupPush };
    };
  }
  balancer.answers.ListGroupPushes = () => ({ groupPushes: [groupPush] });
  const request = { group: 'HQ', labels: { ring: 'early' }, operation: { forceSync: {} }, delivery: { ttlMs: 60_000 } };
  const answers = [
    await client.groupPushes.start(request),
    await client.groupPushes.get('g1'),
    await client.groupPushes.pause('g1'),
    await client.groupPushes.resume('g1'),
    await client.groupPushes.cancel('g1'),
    ...(await client.groupPushes.list()),
  ];
  expect(answers).toMatchObject(Array(6).fill(groupPush));
  expect(asked).toMatchObject([request, ...Array(4).fill({ groupPushId: 'g1' })]);
});

it('walks through outcomes page by page, only those that are wanted', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const asked: admin.ListGroupPushOutcomesRequest[] = [];
  balancer.answers.ListGroupPushOutcomes = (request: admin.ListGroupPushOutcomesRequest) => {
    asked.push(request);
    return { outcomes: [{ deviceId: `d${asked.length}` }], nextPageToken: asked.length < 3 ? `p${asked.length}` : '' };
  };
  const walked = client.groupPushes.outcomes({ groupPushId: 'g1', outcomes: ['OUTCOME_FAILED'], pageSize: 1 });
  expect(await Array.fromAsync(walked, ({ deviceId }) => deviceId)).toEqual(['d1', 'd2', 'd3']);
  expect(asked.map(({ pageToken }) => pageToken)).toEqual(['', 'p1', 'p2']);
  expect(asked[0]).toEqual({ groupPushId: 'g1', outcomes: ['OUTCOME_FAILED'], pageSize: 1, pageToken: '' });
});

it('watches to the end, across a cut, also where it was cancelled and commands are still out', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const calls: ((call: WatchCall) => void)[] = [
    (call) => {
      call.write({ groupPush: { ...groupPush, state: 'GROUP_PUSH_STATE_RUNNING' } });
      call.emit('error', toStatus(new PushfleetError('SHUTTING_DOWN', 'the balancer stops')));
    },
    (call) => {
      call.write({ groupPush: { ...groupPush, state: 'GROUP_PUSH_STATE_CANCELLED' } });
      call.write({ groupPush: { ...groupPush, state: 'GROUP_PUSH_STATE_CANCELLED', endedAtMs: 5 } });
    },
  ];
  balancer.onWatch = (call) => calls.shift()?.(call);
  const seen = await Array.fromAsync(client.groupPushes.watch('g1'), ({ state, endedAtMs }) => [state, endedAtMs]);
  expect(seen).toEqual([
    ['GROUP_PUSH_STATE_RUNNING', 0],
    ['GROUP_PUSH_STATE_CANCELLED', 0],
    ['GROUP_PUSH_STATE_CANCELLED', 5],
  ]);
});

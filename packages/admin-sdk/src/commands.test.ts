import { type admin, common, PushfleetError, toStatus } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { startBalancer, type TestBalancer, type WatchCall } from './balancer.fixture.ts';
import { createAdminClient } from './client.ts';
import { hasEnded, outcomeName } from './commands.ts';

const connect = ({ address }: TestBalancer) => createAdminClient({ address, token: 'token-1', plaintext: true });
const fail = (call: WatchCall, code: 'SHUTTING_DOWN' | 'COMMAND_NOT_FOUND') =>
  call.emit('error', toStatus(new PushfleetError(code, 'said the balancer')));
const at = (status: common.CommandStatusInit): admin.WatchCommandResponseInit => ({
  command: { commandId: 'c1', status },
});

it('asks where a command stands, withdraws it and lists those that wait', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const command = { commandId: 'c1', deviceId: 'd1', durable: true };
  const asked: unknown[] = [];
  const answer = (given: unknown) => (request: unknown) => {
    asked.push(request);
    return given;
  };
  Object.assign(balancer.answers, {
    GetCommand: answer({ command }),
    CancelCommand: answer({ command: { ...command, status: { cancelRequested: true } } }),
    ListCommands: answer({ commands: [command] }),
  });
  expect(await client.commands.get({ deviceId: 'd1', commandId: 'c1' })).toMatchObject(command);
  expect(await client.commands.cancel({ deviceId: 'd1', commandId: 'c1', reason: 'wrong one' })).toMatchObject({
    status: { cancelRequested: true },
  });
  expect(await client.commands.list('d1')).toMatchObject([command]);
  expect(asked).toEqual([
    { deviceId: 'd1', commandId: 'c1' },
    { deviceId: 'd1', commandId: 'c1', reason: 'wrong one' },
    { deviceId: 'd1', pageSize: 1_000, pageToken: '', includeEnded: false },
  ]);
});

it('watches a command to its end, across a balancer that stops and a stream that is cut', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const calls: ((call: WatchCall) => void)[] = [
    (call) => {
      call.write(at({ outcome: 'OUTCOME_QUEUED' }));
      fail(call, 'SHUTTING_DOWN');
    },
    (call) => {
      call.write(at({ outcome: 'OUTCOME_RUNNING', progress: { percent: 40 } }));
      call.end();
    },
    // Leaves the stream open: the watch ends with the command.
    (call) => call.write(at({ outcome: 'OUTCOME_SUCCEEDED' })),
  ];
  balancer.onWatch = (call) => calls.shift()?.(call);
  const seen = await Array.fromAsync(
    client.commands.watch({ deviceId: 'd1', commandId: 'c1' }),
    ({ status }) => status?.outcome,
  );
  expect(seen).toEqual(['OUTCOME_QUEUED', 'OUTCOME_RUNNING', 'OUTCOME_SUCCEEDED']);
});

it('throws where the command is not there, at first or after a cut', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  balancer.onWatch = (call) => fail(call, 'COMMAND_NOT_FOUND');
  await expect(client.commands.watch({ deviceId: 'd1', commandId: 'c1' }).next()).rejects.toMatchObject({
    code: 'COMMAND_NOT_FOUND',
  });

  let calls = 0;
  balancer.onWatch = (call) => {
    calls += 1;
    if (calls === 1) call.write(at({ outcome: 'OUTCOME_ROUTED' }));
    fail(call, calls === 1 ? 'SHUTTING_DOWN' : 'COMMAND_NOT_FOUND');
  };
  await expect(Array.fromAsync(client.commands.watch({ deviceId: 'd1', commandId: 'c1' }))).rejects.toMatchObject({
    code: 'COMMAND_NOT_FOUND',
  });
  expect(calls).toBe(2);
});

it('gives a watch up with its signal', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const stop = new AbortController();
  balancer.onWatch = (call) => call.write(at({ outcome: 'OUTCOME_ROUTED' }));
  const watch = client.commands.watch({ deviceId: 'd1', commandId: 'c1' }, { signal: stop.signal });
  await watch.next();
  stop.abort(new Error('enough'));
  await expect(watch.next()).rejects.toThrow('enough');
});

it('leaves the prefix out, but for OUTCOME_UNKNOWN', () => {
  expect(Object.values(common.Outcome).map(outcomeName)).toEqual([
    'UNSPECIFIED',
    'QUEUED',
    'ROUTED',
    'DELIVERED',
    'RUNNING',
    'SUCCEEDED',
    'FAILED',
    'REJECTED',
    'EXPIRED',
    'CANCELLED',
    'SUPERSEDED',
    'NOT_CONNECTED',
    'OUTCOME_UNKNOWN',
  ]);
});

it('calls a command ended from SUCCEEDED on', () => {
  const outcomes = Object.values(common.Outcome);
  expect(outcomes.filter((outcome) => !hasEnded(outcome))).toEqual(outcomes.slice(0, 5));
});

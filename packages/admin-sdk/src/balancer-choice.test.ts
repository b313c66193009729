import { type admin, PushfleetError } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { findFreePorts } from '../../../test/cluster/free-ports.ts';
import { startBalancer, type TestBalancer, type WatchCall } from './balancer.fixture.ts';
import { BalancerChoice } from './balancer-choice.ts';
import { createAdminClient } from './client.ts';

const connect = (...balancers: TestBalancer[]) =>
  createAdminClient({ address: balancers.map(({ address }) => address), token: 'token-1', plaintext: true });

/** Answers with its name. Nobody else answers at its address once it is gone. */
async function named(name: string): Promise<TestBalancer & { asked: () => number }> {
  const [port = 0] = await findFreePorts(1);
  const balancer = await startBalancer({ port });
  balancer.answers.ListNodes = () => ({ nodes: [{ nodeId: name }] });
  return Object.assign(balancer, { asked: () => balancer.tokens.length });
}

it('asks one balancer until it is gone, then the next one, and stays there', async () => {
  const first = await named('first');
  await using second = await named('second');
  using client = connect(first, second);
  expect((await client.nodes.list())[0]?.nodeId).toBe('first');
  await first[Symbol.asyncDispose]();
  const answers = [await client.nodes.list(), await client.nodes.list()];
  expect(answers.map(([node]) => node?.nodeId)).toEqual(['second', 'second']);
  expect(second.asked()).toBe(2);
});

it('asks the next one where a balancer stops, and none where it refuses', async () => {
  await using first = await named('first');
  await using second = await named('second');
  using client = connect(first, second);
  first.answers.ListNodes = () => {
    throw new PushfleetError('BAD_TOKEN', 'no');
  };
  await expect(client.nodes.list()).rejects.toMatchObject({ code: 'BAD_TOKEN' });
  expect(second.asked()).toBe(0);
  first.answers.ListNodes = () => {
    throw new PushfleetError('SHUTTING_DOWN', 'the balancer stops');
  };
  expect((await client.nodes.list())[0]?.nodeId).toBe('second');
});

it('says which address failed last where none answers, and asks each once', async () => {
  const balancers = [await named('first'), await named('second')];
  using client = connect(...balancers);
  for (const balancer of balancers) await balancer[Symbol.asyncDispose]();
  await expect(client.nodes.list()).rejects.toThrow(`cannot reach the balancer at ${balancers[1]?.address}`);
});

it('does not send a command again that may have been accepted, and asks the next one from then on', async () => {
  await using first = await named('first');
  await using second = await named('second');
  using client = connect(first, second);
  first.answers.Push = () => {
    throw new PushfleetError('UNREACHABLE', 'Connection dropped');
  };
  const push = { deviceId: 'd1', operation: { forceSync: {} } };
  await expect(client.commands.push(push)).rejects.toThrow(
    `the call to the balancer at ${first.address} broke before an answer came, and may have been carried out: Connection dropped`,
  );
  expect(second.asked()).toBe(0);
  await client.commands.push(push);
  expect([first.asked(), second.asked()]).toEqual([1, 1]);
});

it('watches on through the next balancer, from the first call on', async () => {
  const [gone, first] = [await named('gone'), await named('first')];
  await using second = await named('second');
  using client = connect(gone, first, second);
  await gone[Symbol.asyncDispose]();
  const standing = (outcome: 'OUTCOME_RUNNING' | 'OUTCOME_SUCCEEDED'): admin.WatchCommandResponseInit => ({
    command: { status: { outcome } },
  });
  first.onWatch = (call: WatchCall) => {
    call.write(standing('OUTCOME_RUNNING'), () => void first[Symbol.asyncDispose]());
  };
  second.onWatch = (call) => call.write(standing('OUTCOME_SUCCEEDED'));
  const seen = await Array.fromAsync(
    client.commands.watch({ deviceId: 'd1', commandId: 'c1' }),
    ({ status }) => status?.outcome,
  );
  expect(seen).toEqual(['OUTCOME_RUNNING', 'OUTCOME_SUCCEEDED']);
});

it('refuses an empty list, and one with something else in it', () => {
  expect(() => new BalancerChoice([])).toThrow('address: must be');
  expect(() => new BalancerChoice(['balancer:13299', 'balancer'])).toThrow('address: must be host:port');
});

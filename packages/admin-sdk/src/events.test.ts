import { Metadata } from '@grpc/grpc-js';
import { PushfleetError, toStatus } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { findFreePorts } from '../../../test/cluster/free-ports.ts';
import { type EventsCall, startBalancer, type TestBalancer } from './balancer.fixture.ts';
import { createAdminClient } from './client.ts';

const connect = ({ address }: TestBalancer) => createAdminClient({ address, token: 'token-1', plaintext: true });

function begin(call: EventsCall, token: string): void {
  const headers = new Metadata();
  headers.set('pushfleet-resume-token', token);
  call.sendMetadata(headers);
}

it('goes on after the last event when it is cut off, and from where it began when none had come', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const tokens: string[] = [];
  const answers: ((call: EventsCall) => void)[] = [
    (call) => call.emit('error', toStatus(new PushfleetError('SHUTTING_DOWN', 'the balancer stops'))),
    (call) => {
      call.write({ events: [{ resumeToken: 't1' }, { resumeToken: 't2' }] });
      call.emit('error', toStatus(new PushfleetError('OVERLOADED', 'too slow')));
    },
    (call) => call.write({ events: [{ resumeToken: 't3' }] }),
  ];
  balancer.onEvents = (call) => {
    tokens.push(call.request.resumeToken);
    begin(call, 't0');
    answers.shift()?.(call);
  };
  const seen: string[] = [];
  for await (const { resumeToken } of client.events.watch()) {
    seen.push(resumeToken);
    if (seen.length === 3) break;
  }
  expect(seen).toEqual(['t1', 't2', 't3']);
  expect(tokens).toEqual(['', 't0', 't2']);
});

it('throws when events are gone, when nobody answers at first, and when it is told to end', async () => {
  const [port = 0] = await findFreePorts(1);
  const balancer = await startBalancer({ port });
  using client = connect(balancer);
  balancer.onEvents = (call) => {
    begin(call, 't0');
    call.emit('error', toStatus(new PushfleetError('EVENTS_GONE', 'gone')));
  };
  await expect(client.events.watch({ resumeToken: 'old' }).next()).rejects.toMatchObject({ code: 'EVENTS_GONE' });

  balancer.onEvents = (call) => begin(call, 't0');
  const stop = new AbortController();
  const onConnected = () => stop.abort(new Error('enough'));
  await expect(client.events.watch({}, { signal: stop.signal, onConnected }).next()).rejects.toThrow('enough');

  await balancer[Symbol.asyncDispose]();
  await expect(client.events.watch().next()).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

it('orders a drain and reads how it goes', async () => {
  await using balancer = await startBalancer();
  using client = connect(balancer);
  const maintenance = { nodeId: 'dp-1', phase: 'MAINTENANCE_PHASE_REQUESTED' as const };
  let asked: unknown;
  balancer.answers.DrainNode = (request: unknown) => {
    asked = request;
    return { maintenance };
  };
  expect(await client.maintenance.drain({ nodeId: 'dp-1', devicesPerSecond: 5 })).toMatchObject(maintenance);
  expect(asked).toEqual({ nodeId: 'dp-1', devicesPerSecond: 5, deadlineMs: 0 });
  expect(await client.maintenance.getRebalance()).toBeUndefined();
});

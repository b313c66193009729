import { credentials, Metadata } from '@grpc/grpc-js';
import { type admin, CommandService } from '@pushfleet/protocol/admin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './cluster/eventually.ts';
import { TcpTarget } from './cluster/tcp-target.ts';
import { TestCluster, testGroup } from './cluster/test-cluster.ts';
import { type ReceivedSpan, TraceReceiver } from './cluster/trace-receiver.ts';

const [balancer, worker] = ['pushfleet-balancer', 'pushfleet-push-server'];
const method = 'pushfleet.admin.v1.CommandService/Push';

describe('a traced command', () => {
  let receiver: TraceReceiver;
  let cluster: TestCluster;

  beforeAll(async () => {
    receiver = await TraceReceiver.start();
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin, OTEL_BSP_SCHEDULE_DELAY: '100' };
    cluster = await TestCluster.create({ environment });
  });

  afterAll(async () => {
    await cluster[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });

  async function push(
    request: admin.PushRequestInit,
    headers: Record<string, string> = {},
  ): Promise<admin.PushResponse> {
    const client = new CommandService(
      `localhost:${cluster.balancerPorts[0]?.admin}`,
      credentials.createSsl(cluster.ca),
    );
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${await cluster.token}`);
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const answer = Promise.withResolvers<admin.PushResponse>();
    client.push(request, metadata, (error, response) =>
      error ? answer.reject(error) : answer.resolve(response as admin.PushResponse),
    );
    return answer.promise.finally(() => client.close());
  }

  /** The spans of a command, by their names, once all of these are there. */
  async function spansOf(commandId: string, ...names: string[]): Promise<Record<string, ReceivedSpan>> {
    const found = () => {
      const own = receiver.spans.filter(({ attributes }) => attributes['pushfleet.command.id'] === commandId);
      const within = receiver.spans.filter(({ parentSpanId }) => own.some(({ spanId }) => spanId === parentSpanId));
      return Object.fromEntries([...own, ...within].map((span) => [span.name, span]));
    };
    await eventually('its spans are exported', () => names.every((name) => name in found()));
    return found();
  }

  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;

  it('is one trace, from its caller through balancer and worker to the result of its device', async () => {
    const [device] = await cluster.devices.connect(1, 'direct');
    const deviceId = device?.id as string;
    const { commandId } = await push({ deviceId, operation: { forceSync: {} } }, { traceparent });
    const spans = await spansOf(commandId, method, 'route', 'channel', 'deliver', 'run');
    expect(Object.values(spans).map((span) => span.traceId)).toEqual(Array(5).fill(traceId));
    expect(spans[method]).toMatchObject({ service: balancer, parentSpanId: 'b7ad6b7169203331', statusCode: 0 });
    expect(spans[method]?.attributes).toMatchObject({
      'pushfleet.device.id': deviceId,
      'pushfleet.operation': 'forceSync',
      'pushfleet.outcome': 'SUCCEEDED',
      'pushfleet.command.durable': false,
    });
    expect(spans.route).toMatchObject({ service: balancer, parentSpanId: spans[method]?.spanId });
    expect(spans.channel).toMatchObject({ service: balancer, parentSpanId: spans[method]?.spanId });
    expect(spans.deliver).toMatchObject({ service: worker, parentSpanId: spans.channel?.spanId });
    expect(spans.run).toMatchObject({ service: worker, parentSpanId: spans.deliver?.spanId });
    expect(spans.run?.attributes['pushfleet.outcome']).toBe('SUCCEEDED');
  });

  it('goes on in the trace of a request over HTTP as well', async () => {
    const [device] = await cluster.devices.connect(1, 'rest');
    const url = `http://127.0.0.1:${cluster.balancerPorts[0]?.rest}/v1/devices/${device?.id}/commands`;
    const headers = {
      ...{ authorization: `Bearer ${await cluster.token}`, 'content-type': 'application/json' },
      traceparent: traceparent.replace('0af', '1af'),
    };
    const response = await fetch(url, { method: 'POST', headers, body: '{"operation":{"forceSync":{}}}' });
    const { commandId } = (await response.json()) as { commandId: string };
    const spans = await spansOf(commandId, method, 'deliver', 'run');
    expect(spans[method]).toMatchObject({ traceId: traceId.replace('0af', '1af'), parentSpanId: 'b7ad6b7169203331' });
    expect(spans.run?.traceId).toBe(traceId.replace('0af', '1af'));
  });

  it('that is durable is claimed, and delivered in the same trace where its device is there', async () => {
    const [device] = await cluster.devices.connect(1, 'durable');
    const deviceId = device?.id as string;
    const { commandId } = await push({ deviceId, operation: { forceSync: {} }, ttlMs: 60_000 });
    const spans = await spansOf(commandId, method, 'claim', 'channel', 'deliver', 'run');
    expect(spans[method]).toMatchObject({ parentSpanId: '' });
    expect(spans.claim?.parentSpanId).toBe(spans[method]?.spanId);
    expect(spans.deliver).toMatchObject({ service: worker, parentSpanId: spans.channel?.spanId });
    expect(commandId).toBe(`d-t${spans[method]?.traceId}-${spans[method]?.spanId}`);
  });

  it('that waits for its device links its later delivery to its submission', async () => {
    const deviceId = 'away';
    await cluster.devices.register(deviceId);
    const { commandId } = await push({ deviceId, operation: { forceSync: {} }, ttlMs: 60_000, wait: 'WAIT_ACCEPTED' });
    const device = cluster.devices.create(deviceId);
    device.device.start();
    const spans = await spansOf(commandId, method, 'claim', 'deliver', 'run');
    expect(spans).not.toHaveProperty('channel');
    expect(spans.deliver).toMatchObject({ service: worker, parentSpanId: '' });
    expect(spans.deliver?.traceId).not.toBe(spans[method]?.traceId);
    const { traceId: of = '', spanId = '' } = spans[method] ?? {};
    expect(spans.deliver?.links).toEqual([{ traceId: of, spanId }]);
  });

  it('that cannot be delivered says so', async () => {
    await cluster.devices.register('nowhere');
    const { commandId } = await push({ deviceId: 'nowhere', operation: { forceSync: {} } });
    const spans = await spansOf(commandId, method, 'route');
    expect(spans[method]).toMatchObject({ statusCode: 2 });
    expect(spans[method]?.attributes['pushfleet.outcome']).toBe('NOT_CONNECTED');
  });

  it('of a group push is a part of it, as ten of each batch are', async () => {
    await cluster.devices.connect(12, 'group');
    const { groupPushId } = await cluster.admin.groupPushes.start({
      ...{ group: testGroup, labels: {}, operation: { kind: 'forceSync', forceSync: {} } },
    });
    const named = (name: string) =>
      receiver.spans.filter((span) => span.name === name && span.attributes['pushfleet.group_push.id'] === groupPushId);
    await eventually('it is exported', () => named('group push').length === 1);
    const [whole] = named('group push');
    const submission = await eventually('its submission is exported', () => {
      return named('pushfleet.admin.v1.CommandService/PushToGroup')[0];
    });
    expect(groupPushId).toBe(`t${submission.traceId}-${submission.spanId}`);
    expect(whole).toMatchObject({ parentSpanId: submission.spanId, statusCode: 0 });
    const commands = () => receiver.spans.filter(({ parentSpanId }) => parentSpanId === whole?.spanId);
    await eventually('its commands are exported', () => commands().length === 10);
    const [first] = commands().filter(({ attributes }) => attributes['pushfleet.outcome'] === 'SUCCEEDED');
    const spans = await spansOf(String(first?.attributes['pushfleet.command.id']), 'channel', 'deliver', 'run');
    expect(spans.deliver).toMatchObject({ service: worker, parentSpanId: spans.channel?.spanId });
    expect(Object.values(spans).every((span) => span.traceId === submission.traceId)).toBe(true);
  });

  it('that opens a tunnel is a part of it, in balancer and worker', async () => {
    await using target = await TcpTarget.echo();
    const [device] = await cluster.devices.connect(1, 'tunnel', { tunnels: { allow: ['127.0.0.1:*'] } });
    const tunnel = await cluster.admin.tunnels.open({ deviceId: device?.id as string, target: target.address });
    tunnel.on('error', () => undefined).destroy();
    const find = (name: string, parent?: string) =>
      receiver.spans.find((span) => span.name === name && (parent === undefined || span.parentSpanId === parent));
    // Balancer and worker export theirs independently of one another.
    const open = await eventually('it is exported', () => find('pushfleet.admin.v1.TunnelService/Open'));
    expect(open).toMatchObject({ service: balancer, statusCode: 0 });
    expect(open.attributes['pushfleet.tunnel.target']).toBe(target.address);
    await eventually('its parts are exported', () =>
      ['command', 'attach', 'tunnel'].every((name) => find(name, open.spanId) !== undefined),
    );
    const id = String(find('command', open.spanId)?.attributes['pushfleet.command.id']);
    const spans = await spansOf(id, 'route', 'channel', 'deliver', 'run');
    expect(spans.deliver).toMatchObject({ service: worker, traceId: open.traceId });
  });

  it('begins a trace of its own where what the caller says of one is none, and leaves out one that is not sampled', async () => {
    await cluster.devices.register('hostile');
    const zeros = '0'.repeat(32);
    for (const bad of ['x', `00-${zeros}-b7ad6b7169203331-01`, `ff${traceparent.slice(2)}`, `${traceparent}-evil`]) {
      const { commandId } = await push({ deviceId: 'hostile', operation: { forceSync: {} } }, { traceparent: bad });
      const spans = await spansOf(commandId, method);
      expect(spans[method]).toMatchObject({ parentSpanId: '' });
      expect(spans[method]?.traceId).not.toBe(traceId);
    }
    const unsampled = await push(
      { deviceId: 'hostile', operation: { forceSync: {} } },
      { traceparent: `00-${traceId.replace('0af', '2af')}-b7ad6b7169203331-00` },
    );
    const { commandId } = await push({ deviceId: 'hostile', operation: { forceSync: {} } });
    await spansOf(commandId, method);
    const ids = receiver.spans.map(({ attributes }) => attributes['pushfleet.command.id']);
    expect(ids).not.toContain(unsampled.commandId);
  });
});

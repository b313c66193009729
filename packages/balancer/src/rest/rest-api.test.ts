import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { parseGroupPath } from '@pushfleet/protocol';
import type { NewFleetEvent } from '@pushfleet/registry';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { accessTable } from '../access/access-table.ts';
import { hashToken } from '../access/token-directory.ts';
import { adminToken, TestBalancer } from '../balancer.fixture.ts';
import { restRoutes } from './routes.ts';

interface Answer {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
  body: any;
}

async function start() {
  const test = await TestBalancer.start();
  onTestFinished(() => test[Symbol.asyncDispose]());
  await test.putFleet('HQ/Lab', 'dp-1', 'd-1');
  const origin = `http://127.0.0.1:${test.balancer.ports.rest}`;
  const ask = async (line: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> => {
    const [method = '', path = ''] = line.split(' ');
    const response = await fetch(`${origin}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${adminToken}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return { status: response.status, headers: response.headers, body: isJson && text ? JSON.parse(text) : text };
  };
  return { test, origin, ask };
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
type Json = any;

function at(document: Json, reference: string): Json {
  return reference
    .split('/')
    .slice(1)
    .reduce((value, name) => value[name], document);
}

/** The first thing in which a value is not as its schema says; `undefined`: there is none. */
function findDifference(document: Json, schema: Json, value: Json, path = 'answer'): string | undefined {
  if (schema.$ref) return findDifference(document, at(document, schema.$ref), value, path);
  const type = Array.isArray(value) ? 'array' : Number.isInteger(value) ? 'integer' : typeof value;
  const isOfType = type === schema.type || (type === 'integer' && schema.type === 'number');
  if (!isOfType) return `${path} is of type ${type}, not ${schema.type}`;
  if (schema.enum && !schema.enum.includes(value)) return `${path} is ${value}`;
  if (type === 'array') {
    return (value as Json[]).map((item) => findDifference(document, schema.items, item, `${path}[]`)).find(Boolean);
  }
  if (type !== 'object') return undefined;
  const missing = (schema.required ?? []).find((name: string) => !(name in value));
  if (missing) return `${path} has no ${missing}`;
  const unknown = Object.keys(value).find((name) => !schema.additionalProperties && !(name in schema.properties));
  if (unknown) return `${path} has ${unknown}`;
  return Object.entries(value)
    .map(([name, item]) =>
      findDifference(document, schema.properties?.[name] ?? schema.additionalProperties, item, `${path}.${name}`),
    )
    .find(Boolean);
}

/** Calls that are streams of what the client says have no place in HTTP/1.1. */
const withoutRoute = ['CommandService/PushStream', 'FleetService/ImportDevices', 'TunnelService/Open'];

describe('the REST API', () => {
  it('has a route for each method of the admin API', () => {
    const routed = restRoutes.map(({ method }) => method);
    expect([...routed, ...withoutRoute].toSorted()).toEqual(Object.keys(accessTable).toSorted());
  });

  it('reads and changes the fleet as gRPC does', async () => {
    const { ask } = await start();
    expect(await ask('PUT /v1/groups/HQ%2FYard')).toMatchObject({ status: 200, body: { path: 'HQ/Yard' } });
    const groups = await ask('GET /v1/groups?pageSize=2');
    expect(groups.body).toEqual({
      groups: [
        { path: 'HQ', devices: 1 },
        { path: 'HQ/Lab', devices: 1 },
      ],
      nextPageToken: expect.stringMatching(/./),
    });
    const rest = await ask(`GET /v1/groups?pageToken=${groups.body.nextPageToken}`);
    expect(rest.body).toEqual({ groups: [{ path: 'HQ/Yard', devices: 0 }], nextPageToken: '' });
    const device = { device: { group: 'HQ/Yard', labels: { os: 'linux' } }, secret: 'x'.repeat(20) };
    expect(await ask('PUT /v1/devices/d-2', device)).toMatchObject({ status: 200, body: { deviceId: 'd-2' } });
    const found = await ask('GET /v1/devices?labels=os=linux&group=HQ');
    expect(found.body.devices).toMatchObject([{ deviceId: 'd-2', group: 'HQ/Yard', labels: { os: 'linux' } }]);
    expect(await ask('POST /v1/devices/move', { deviceIds: ['d-2'], group: 'HQ/Lab' })).toMatchObject({ status: 204 });
    expect((await ask('GET /v1/devices/d-2')).body.group).toBe('HQ/Lab');
    expect(await ask('DELETE /v1/devices/d-2')).toMatchObject({ status: 204, body: '' });
    expect(await ask('GET /v1/devices/d-2')).toMatchObject({ status: 404, body: { code: 'DEVICE_NOT_FOUND' } });
  });

  it('does not let one administrator overwrite what another has changed', async () => {
    const { ask } = await start();
    const read = await ask('GET /v1/distribution-points/dp-1');
    const etag = read.headers.get('etag') ?? '';
    expect(etag).toMatch(/^".+"$/);
    const settings = { groups: ['HQ/Lab'], pushServer: { ...read.body.pushServer, maxConnections: 500 } };
    const put = await ask('PUT /v1/distribution-points/dp-1', settings, { 'if-match': etag });
    expect(put).toMatchObject({ status: 200, body: { pushServer: { maxConnections: 500 } } });
    expect(put.headers.get('etag')).not.toBe(etag);
    const late = await ask('PUT /v1/distribution-points/dp-1', settings, { 'if-match': etag });
    expect(late).toMatchObject({ status: 412, body: { code: 'ETAG_MISMATCH', status: 412 } });
    expect(await ask('PUT /v1/distribution-points/dp-1', settings, { 'if-match': 'x' })).toMatchObject({ status: 400 });
  });

  it('changes only the fields of a device that are named, by their names in JSON', async () => {
    const { ask } = await start();
    const put = (updateMask: unknown) =>
      ask('PUT /v1/devices/d-1', { device: { labels: { floor: '2' }, linkKinds: ['LINK_KIND_MQTT'] }, updateMask });
    expect(await put('linkKinds')).toMatchObject({
      status: 200,
      body: { group: 'HQ/Lab', labels: {}, linkKinds: ['LINK_KIND_MQTT'] },
    });
    expect(await put('labels,linkKinds')).toMatchObject({ status: 200, body: { labels: { floor: '2' } } });
    expect(await put('secretHash')).toMatchObject({ status: 400, body: { field: 'updateMask' } });
    expect(await put({ paths: ['labels'] })).toMatchObject({ status: 400, body: { field: 'updateMask' } });
  });

  it('carries commands, and says where they stand', async () => {
    const { test, ask } = await start();
    const worker = await test.startWorker('dp-1');
    await test.finds('dp-1');
    await worker.openSession('d-1' as never);
    const sent = await ask('POST /v1/devices/d-1/commands', { operation: { forceSync: { reason: 'now' } } });
    expect(sent).toMatchObject({ status: 200, body: { deviceId: 'd-1', status: { outcome: 'OUTCOME_SUCCEEDED' } } });
    const queued = { operation: { forceSync: {} }, ttl: '60s', wait: 'WAIT_ACCEPTED', commandId: 'd-77' };
    expect((await ask('POST /v1/devices/d-1/commands', queued)).body.commandId).toBe('d-77');
    expect((await ask('GET /v1/devices/d-1/commands/d-77')).body).toMatchObject({ commandId: 'd-77', durable: true });
    expect((await ask('GET /v1/devices/d-1/commands')).body.commands).toHaveLength(1);
  });

  it('answers each mistake with a problem that names it', async () => {
    const { ask } = await start();
    const mistakes: [line: string, body: unknown, status: number, problem: object][] = [
      ['POST /v1/devices/a%20b/commands', { operation: { forceSync: {} } }, 400, { field: 'deviceId' }],
      ['POST /v1/devices/d-1/commands', {}, 400, { field: 'operation' }],
      ['POST /v1/devices/d-1/commands', { operation: { forceSink: {} } }, 400, { field: 'operation.forceSink' }],
      ['POST /v1/devices/d-1/commands', { operation: { forceSync: 7 } }, 400, { field: 'operation.forceSync' }],
      ['POST /v1/devices/d-1/commands', { ttl: 60 }, 400, { field: 'ttl' }],
      ['POST /v1/devices/d-1/commands', { deviceId: 'd-2' }, 400, { field: 'deviceId' }],
      ['POST /v1/devices/d-1/commands', '{"a', 400, { field: 'body', detail: 'body: must be JSON' }],
      ['POST /v1/devices/d-1/commands', '', 400, { field: 'operation' }],
      ['POST /v1/session', '', 400, { field: 'body' }],
      ['POST /v1/devices/d-1/commands', [], 400, { field: 'body' }],
      ['POST /v1/rebalance', 'null', 400, { field: 'body' }],
      ['POST /v1/nodes/dp-1/undrain', '7', 400, { field: 'body' }],
      [
        'PUT /v1/distribution-points/dp-1',
        { pushServer: { port: 'x' } },
        400,
        { field: 'distributionPoint.pushServer.port' },
      ],
      ['GET /v1/devices?size=3', undefined, 400, { field: 'query.size' }],
      ['GET /v1/devices?page_size=3', undefined, 400, { field: 'query.page_size' }],
      ['PUT /v1/devices/d-1', { update_masks: 'labels' }, 400, { field: 'update_masks' }],
      ['GET /v1/devices?pageSize=-1', undefined, 400, { field: 'pageSize' }],
      ['GET /v1/devices?labels=linux', undefined, 400, { field: 'query.labels' }],
      ['GET /v1/devices?excludeSubgroups=1', undefined, 400, { field: 'query.excludeSubgroups' }],
      ['GET /v1/devices/none', undefined, 404, { code: 'DEVICE_NOT_FOUND', field: 'deviceId' }],
      ['GET /v1/device', undefined, 404, { code: 'NOT_FOUND' }],
      ['GET /v1/devices/%ff', undefined, 400, { field: 'path' }],
      ['GET /nothing', undefined, 404, { code: 'NOT_FOUND' }],
      ['GET /console/assets/none.js', undefined, 404, { code: 'NOT_FOUND' }],
      ['PATCH /v1/devices/d-1', undefined, 405, { code: 'METHOD_NOT_ALLOWED' }],
      ['PATCH /v1/devices/d-1', '{"a', 405, { code: 'METHOD_NOT_ALLOWED' }],
    ];
    for (const [line, body, status, problem] of mistakes) {
      const answer = await ask(line, body);
      expect(answer.headers.get('content-type'), line).toContain('application/problem+json');
      expect({ ...answer.body, answered: answer.status }, line).toMatchObject({ answered: status, status, ...problem });
    }
  });

  it('takes bodies of JSON alone, and says so by 415', async () => {
    const { ask } = await start();
    for (const line of ['POST /v1/devices/d-1/commands', 'PUT /v1/groups/HQ%2FLab', 'POST /v1/session']) {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
        const answer = await ask(line, '{}', { 'content-type': type });
        expect([line, type, answer.status]).toEqual([line, type, 415]);
        expect(answer.body).toMatchObject({ status: 415, code: 'INVALID_ARGUMENT', field: 'content-type' });
      }
    }
  });

  it('says what may be done at a path, to those who try something else', async () => {
    const { ask } = await start();
    const allowed = async (line: string) => (await ask(line)).headers.get('allow');
    expect(await allowed('PATCH /v1/devices/d-1')).toBe('GET, HEAD, PUT, DELETE');
    expect(await allowed('OPTIONS /v1/groups/HQ%2FLab/move?x=1')).toBe('POST');
    expect(await allowed('PUT /v1/tokens')).toBe('GET, HEAD, POST');
    expect(await allowed('GET /v1/nothing')).toBeNull();
  });

  it('answers HEAD as GET, without a body', async () => {
    const { ask } = await start();
    for (const path of ['/v1/groups', '/v1/devices/d-1', '/v1/distribution-points/dp-1', '/v1/token']) {
      const [got, headed] = [await ask(`GET ${path}`), await ask(`HEAD ${path}`)];
      expect([path, headed.status, headed.headers.get('etag')]).toEqual([path, 200, got.headers.get('etag')]);
      expect(headed.headers.get('content-length'), path).toBe(got.headers.get('content-length'));
    }
    const denied = { authorization: `Bearer ${'x'.repeat(43)}` };
    expect(await ask('HEAD /v1/devices/none')).toMatchObject({ status: 404 });
    expect(await ask('HEAD /v1/devices?size=3')).toMatchObject({ status: 400 });
    expect(await ask('HEAD /v1/nodes', undefined, denied)).toMatchObject({ status: 401 });
    expect(await ask('HEAD /v1/devices/d-1/disconnect')).toMatchObject({ status: 405 });
  });

  it('needs no body where each field has a default', async () => {
    const { ask } = await start();
    expect(await ask('POST /v1/devices/d-1/disconnect')).toMatchObject({ status: 202 });
    expect(await ask('POST /v1/rebalance')).toMatchObject({ status: 202 });
  });

  it('takes a request without a body for one, also where its content type is said all the same', async () => {
    const { ask } = await start();
    expect(await ask('PUT /v1/groups/HQ%2FEmpty', '')).toMatchObject({ status: 200 });
    expect(await ask('DELETE /v1/groups/HQ%2FEmpty', '')).toMatchObject({ status: 204 });
    expect(await ask('GET /v1/groups', undefined, { 'content-type': 'application/json' })).toMatchObject({
      status: 200,
    });
  });

  it('answers as its document says', async () => {
    const { test, ask } = await start();
    await test.startWorker('dp-1');
    await test.finds('dp-1');
    const { body: document } = await ask('GET /openapi.json');
    await ask('PUT /v1/devices/d-2', { device: { group: 'HQ/Lab', labels: { os: 'linux' } }, secret: 'x'.repeat(20) });
    const pushed = await ask('POST /v1/group-pushes', { group: 'HQ/Lab', operation: { forceSync: {} } });
    const push = `/v1/group-pushes/${pushed.body.groupPushId}`;
    for (const [line, path, body] of [
      ['GET /v1/token', '/v1/token'],
      ['POST /v1/tokens', '/v1/tokens', { name: 'eyes', role: 'ROLE_VIEWER', lifetime: '60s' }],
      ['GET /v1/tokens', '/v1/tokens'],
      ['GET /v1/groups', '/v1/groups'],
      ['GET /v1/distribution-points', '/v1/distribution-points'],
      ['GET /v1/distribution-points/dp-1', '/v1/distribution-points/{distributionPointId}'],
      ['GET /v1/devices', '/v1/devices'],
      ['GET /v1/devices/d-2', '/v1/devices/{deviceId}'],
      [
        'POST /v1/devices/d-2/commands',
        '/v1/devices/{deviceId}/commands',
        { operation: { forceSync: {} }, ttl: '60s', wait: 'WAIT_ACCEPTED' },
      ],
      ['GET /v1/devices/d-2/commands', '/v1/devices/{deviceId}/commands'],
      ['GET /v1/group-pushes', '/v1/group-pushes'],
      [`GET ${push}`, '/v1/group-pushes/{groupPushId}'],
      [`GET ${push}/outcomes`, '/v1/group-pushes/{groupPushId}/outcomes'],
      ['GET /v1/nodes', '/v1/nodes'],
      ['GET /v1/nodes/dp-1/maintenance', '/v1/nodes/{nodeId}/maintenance'],
      ['POST /v1/nodes/dp-1/drain', '/v1/nodes/{nodeId}/drain'],
      ['GET /v1/nodes/dp-1/maintenance', '/v1/nodes/{nodeId}/maintenance'],
      ['GET /v1/rebalance/plan', '/v1/rebalance/plan'],
      ['GET /v1/rebalance', '/v1/rebalance'],
      ['GET /v1/rolling-restart', '/v1/rolling-restart'],
      ['GET /v1/rolling-restart/plan', '/v1/rolling-restart/plan'],
      ['POST /v1/rolling-restart', '/v1/rolling-restart', {}],
      ['POST /v1/rolling-restart/cancel', '/v1/rolling-restart/cancel'],
      ['GET /v1/devices/none', '/v1/devices/{deviceId}'],
    ] as [line: string, path: string, body?: object][]) {
      const { status, headers, body: answer } = await ask(line, body);
      const described = document.paths[path][line.split(' ')[0]?.toLowerCase() ?? ''].responses[status];
      const { content } = described.$ref ? at(document, described.$ref) : described;
      const { schema } = content[headers.get('content-type')?.split(';')[0] ?? ''];
      expect({ line, differs: findDifference(document, schema, answer) }).toEqual({ line, differs: undefined });
    }
  });

  it('is for those who have a token, each as its role and scope have it', async () => {
    const { test, ask } = await start();
    expect(await ask('GET /v1/token', undefined, { authorization: '' })).toMatchObject({ status: 401 });
    const wrong = await ask('GET /v1/token', undefined, { authorization: 'Bearer wrong' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'BAD_TOKEN' } });
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer');
    await test.registry.apiTokens.create({
      ...{ name: 'eyes', role: 'viewer', hash: hashToken('secret-of-eyes'), createdBy: 'root', createdAtMs: 1 },
    });
    await test.registryCalls('apiTokens.list', 2);
    const authorization = 'Bearer secret-of-eyes';
    expect((await ask('GET /v1/token', undefined, { authorization })).body).toMatchObject({ name: 'eyes' });
    const push = await ask('POST /v1/devices/d-1/commands', { operation: { forceSync: {} } }, { authorization });
    expect(push).toMatchObject({ status: 403, body: { code: 'PERMISSION_DENIED' } });
  });

  it('reads bodies up to the size of a message, and of those without a token none', async () => {
    const { ask } = await start();
    const body = (bytes: number) => ({ operation: { custom: { name: 'x', payload: 'A'.repeat(bytes) } } });
    const large = await ask('POST /v1/devices/d-1/commands', body(100_000));
    expect(large).toMatchObject({ status: 200, body: { status: { outcome: 'OUTCOME_NOT_CONNECTED' } } });
    expect(await ask('POST /v1/devices/d-1/commands', body(2_000_000))).toMatchObject({ status: 413 });
    const stranger = await ask('POST /v1/devices/d-1/commands', body(100_000), { authorization: '' });
    expect(stranger.status).toBe(401);
  });

  it('leaves nothing behind on a connection that carries many requests', async () => {
    const { ask } = await start();
    const warned = vi.fn();
    // Others in this process may be warned of something else.
    const onWarning = (warning: Error) => void (warning.name === 'MaxListenersExceededWarning' && warned());
    process.on('warning', onWarning);
    onTestFinished(() => void process.off('warning', onWarning));
    for (let count = 0; count < 15; count += 1) expect(await ask('GET /v1/groups')).toMatchObject({ status: 200 });
    await new Promise(setImmediate);
    expect(warned).not.toHaveBeenCalled();
  });

  it('is served over TLS as well', async () => {
    const { test } = await start();
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const { ca } = test.certificates.cluster;
      const url = `https://localhost:${test.balancer.ports.rest}/v1/nodes`;
      httpsRequest(url, { ca, headers: { authorization: `Bearer ${adminToken}` } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  it('describes itself: every route, with what it takes and answers', async () => {
    const { ask } = await start();
    const { body } = await ask('GET /openapi.json', undefined, { authorization: '' });
    expect(body.openapi).toBe('3.1.0');
    expect(Object.keys(body.paths)).toContain('/v1/devices/{deviceId}/commands');
    expect((await ask('GET /docs/', undefined, { authorization: '' })).status).toBe(200);
  });
});

describe('a stream of server-sent events', () => {
  const event = (device: string): NewFleetEvent => ({ kind: 'device-connected', atMs: 1, device: device as never });

  async function watch(origin: string, path: string, headers: Record<string, string> = {}) {
    const abort = new AbortController();
    onTestFinished(() => abort.abort());
    const response = await fetch(`${origin}${path}`, {
      headers: { authorization: `Bearer ${adminToken}`, ...headers },
      signal: abort.signal,
    });
    const seen = { text: '' };
    void (async () => {
      for await (const chunk of response.body ?? []) seen.text += Buffer.from(chunk).toString();
    })().catch(() => {});
    return { response, seen, abort };
  }

  it('tells what happens, and goes on behind the last event that a client has seen', async () => {
    const { test, origin } = await start();
    const first = await watch(origin, '/v1/events');
    expect(first.response.headers.get('content-type')).toBe('text/event-stream');
    await vi.waitFor(() => expect(first.seen.text).toMatch(/^id: .+\n\n/));
    await test.registry.events.append([event('d-1')]);
    await vi.waitFor(() => expect(first.seen.text).toContain('"deviceId":"d-1"'), { timeout: 5_000 });
    expect(first.seen.text).toContain('event: EVENT_KIND_DEVICE_CONNECTED');
    const lastId = [...first.seen.text.matchAll(/^id: (.+)$/gm)].at(-1)?.[1] ?? '';
    first.abort.abort();
    await test.registry.events.append([event('d-2')]);
    const second = await watch(origin, '/v1/events', { 'last-event-id': lastId });
    await vi.waitFor(() => expect(second.seen.text).toContain('"deviceId":"d-2"'), { timeout: 5_000 });
    expect(second.seen.text).not.toContain('"deviceId":"d-1"');
  });

  it('tells a token with a scope of the devices in it, also when it comes back', async () => {
    const { test, origin } = await start();
    await test.putFleet('HQ/Lab', 'dp-1', 'd-in');
    await test.putFleet('HQ', 'dp-2', 'd-out');
    const record = { name: 'lab', role: 'viewer' as const, hash: hashToken('lab'), createdBy: 'root', createdAtMs: 1 };
    await test.registry.apiTokens.create({ ...record, scope: parseGroupPath('HQ/Lab') });
    await test.registryCalls('apiTokens.list', 2);
    const [begin, authorization] = [await test.registry.events.end(), 'Bearer lab'];
    await test.registry.events.append([event('d-out'), event('d-in'), { kind: 'registry-lost', atMs: 1 }]);
    const lastId = Buffer.from(begin).toString('base64url');
    const { seen } = await watch(origin, '/v1/events', { authorization, 'last-event-id': lastId });
    await test.registry.events.append([event('d-out'), { ...event('d-in'), reason: 'the last one' }]);
    await vi.waitFor(() => expect(seen.text).toContain('the last one'), { timeout: 5_000 });
    expect([...seen.text.matchAll(/"(?:deviceId":"|kind":"EVENT_KIND_REG)[^"]*/g)].map(([text]) => text)).toEqual([
      ...['"deviceId":"d-in', '"deviceId":"d-in'],
    ]);
  });

  it('gives its headers to HEAD, and its connection to the next request', async () => {
    const { test } = await start();
    const socket = connect(test.balancer.ports.rest, '127.0.0.1');
    const asked = (line: string, ...headers: string[]) =>
      [`${line} HTTP/1.1`, 'host: a', `authorization: Bearer ${adminToken}`, ...headers, '', ''].join('\r\n');
    socket.write(asked('HEAD /v1/events') + asked('HEAD /v1/events?kinds=NONE'));
    socket.write(asked('GET /v1/groups', 'connection: close'));
    const answers = (await text(socket)).split('HTTP/1.1 ').slice(1);
    expect(answers.map((answer) => answer.slice(0, 3))).toEqual(['200', '400', '200']);
    expect(answers[0]).toContain('content-type: text/event-stream\r\n');
    expect(answers[0]).toMatch(/\r\n\r\n$/);
    expect(answers[2]).toContain('"path":"HQ/Lab"');
  });

  it('is refused as any other request is', async () => {
    const { ask } = await start();
    expect(await ask('GET /v1/events?resumeToken=what')).toMatchObject({ status: 400, body: { field: 'resumeToken' } });
    expect(await ask('GET /v1/events?kinds=NONE')).toMatchObject({ status: 400 });
  });
});

import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type Client, credentials, Metadata } from '@grpc/grpc-js';
import { serverIdentity } from '@pushfleet/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askTicket } from './cluster/ask-assignment.ts';
import { controlPort, peerPort } from './cluster/control-port.ts';
import { inParallel } from './cluster/in-parallel.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';
import { ask, connectTo } from './every-field/call.ts';
import { allMethods, fieldName, type Method, type Outcome, type Row, rows } from './every-field/methods.ts';
import { ruleOf } from './every-field/rules.ts';
import type { Value } from './every-field/values.ts';
import { encodeWith, type FieldAt, fieldsOf, root } from './every-field/wire.ts';

const methods = allMethods(root);

/** An answer comes within a second, also on a machine that is busy with other things: then at the second or third time. */
const answerWithinMs = 1_000;
const tries = 5;

/** Codes that nothing in a request may bring about. */
const neverOurs =
  /^(INTERNAL|UNKNOWN|UNAVAILABLE|UNIMPLEMENTED|DEADLINE_EXCEEDED|CANCELLED|REGISTRY_UNAVAILABLE|SHUTTING_DOWN)$/;
/** The error of gRPC itself for bytes that are no such message. */
const unreadable = 'Error deserializing request';
/** The error of gRPC itself for a message that is too large to be read. */
const tooLarge = /^Received message larger than max/;

type Expected = 'accepts' | 'refuses' | 'either';

interface Case {
  method: Method;
  row: Row;
  at: FieldAt;
  value: Value;
  expected: Expected;
}

function casesOf(method: Method): Case[] {
  const row = rows[method.path] as Row;
  return fieldsOf(method.request).flatMap((at) => {
    const rule = ruleOf(at.field);
    const of = (expected: Expected) =>
      (rule?.[expected] ?? []).map((value): Case => ({ method, row, at, value, expected }));
    // Refused as a whole, whatever is in it; and of what balancers tell workers it is for the device to say what is wrong.
    const isEither = at.path.some(({ name }) => name === 'openTunnel') || row.port === 'control';
    return [...of('accepts'), ...of('refuses'), ...of('either')].map((one) =>
      isEither ? { ...one, expected: 'either' as const } : one,
    );
  });
}

/** `undefined`: as it should be. */
function findingOf({ at, row, expected, value }: Case, { code, field, details }: Outcome): string | undefined {
  const name = fieldName(at.path, row);
  const said = `${name} with ${value.label}: ${code} ${field ?? ''} ${details.slice(0, 120)}`;
  if (neverOurs.test(code) && details !== unreadable) return said;
  const isRefused = code === 'INVALID_ARGUMENT' || code === 'PAYLOAD_TOO_LARGE';
  if (expected === 'accepts') return isRefused || details === unreadable ? `refused: ${said}` : undefined;
  if (expected === 'either' || (expected === 'refuses' && tooLarge.test(details))) return undefined;
  if (!isRefused) return `not refused: ${said}`;
  const isNamed = field === name || field?.startsWith(`${name}[`) || field?.startsWith(`${name}.`);
  return isNamed ? undefined : `another field is named: ${said}`;
}

describe('every field of every request', { timeout: 600_000 }, () => {
  let cluster: TestCluster;
  const clients = new Map<Row['port'], Client>();
  const metadata = new Metadata();
  let ticket = '';
  let workers: number[] = [];

  beforeAll(async () => {
    cluster = await TestCluster.create();
    await cluster.admin.groups.put('Empty');
    await cluster.devices.register('ghost');
    await cluster.devices.connect(1, 'healthy', { link: 'mqtt' });
    metadata.set('authorization', `Bearer ${await cluster.token}`);
    const { ports, secure } = await surroundings(cluster);
    for (const [name, address] of Object.entries(ports) as [Row['port'], string][]) {
      const { with: secret, options } = secure[name];
      clients.set(name, connectTo(address, secret, options));
    }
    ticket = (await askTicket(cluster.assignUrls[0] as string, cluster.ca, 'ghost', testSecret)).ticket;
    workers = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
  });

  afterAll(async () => {
    for (const client of clients.values()) client.close();
    await cluster[Symbol.asyncDispose]();
  });

  async function askOnce({ method, row, at, value }: Case): Promise<Outcome | 'late'> {
    const path = at.path.map(({ name }) => name);
    const request = encodeWith(method.request, row.base(path), at.path, value.raw(at.field));
    const client = clients.get(row.port) as Client;
    const answer = ask({ client, metadata, method, row, path, ticket }, request);
    const late = new Promise<'late'>((resolve) => setTimeout(resolve, answerWithinMs, 'late').unref());
    return Promise.race([answer, late]);
  }

  async function check(one: Case): Promise<string | undefined> {
    for (let left = tries; left > 0; left -= 1) {
      const outcome = await askOnce(one);
      if (outcome !== 'late') return findingOf(one, outcome);
    }
    return `no answer within ${answerWithinMs} ms: ${fieldName(one.at.path, one.row)} with ${one.value.label}`;
  }

  it('is asked about: there is a row for each method, and a rule for each field', () => {
    expect(methods.length).toBeGreaterThan(40);
    expect(methods.map(({ path }) => path).sort()).toEqual(Object.keys(rows).sort());
    const fields = methods.flatMap(({ request }) => fieldsOf(request).map(({ field }) => field));
    expect(fields.filter((field) => !ruleOf(field)).map((field) => field.fullName)).toEqual([]);
  });

  it.each(methods.map((method) => [method.path, method] as const))(
    '%s answers, whatever is in it',
    async (_, method) => {
      const row = rows[method.path] as Row;
      const cases = casesOf(method);
      const findings = await inParallel(row.oneAtATime ? 1 : 6, cases, check);
      expect(findings.filter((finding) => finding !== undefined)).toEqual([]);
      expect(cases.length).toBeGreaterThanOrEqual(fieldsOf(method.request).length);
    },
  );

  it.each(httpRoutes())('%s %s answers, whatever is in it', async (verb, path) => {
    const findings: string[] = [];
    for (const { label, status, field, request } of httpCases(verb, path)) {
      const answer = await askHttp(cluster, verb, path, request);
      const body = answer.body as { error?: { field?: string } };
      const isRight = status.includes(answer.status) && (field === undefined || body.error?.field === field);
      if (!isRight) findings.push(`${label}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 200)}`);
    }
    expect(findings).toEqual([]);
  });

  it('leaves every process alive, and others undisturbed', async () => {
    expect([...cluster.balancers, ...cluster.pushServers].every(({ isRunning }) => isRunning)).toBe(true);
    const after = (await cluster.nodes()).flatMap((node) => node.workers.map(({ pid }) => pid));
    expect(after).toEqual(workers);
    const { status } = await cluster.admin.commands.push({ deviceId: 'healthy-0', operation: { forceSync: {} } });
    expect(status?.outcome).toBe('OUTCOME_SUCCEEDED');
  });
});

async function surroundings(cluster: TestCluster) {
  const [balancer] = cluster.balancerPorts;
  const { verify, options } = serverIdentity('127.0.0.1');
  const open = { with: credentials.createSsl(cluster.ca, null, null, verify), options };
  const file = (name: string) => readFileSync(join(cluster.stateDir, name));
  const mutual = credentials.createSsl(file('cluster-ca.crt'), file('cluster.key'), file('cluster.crt'));
  const inside = { with: mutual, options: { 'grpc.ssl_target_name_override': 'pushfleet-cluster' } };
  const ports = {
    admin: `127.0.0.1:${balancer?.admin}`,
    assign: `127.0.0.1:${balancer?.assign}`,
    device: `127.0.0.1:${cluster.devicePorts[0]}`,
    control: `127.0.0.1:${await controlPort(cluster)}`,
    peer: `127.0.0.1:${peerPort(cluster)}`,
  };
  return { ports, secure: { admin: open, assign: open, device: open, control: inside, peer: inside } };
}

/** Every route that the packages serve, found in their source: one that is new is asked about, too. */
function httpRoutes(): [verb: string, path: string][] {
  const packages = new URL('../packages/', import.meta.url);
  const sources = readdirSync(packages, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\/src\/.*\.ts$/.test(file) && !/\.(test|fixture)\.ts$/.test(file) && !file.includes('node_modules'),
  );
  const routes = sources.flatMap((file) => {
    const source = readFileSync(new URL(file, packages), 'utf8');
    return [...source.matchAll(/\bapp\.(get|post|put|patch|delete|all)\(\s*'([^']+)'/g)];
  });
  return routes.map(([, verb = '', path = '']) => [verb.toUpperCase(), path]);
}

interface HttpCase {
  label: string;
  request: { path?: string; body?: string; headers?: Record<string, string> };
  status: number[];
  field?: string;
}

function httpCases(verb: string, path: string): HttpCase[] {
  const odd = ['?', '?a=%00', '?a=%ED%A0%80', `?${'x'.repeat(8_000)}`, '?__proto__[a]=b'];
  const known = verb === 'GET' ? [200, 400, 503] : [400];
  const cases: HttpCase[] = [
    ...odd.map((query) => ({ label: `query ${query.slice(0, 20)}`, request: { path: path + query }, status: known })),
    { label: 'a path with NUL', request: { path: `${path}/%00` }, status: [400, 404] },
    { label: 'a header of 100,000 bytes', request: { headers: { 'x-odd': 'x'.repeat(100_000) } }, status: [400, 431] },
  ];
  if (path !== '/v1/assignment') return cases;
  const right = { deviceId: 'ghost', secret: testSecret, unreachableNodeIds: [] };
  const bodies = [
    '',
    'null',
    '[]',
    '"text"',
    '7',
    '{',
    `{"a":${'['.repeat(5_000)}`,
    '\0',
    '{"__proto__":{"deviceId":"ghost"}}',
  ];
  const wrong: Record<keyof typeof right, unknown[]> = {
    deviceId: [null, '', 7, true, {}, [], 'größe', 'a\0b', '\ud800', 'x'.repeat(129), 'x'.repeat(15_000)],
    secret: [null, '', 7, true, {}, [], 's'.repeat(15), 's'.repeat(257)],
    unreachableNodeIds: ['dp-1', 7, {}, [7], ['größe'], ['a\0b'], ['\ud800'], Array(10_000).fill('a'), [[]]],
  };
  return [
    ...cases,
    ...bodies.map((body) => ({ label: `body ${body.slice(0, 20)}`, request: { body }, status: [400] })),
    ...Object.entries(wrong).flatMap(([name, values]) =>
      values.map((value) => ({
        label: `${name} ${JSON.stringify(value)?.slice(0, 40)}`,
        request: { body: JSON.stringify({ ...right, [name]: value }) },
        status: [400, 413],
        ...(Array.isArray(value) && name === 'unreachableNodeIds' ? {} : { field: name }),
      })),
    ),
    {
      label: 'a body of a megabyte',
      request: { body: JSON.stringify({ ...right, a: 'x'.repeat(1_048_576) }) },
      status: [413],
    },
    {
      label: 'secrets that are no ASCII',
      request: { body: JSON.stringify({ ...right, secret: 'ü\0\ud800'.repeat(8) }) },
      status: [401],
    },
    {
      label: 'null where it may be',
      request: { body: JSON.stringify({ ...right, unreachableNodeIds: null }) },
      status: [200],
    },
  ];
}

async function askHttp(
  cluster: TestCluster,
  verb: string,
  path: string,
  { path: given = path, body, headers = {} }: HttpCase['request'],
) {
  const [ports] = cluster.balancerPorts;
  const isOpen = verb === 'GET';
  const options = { method: verb, path: given, host: '127.0.0.1', agent: false, headers, timeout: 5_000 } as const;
  const request = isOpen
    ? http.request({ ...options, port: ports?.rest })
    : https.request({ ...options, port: ports?.assign, ca: cluster.ca });
  request.on('timeout', () => request.destroy(new Error('no answer')));
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  const said = await text(response);
  let parsed: unknown = said;
  try {
    parsed = JSON.parse(said);
  } catch {
    // It is returned as it came.
  }
  return { status: response.statusCode ?? 0, body: parsed };
}

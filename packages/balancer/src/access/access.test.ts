import { Client, credentials, type ServiceDefinition, type ServiceError, status } from '@grpc/grpc-js';
import { type admin, fromStatus, type GroupPushId, type PushfleetError, type Role, roles } from '@pushfleet/protocol';
import {
  CommandService,
  EventService,
  FleetService,
  MaintenanceService,
  OverviewService,
  TokenService,
  TunnelService,
} from '@pushfleet/protocol/admin';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { call, SteppedWallClock, TestBalancer, withToken } from '../balancer.fixture.ts';
import type { BalancerOptions } from '../balancer.ts';
import {
  enrollmentTokens,
  type Holding,
  holdings,
  inside,
  isPermitted,
  outside,
  requestFor,
} from './access-table.fixture.ts';
import { accessTable } from './access-table.ts';
import { hashToken } from './token-directory.ts';

const services = [
  ...[CommandService, EventService, FleetService, MaintenanceService, OverviewService],
  ...[TokenService, TunnelService],
];
const definitions = services.flatMap(({ service }) => Object.values(service as unknown as ServiceDefinition));
const uniqueMethods = [...new Map(definitions.map((one) => [one.path, one])).values()];

it('the access table has a row for each method of the admin API, and no other', () => {
  const methods = uniqueMethods.map(({ path }) => path.replace('/pushfleet.admin.v1.', ''));
  expect(Object.keys(accessTable).sort()).toEqual(methods.sort());
});

/** One call of any kind: how it ended, or `OK` at its first answer. */
class AnyClient {
  readonly #client: Client;

  constructor(test: TestBalancer) {
    const { ca } = test.certificates.cluster;
    this.#client = new Client(`localhost:${test.balancer.ports.admin}`, credentials.createSsl(ca));
    onTestFinished(() => this.#client.close());
  }

  async ask(method: (typeof uniqueMethods)[number], request: object, token: string): Promise<string> {
    const { path, requestSerialize, responseDeserialize, requestStream, responseStream } = method;
    const metadata = withToken(token);
    const deadline = { deadline: Date.now() + 20_000 };
    const codes = { serialize: requestSerialize, deserialize: responseDeserialize };
    const ended = Promise.withResolvers<string>();
    const done = (error: ServiceError | null) => ended.resolve(error ? fromStatus(error).code : 'OK');
    const { serialize, deserialize } = codes;
    if (!requestStream && !responseStream) {
      this.#client.makeUnaryRequest(path, serialize, deserialize, request, metadata, deadline, done);
      return ended.promise;
    }
    if (requestStream && !responseStream) {
      const stream = this.#client.makeClientStreamRequest(path, serialize, deserialize, metadata, deadline, done);
      stream.end();
      return ended.promise;
    }
    const both = requestStream && this.#client.makeBidiStreamRequest(path, serialize, deserialize, metadata, deadline);
    if (both) both.write(request);
    const stream =
      both || this.#client.makeServerStreamRequest(path, serialize, deserialize, request, metadata, deadline);
    stream.on('error', done);
    stream.on('end', () => ended.resolve('OK'));
    stream.on('metadata', () => !requestStream && ended.resolve('OK'));
    stream.on('data', (answer: { answers?: { error?: Parameters<typeof readError>[0] }[] }) =>
      ended.resolve(readError(answer.answers?.[0]?.error ?? null)),
    );
    const code = await ended.promise;
    stream.cancel();
    return code;
  }

  /** A call that lasts; as long as it is the client's to speak, nothing is said. */
  open({ path, requestSerialize, responseDeserialize, requestStream }: (typeof uniqueMethods)[number], token: string) {
    const stream = this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, withToken(token));
    const begun = new Promise((resolve) => stream.on('metadata', resolve));
    const ended = new Promise<PushfleetError>((resolve, reject) => {
      stream.on('error', (error: ServiceError) => resolve(fromStatus(error)));
      stream.on('end', () => reject(new Error(`${path} ended without an error`)));
    });
    ended.catch(() => {});
    if (!requestStream) stream.end({});
    stream.resume();
    return { begun, ended };
  }
}

function methodNamed(name: string): (typeof uniqueMethods)[number] {
  const found = uniqueMethods.find(({ path }) => path.endsWith(name));
  if (!found) throw new TypeError(`there is no method ${name}`);
  return found;
}

/** The reason of an error within an answer of PushStream. */
function readError(error: { code: number } | null): string {
  if (!error) return 'OK';
  return error.code === status.PERMISSION_DENIED ? 'PERMISSION_DENIED' : 'another error';
}

/** Makes the token as the service does, without asking it. */
async function tokenFor(test: TestBalancer, role: Role, scope?: string): Promise<string> {
  const name = `${role}-of-${scope ?? 'all'}`;
  const record = { name, role, hash: hashToken(name), createdBy: 'root', createdAtMs: 1 };
  await test.registry.apiTokens.create({ ...record, ...(scope === undefined ? {} : { scope: scope as never }) });
  return name;
}

async function startFleet(change: Partial<BalancerOptions> = {}): Promise<TestBalancer> {
  const test = await TestBalancer.start(change);
  onTestFinished(() => test[Symbol.asyncDispose]());
  await test.putFleet(inside, 'dp-1', 'd-in', 'doomed-in');
  await test.putFleet(outside, 'dp-2', 'd-out', 'doomed-out');
  for (const [id, group] of [
    ['push-in', inside],
    ['push-out', outside],
  ] as const) {
    await test.registry.groupPushes.create(groupPush(id, group));
  }
  const token = { hash: 'h', count: 1, createdBy: 'root', createdAtMs: 1, expiresAtMs: Number.MAX_SAFE_INTEGER };
  for (const [id, group] of [
    [enrollmentTokens.in, inside],
    [enrollmentTokens.out, outside],
  ] as const) {
    await test.registry.enrollmentTokens.create({ ...token, id, group: group as never }, 1);
  }
  return test;
}

interface Attempt extends Holding {
  method: (typeof uniqueMethods)[number];
}

const attempts: Attempt[] = uniqueMethods.flatMap((method) => holdings.map((holding) => ({ method, ...holding })));

function describeAttempt({ method, role, held, group }: Attempt): string {
  return `${method.path} for ${group} by ${role} of the ${held}`;
}

describe('each method of the admin API', () => {
  it('is for those who have its role, and what it is about in their scope', { timeout: 120_000 }, async () => {
    const test = await startFleet();
    const client = new AnyClient(test);
    for (const role of roles) await Promise.all([tokenFor(test, role), tokenFor(test, role, inside)]);
    await test.registryCalls('apiTokens.list', 2);
    const refused: string[] = [];
    for (const attempt of attempts) {
      const { method, role, held, group } = attempt;
      const token = `${role}-of-${held === 'fleet' ? 'all' : inside}`;
      const code = await client.ask(method, requestFor(method.path, group), token);
      expect(code, `${method.path} by ${token}`).not.toBe('BAD_TOKEN');
      if (code === 'PERMISSION_DENIED') refused.push(describeAttempt(attempt));
    }
    expect(refused).toEqual(
      attempts.filter((attempt) => !isPermitted(attempt.method.path, attempt)).map(describeAttempt),
    );
  });

  it('lists the group pushes to groups at or below the scope, in pages of them', async () => {
    const test = await startFleet();
    const more = { 'push-below': `${inside}/Bench`, 'push-beside': `${inside}oratory`, 'push-above': 'HQ' };
    for (const [id, group] of Object.entries(more)) await test.registry.groupPushes.create(groupPush(id, group));
    const { group: _, ...toAll } = groupPush('push-to-all', inside).request;
    await test.registry.groupPushes.create({ ...groupPush('push-to-all', inside), request: toAll });
    const listed = async (token: string, pageSize: number) => {
      const pages: string[][] = [];
      let pageToken = '';
      do {
        const request = { pageSize, pageToken };
        const page = await call<admin.ListGroupPushesResponse>((done) =>
          test.commands().listGroupPushes(request, withToken(token), done),
        );
        pages.push(page.groupPushes.map(({ groupPushId }) => groupPushId));
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      return pages.map((page) => page.toSorted());
    };
    const [own, all] = [await tokenFor(test, 'viewer', inside), await tokenFor(test, 'viewer')];
    await test.registryCalls('apiTokens.list', 2);
    expect(await listed(own, 0)).toEqual([['push-below', 'push-in']]);
    expect((await listed(own, 1)).toSorted()).toEqual([['push-below'], ['push-in']]);
    expect((await listed(all, 0)).flat()).toHaveLength(6);
  });
});

describe('a token', () => {
  it('is good within two seconds of its creation, and ends what it has begun when it is revoked', async () => {
    const test = await startFleet();
    const tokens = tokenClient(test);
    const request = { name: 'night shift', role: 'ROLE_VIEWER' as const };
    const created = await call<admin.CreateTokenResponse>((done) => tokens.createToken(request, withToken(), done));
    const metadata = withToken(created.secret);
    const own = await call<admin.GetOwnTokenResponse>((done) => tokens.getOwnToken({}, metadata, done));
    expect(own.apiToken).toMatchObject({ name: 'night shift', role: 'ROLE_VIEWER', createdBy: 'root' });
    const watch = test.events().watch({}, metadata);
    const ended = new Promise<ServiceError>((resolve) => watch.on('error', resolve));
    await new Promise((resolve) => watch.on('metadata', resolve));
    // By another balancer, as far as this one is concerned.
    await test.registry.apiTokens.revoke('night shift');
    expect(fromStatus(await ended)).toMatchObject({ code: 'BAD_TOKEN' });
    const asked = call((done) => tokens.getOwnToken({}, metadata, done));
    await expect(asked.catch(fromStatus)).resolves.toMatchObject({ code: 'BAD_TOKEN' });
  });

  it.for([
    ['was revoked', undefined],
    ['has expired', 3_600_000],
  ] as const)('that %s ends each call that lasts, with that reason', async ([end, lifetimeMs]) => {
    const clock = new SteppedWallClock();
    const test = await startFleet({ clock });
    const expiry = lifetimeMs === undefined ? {} : { expiresAtMs: clock.wallMs() + lifetimeMs };
    const record = {
      name: 'shift',
      role: 'admin' as const,
      hash: hashToken('shift'),
      createdBy: 'root',
      createdAtMs: 1,
    };
    await test.registry.apiTokens.create({ ...record, ...expiry });
    await test.registryCalls('apiTokens.list', 2);
    const client = new AnyClient(test);
    // The last one answers at once: by then the others are known as well, on the same connection.
    const names = [
      'PushStream',
      'ImportDevices',
      'TunnelService/Open',
      'WatchOverview',
      'WatchAudit',
      'EventService/Watch',
    ];
    const lasting = names.map((name) => client.open(methodNamed(name), 'shift'));
    await lasting.at(-1)?.begun;
    if (lifetimeMs === undefined) await test.registry.apiTokens.revoke('shift');
    else clock.aheadMs += lifetimeMs;
    const ends = await Promise.all(lasting.map(({ ended }) => ended));
    const reason = { code: 'BAD_TOKEN', message: `API token "shift" ${end}` };
    expect(ends.map(({ code, message }, index) => ({ name: names[index], code, message }))).toEqual(
      names.map((name) => ({ name, ...reason })),
    );
  });

  it('that cannot be made is refused by the name of the field', async () => {
    const test = await startFleet();
    const tokens = tokenClient(test);
    const viewer = { name: 'a', role: 'ROLE_VIEWER' as const };
    const refused: [request: admin.CreateTokenRequestInit, field: string][] = [
      [{ role: 'ROLE_VIEWER' }, 'name'],
      ...['root', 'a ', 'a\u200b', 'x'.repeat(65)].map((name) => [{ ...viewer, name }, 'name'] as [object, string]),
      [{ name: 'a' }, 'role'],
      [{ name: 'a', role: 9 as never }, 'role'],
      [{ ...viewer, scope: '/' }, 'scope'],
      [{ ...viewer, lifetimeMs: 1_000 }, 'lifetime'],
      [{ ...viewer, lifetimeMs: 100 * 365 * 86_400_000 }, 'lifetime'],
    ];
    for (const [request, field] of refused) {
      const made = call((done) => tokens.createToken(request, withToken(), done));
      await expect(made.catch(fromStatus)).resolves.toMatchObject({ code: 'INVALID_ARGUMENT', field });
    }
    expect(await test.registry.apiTokens.list()).toEqual([]);
  });
});

function tokenClient(test: TestBalancer): InstanceType<typeof TokenService> {
  const { ca } = test.certificates.cluster;
  const client = new TokenService(`localhost:${test.balancer.ports.admin}`, credentials.createSsl(ca));
  onTestFinished(() => client.close());
  return client;
}

describe('the audit', () => {
  it('has each change, each push and each refusal: who, what, on what, and what came of it', async () => {
    const test = await startFleet();
    const watch = test.events().watchAudit({}, withToken());
    const seen: admin.AuditEvent[] = [];
    watch.on('error', () => {}).on('data', ({ events }: admin.WatchAuditResponse) => seen.push(...events));
    onTestFinished(() => watch.cancel());
    await new Promise((resolve) => watch.on('metadata', resolve));
    const operator = await tokenFor(test, 'operator', inside);
    const fleet = test.fleet();
    await call((done) => fleet.putGroup({ group: { path: 'HQ/New' } }, withToken(), done));
    await test.push({ deviceId: 'd-in' });
    await vi.waitFor(
      async () => {
        const push = { deviceId: 'd-out', operation: { forceSync: {} } };
        const refused = call((done) => test.commands().push(push, withToken(operator), done));
        await expect(refused.catch(fromStatus)).resolves.toMatchObject({ code: 'PERMISSION_DENIED' });
      },
      { timeout: 10_000 },
    );
    const method = (name: string) => `pushfleet.admin.v1.${name}`;
    await vi.waitFor(() => expect(seen.length).toBeGreaterThanOrEqual(3), { timeout: 10_000 });
    const seenDeeds = seen.map(({ caller, target, operation, outcome, count, method: name }) => [
      ...[name, caller, target, operation, outcome, count],
    ]);
    expect(seenDeeds).toEqual([
      [method('FleetService/PutGroup'), 'root', 'group HQ/New', '', 'OK', 1],
      [method('CommandService/Push'), 'root', 'device d-in', 'force_sync', 'NOT_CONNECTED', 1],
      [method('CommandService/Push'), operator, 'device d-out', 'force_sync', 'PERMISSION_DENIED', 1],
    ]);
    expect(seen[0]?.address).toMatch(/127\.0\.0\.1|::1/);
  });
});

function groupPush(id: string, group: string) {
  return {
    id: id as GroupPushId,
    request: {
      ...{
        group: group as never,
        includeSubgroups: true,
        labels: {},
        operation: { kind: 'forceSync', forceSync: {} } as never,
      },
      ...{ deliverWithinMs: 1_000, finishWithinMs: 1_000, ttlMs: 0, priority: 'normal' as const, collapseKey: '' },
      ...{ ratePerSecond: 0, jitterWindowMs: 0, abortFailedPercent: 0, abortAfter: 20, idempotencyKey: '' },
    },
    ...{ state: 'done' as const, reason: '', devices: 0, allFound: true, startedAtMs: 1, endedAtMs: Date.now() },
  };
}

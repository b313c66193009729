import type { ServiceDefinition } from '@grpc/grpc-js';
import type { Role } from '@pushfleet/protocol';
import {
  CommandService,
  EventService,
  FleetService,
  loadAdminTypes,
  MaintenanceService,
  OverviewService,
  TokenService,
} from '@pushfleet/protocol/admin';
import { fixed, silentLogger } from '@pushfleet/runtime';
import { type FastifyInstance, fastify } from 'fastify';
import type { Type } from 'protobufjs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { AccessControl } from '../access/access-control.ts';
import {
  enrollmentTokens,
  holdings,
  inside,
  isPermitted,
  outside,
  requestFor,
} from '../access/access-table.fixture.ts';
import { accessTable } from '../access/access-table.ts';
import type { Deed } from '../access/audit-log.ts';
import { hashToken, TokenDirectory } from '../access/token-directory.ts';
import { typesOf } from './openapi.ts';
import { RestApi } from './rest-api.ts';
import { type RestRoute, restRoutes } from './routes.ts';

const services = {
  ...{ Command: CommandService, Event: EventService, Fleet: FleetService },
  ...{ Maintenance: MaintenanceService, Overview: OverviewService, Token: TokenService },
};
const types = loadAdminTypes();
const streams = restRoutes.filter((route) => typesOf(route, types).isStream);

type Answer = (error: null, response: object) => void;
type StreamCall = { write(message: object): unknown; end(): void };

/** Handlers of all methods, each of which notes that it ran, and answers with nothing. */
function fakeHandlers(ran: string[], onStream: (call: StreamCall) => void) {
  return Object.fromEntries(
    Object.entries(services).map(([service, { service: definition }]) => {
      const methods = Object.keys(definition as unknown as ServiceDefinition);
      const handlerOf = (method: string) => (call: StreamCall, answer?: Answer) => {
        ran.push(`${service}Service/${method}`);
        if (answer) answer(null, {});
        else onStream(call);
      };
      return [service, Object.fromEntries(methods.map((method) => [method, handlerOf(method)]))];
    }),
  ) as unknown as ConstructorParameters<typeof RestApi>[0]['handlers'];
}

const groupByDevice: Record<string, string> = { 'd-in': inside, 'd-out': outside };
const fakeRegistry = {
  fleet: {
    getDevice: async (id: string) => {
      const group = groupByDevice[id.replace('doomed', 'd')];
      return group === undefined ? undefined : { group };
    },
  },
  groupPushes: { get: async (id: string) => ({ request: { group: id === 'push-in' ? inside : outside } }) },
  enrollmentTokens: { get: async (id: string) => ({ group: id === enrollmentTokens.in ? inside : outside }) },
};

function unused(): never {
  throw new TypeError('no session is asked for here');
}

const expiresAfterMs = 60_000;

/** The REST API with real access control on tokens of every role and scope, before handlers that do nothing. */
async function start(change: { onStream?: (call: StreamCall) => void; registry?: object } = {}) {
  const { onStream = (call) => call.end(), registry = fakeRegistry } = change;
  const clock = new ManualClock();
  const record = (name: string, role: Role) => ({
    name,
    role,
    hash: hashToken(name),
    createdBy: 'root',
    createdAtMs: 1,
  });
  const ofScope = { scope: inside as never };
  let records = [
    ...(['viewer', 'operator', 'admin'] as const).flatMap((role) => [
      record(`${role}-fleet`, role),
      { ...record(`${role}-scope`, role), ...ofScope },
    ]),
    record('revoked', 'admin'),
    { ...record('revoked-scope', 'admin'), ...ofScope },
    { ...record('expired', 'admin'), expiresAtMs: clock.wallMs() + expiresAfterMs },
  ];
  const tokens = new TokenDirectory({
    ...{ tokens: { list: async () => records }, rootToken: fixed('of the file'), clock, logger: silentLogger },
  });
  const deeds: Deed[] = [];
  const audit = { record: (deed: Deed) => void deeds.push(deed) };
  const access = new AccessControl({ ...{ tokens, registry: registry as never, audit, logger: silentLogger } });
  const ran: string[] = [];
  const api = new RestApi({
    ...{ handlers: fakeHandlers(ran, onStream), access, tokens, audit, clock, logger: silentLogger },
    ...{ sessions: { begin: unused, find: unused, end: unused }, signInCodes: { redeem: unused } },
  } as never);
  const app = fastify();
  await api.addTo(app);
  await tokens.start();
  onTestFinished(() => {
    api[Symbol.dispose]();
    tokens[Symbol.dispose]();
    return app.close();
  });
  const end = {
    revoked: () => {
      records = records.filter(({ name }) => !name.startsWith('revoked'));
      return clock.turn(2_000);
    },
    expired: () => clock.turn(expiresAfterMs + 2_000),
  };
  return { app, ran, deeds, end };
}

type Fields = Record<string, unknown>;

/** The request of a route's method as HTTP has it. */
function inHttp(route: RestRoute, group: string) {
  const request: Type = typesOf(route, types).request;
  const asked = requestFor(pathOf(route), group) as Fields;
  const fields = Object.fromEntries(Object.entries(asked).filter(([name]) => name in request.fields));
  const url = route.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = (route.params?.[name] ?? name)
      .split('.')
      .reduce<unknown>((at, part) => (at as Fields)?.[part], asked);
    return encodeURIComponent(String(value ?? 'dp-1'));
  });
  if (route.verb === 'POST' || route.verb === 'PUT') {
    return {
      method: route.verb,
      url,
      payload: route.body === undefined ? fields : ((fields[route.body] ?? {}) as Fields),
    };
  }
  const query = Object.entries(fields).filter(([name]) => !route.path.includes(`:${name}`));
  return { method: route.verb, url, query: Object.fromEntries(query) as Record<string, string> };
}

function pathOf({ method }: RestRoute): string {
  return `/pushfleet.admin.v1.${method}`;
}

async function ask(app: FastifyInstance, route: RestRoute, group: string, authorization?: string) {
  const headers = authorization === undefined ? {} : { authorization };
  return app.inject({ ...inHttp(route, group), headers });
}

describe('each route of the REST API', () => {
  it.for(restRoutes)(
    '$verb $path is for those who have its role, and what it is about in their scope',
    async (route) => {
      const { app, ran, deeds } = await start();
      for (const holding of holdings) {
        const name = `${holding.role}-${holding.held}`;
        ran.length = 0;
        deeds.length = 0;
        const answer = await ask(app, route, holding.group, `Bearer ${name}`);
        const mayAct = isPermitted(pathOf(route), holding);
        const what = `${name} for ${holding.group}`;
        expect([what, answer.statusCode]).toEqual([what, mayAct ? (route.success ?? 200) : 403]);
        expect([what, ...ran]).toEqual(mayAct ? [what, route.method] : [what]);
        if (!mayAct) expect(answer.json()).toMatchObject({ code: 'PERMISSION_DENIED', status: 403 });
        const outcomes = mayAct ? (accessTable[route.method]?.audited === true ? ['OK'] : []) : ['PERMISSION_DENIED'];
        expect([what, ...deeds.map(({ caller, outcome }) => `${caller} ${outcome}`)]).toEqual([
          what,
          ...outcomes.map((outcome) => `${name} ${outcome}`),
        ]);
      }
    },
  );

  it('does not let a device be taken out of a group beyond the scope, or put there', async () => {
    const { app, ran } = await start();
    const headers = { authorization: 'Bearer admin-scope' };
    for (const [id, group, status] of [
      ['d-out', inside, 403],
      ['d-in', outside, 403],
      ['d-in', inside, 200],
    ] as const) {
      const payload = { device: { group } };
      const { statusCode } = await app.inject({ method: 'PUT', url: `/v1/devices/${id}`, headers, payload });
      expect([id, group, statusCode]).toEqual([id, group, status]);
    }
    expect(ran).toEqual(['FleetService/PutDevice']);
  });

  it.for([
    ['no token', undefined],
    ['another scheme', 'Basic of the file'],
    ['a token that nobody has made', 'Bearer nobody'],
    ['an expired token', 'Bearer expired'],
    ['a revoked token', 'Bearer revoked'],
  ] as const)('refuses %s', async ([, authorization]) => {
    const { app, ran, end } = await start();
    await end.revoked();
    await end.expired();
    for (const route of restRoutes) {
      const answer = await ask(app, route, inside, authorization);
      const { statusCode, headers } = answer;
      expect([route.path, statusCode, headers['www-authenticate']]).toEqual([route.path, 401, 'Bearer']);
      expect(answer.json()).toMatchObject({ code: 'BAD_TOKEN' });
    }
    expect(ran).toEqual([]);
  });
});

describe('a stream of server-sent events', () => {
  const ends = [
    { name: 'revoked', words: 'API token "revoked" was revoked' },
    { name: 'expired', words: 'API token "expired" has expired' },
  ] as const;

  it.for(streams.flatMap((route) => ends.map((end) => ({ ...route, ...end }))))(
    '$path says that its token is $name, and ends',
    async ({ name, words, ...route }) => {
      const { app, ran, end } = await start({ onStream: (call) => void call.write({}) });
      const answer = ask(app, route, inside, `Bearer ${name}`);
      await vi.waitFor(() => expect(ran).toEqual([route.method]));
      await end[name]();
      const { statusCode, headers, payload } = await answer;
      expect([statusCode, headers['x-content-type-options']]).toEqual([200, 'nosniff']);
      const said = JSON.stringify({ code: 'BAD_TOKEN', detail: words });
      expect(payload.endsWith(`event: error\ndata: ${said}\n\n`), payload).toBe(true);
    },
  );

  it('does not begin with a token that was revoked while the registry was asked', async () => {
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<object>();
    const getDevice = () => {
      asked.resolve();
      return answered.promise;
    };
    const { app, ran, end } = await start({ registry: { ...fakeRegistry, fleet: { getDevice } } });
    const route = streams.find(({ method }) => method === 'CommandService/WatchCommand') as RestRoute;
    const answer = ask(app, route, inside, 'Bearer revoked-scope');
    await asked.promise;
    await end.revoked();
    answered.resolve({ group: inside });
    const { statusCode, headers } = await answer;
    expect([statusCode, headers['www-authenticate'], ran]).toEqual([401, 'Bearer', []]);
    expect((await answer).json()).toMatchObject({ detail: 'API token "revoked-scope" was revoked' });
  });
});

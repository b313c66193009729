import { PushfleetError } from '@pushfleet/protocol';
import { TunnelService } from '@pushfleet/protocol/admin';
import { describe, expect, it } from 'vitest';
import { startBalancer } from './balancer.fixture.ts';
import type { CallOptions } from './call.ts';
import { type AdminClient, createAdminClient } from './client.ts';

type Begin = (client: AdminClient, options: CallOptions) => Promise<unknown>;

const push = { deviceId: 'd1', operation: { forceSync: {} } };
const command = { deviceId: 'd1', commandId: 'c1' };

/** Every method of the client; those that yield are asked for the first, or for all. */
const methods: Record<string, Record<string, Begin>> = {
  commands: {
    push: ({ commands }, options) => commands.push(push, options),
    pushMany: ({ commands }, options) => Array.fromAsync(commands.pushMany([push], options)),
    get: ({ commands }, options) => commands.get(command, options),
    watch: ({ commands }, options) => commands.watch(command, options).next(),
    cancel: ({ commands }, options) => commands.cancel(command, options),
    list: ({ commands }, options) => commands.list('d1', options),
  },
  groupPushes: {
    start: ({ groupPushes }, options) => groupPushes.start({ group: 'HQ' }, options),
    get: ({ groupPushes }, options) => groupPushes.get('g1', options),
    watch: ({ groupPushes }, options) => groupPushes.watch('g1', options).next(),
    list: ({ groupPushes }, options) => groupPushes.list(options),
    outcomes: ({ groupPushes }, options) => groupPushes.outcomes({ groupPushId: 'g1' }, options).next(),
    pause: ({ groupPushes }, options) => groupPushes.pause('g1', options),
    resume: ({ groupPushes }, options) => groupPushes.resume('g1', options),
    cancel: ({ groupPushes }, options) => groupPushes.cancel('g1', options),
  },
  groups: {
    put: ({ groups }, options) => groups.put('HQ', options),
    list: ({ groups }, options) => groups.list(options),
    move: ({ groups }, options) => groups.move({ path: 'HQ', newPath: 'Annex' }, options),
    delete: ({ groups }, options) => groups.delete('HQ', options),
  },
  devices: {
    put: ({ devices }, options) => devices.put({ deviceId: 'd1', group: 'HQ' }, options),
    get: ({ devices }, options) => devices.get('d1', options),
    history: ({ devices }, options) => devices.history('d1', options),
    list: ({ devices }, options) => devices.list({}, options).next(),
    import: ({ devices }, options) => devices.import([], options),
    move: ({ devices }, options) => devices.move({ deviceIds: ['d1'], group: 'HQ' }, options),
    delete: ({ devices }, options) => devices.delete('d1', options),
    disconnect: ({ devices }, options) => devices.disconnect('d1', options),
    createEnrollmentToken: ({ devices }, options) => devices.createEnrollmentToken({ group: 'HQ', count: 1 }, options),
    listEnrollmentTokens: ({ devices }, options) => devices.listEnrollmentTokens('', options),
    revokeEnrollmentToken: ({ devices }, options) => devices.revokeEnrollmentToken('0123456789abcdef', options),
  },
  distributionPoints: {
    put: ({ distributionPoints }, options) => distributionPoints.put({ distributionPointId: 'dp1' }, options),
    get: ({ distributionPoints }, options) => distributionPoints.get('dp1', options),
    list: ({ distributionPoints }, options) => distributionPoints.list(options),
    delete: ({ distributionPoints }, options) => distributionPoints.delete('dp1', options),
  },
  nodes: { list: ({ nodes }, options) => nodes.list(options) },
  maintenance: {
    drain: ({ maintenance }, options) => maintenance.drain({ nodeId: 'dp1' }, options),
    undrain: ({ maintenance }, options) => maintenance.undrain('dp1', options),
    restart: ({ maintenance }, options) => maintenance.restart({ nodeId: 'dp1' }, options),
    get: ({ maintenance }, options) => maintenance.get('dp1', options),
    planRebalance: ({ maintenance }, options) => maintenance.planRebalance(options),
    startRebalance: ({ maintenance }, options) => maintenance.startRebalance(options),
    getRebalance: ({ maintenance }, options) => maintenance.getRebalance(options),
    abortRebalance: ({ maintenance }, options) => maintenance.abortRebalance(options),
    planRollingRestart: ({ maintenance }, options) => maintenance.planRollingRestart(options),
    startRollingRestart: ({ maintenance }, options) => maintenance.startRollingRestart({}, options),
    getRollingRestart: ({ maintenance }, options) => maintenance.getRollingRestart(options),
    pauseRollingRestart: ({ maintenance }, options) => maintenance.pauseRollingRestart(options),
    resumeRollingRestart: ({ maintenance }, options) => maintenance.resumeRollingRestart(options),
    cancelRollingRestart: ({ maintenance }, options) => maintenance.cancelRollingRestart(options),
  },
  tunnels: { open: ({ tunnels }, options) => tunnels.open({ deviceId: 'd1', target: '127.0.0.1:22' }, options) },
  events: {
    watch: ({ events }, options) => events.watch({}, options).next(),
    watchAudit: ({ events }, options) => events.watchAudit({}, options).next(),
  },
  overview: {
    get: ({ overview }, options) => overview.get(options),
    watch: ({ overview }, options) => overview.watch(options).next(),
    history: ({ overview }, options) => overview.history(options),
  },
  tokens: {
    create: ({ tokens }, options) => tokens.create({ name: 'a', role: 'viewer' }, options),
    list: ({ tokens }, options) => tokens.list(options),
    revoke: ({ tokens }, options) => tokens.revoke('a', options),
    own: ({ tokens }, options) => tokens.own(options),
    createSignInCode: ({ tokens }, options) => tokens.createSignInCode(options),
  },
};
const all = Object.entries(methods).flatMap(([subject, of]) =>
  Object.entries(of).map(([name, begin]) => [`${subject}.${name}`, begin] as const),
);

/** A balancer that takes calls and never answers, and a client of it. */
async function silence(timeoutMs?: number) {
  const balancer = await startBalancer();
  balancer.server.addService(TunnelService.service, { Open: () => undefined });
  balancer.answers = new Proxy({}, { get: () => () => new Promise(() => undefined) });
  for (const stream of ['onStream', 'onWatch', 'onEvents'] as const) balancer[stream] = () => undefined;
  const { address } = balancer;
  const client = createAdminClient({ address, token: 't', plaintext: true, ...(timeoutMs ? { timeoutMs } : {}) });
  const close = async () => {
    client.close();
    await balancer[Symbol.asyncDispose]();
  };
  return { balancer, client, [Symbol.asyncDispose]: close };
}

it('are listed here for every method that there is', () => {
  using client = createAdminClient({ address: 'balancer:13299', token: 't' });
  const subjects = Object.entries(client).map(([subject, of]) => {
    const names = Object.getOwnPropertyNames(Object.getPrototypeOf(of));
    return [subject, names.filter((name) => name !== 'constructor').toSorted()];
  });
  const listed = Object.entries(methods).map(([subject, of]) => [subject, Object.keys(of).toSorted()]);
  expect(Object.fromEntries(listed)).toEqual(Object.fromEntries(subjects));
});

describe('the options of a call', () => {
  it.each(all)('give %s up with the signal, for its reason', async (_name, begin) => {
    await using silent = await silence();
    const stop = new AbortController();
    const begun = begin(silent.client, { signal: stop.signal });
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(begun).rejects.toThrow('enough');
    await expect(begin(silent.client, { signal: stop.signal })).rejects.toThrow('enough');
  });

  it.each(all)('give %s up at its deadline', async (_name, begin) => {
    await using silent = await silence();
    await expect(begin(silent.client, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    await expect(begin(silent.client, { timeoutMs: -1 })).rejects.toMatchObject({ field: 'timeoutMs' });
  });
});

/** Methods without a deadline by default, with the call that they make: what is asked for says how long it takes. */
const unlimited: Record<string, string> = {
  'commands.push': 'Push',
  'commands.pushMany': 'PushStream',
  'commands.watch': 'WatchCommand',
  'groupPushes.watch': 'WatchGroupPush',
  'groups.move': 'MoveGroup',
  'devices.import': 'ImportDevices',
  'events.watch': 'Watch',
  'events.watchAudit': 'WatchAudit',
  'overview.watch': 'WatchOverview',
};

it.each(all)('have a default for %s', async (name, begin) => {
  await using silent = await silence(50);
  const ended = begin(silent.client, {}).catch((error: PushfleetError) => error.code);
  const method = unlimited[name];
  if (method === undefined) return expect(await ended).toBe('DEADLINE_EXCEEDED');
  await expect.poll(() => silent.balancer.deadlines[method]).toBe(Number.POSITIVE_INFINITY);
});

it('says which balancer did not answer in time, and refuses a client whose deadline is none', async () => {
  await using silent = await silence();
  await expect(silent.client.nodes.list({ timeoutMs: 50 })).rejects.toThrow(
    /^the balancer at 127\.0\.0\.1:\d+ did not answer in time, and may have carried the call out: Deadline exceeded/,
  );
  expect(() => createAdminClient({ address: 'b:1', token: 't', timeoutMs: Number.NaN })).toThrow(PushfleetError);
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { admin } from '@pushfleet/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { MadeAuthority, type MadeLeaf } from './certificates/made-authority.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { linksOn } from './cluster/spread.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import type { TestDevice } from './cluster/test-devices.ts';

const scratch = await mkdtemp(join(tmpdir(), 'pushfleet-reachability-'));
afterAll(() => rm(scratch, { recursive: true }));

const root = await MadeAuthority.create('own CA');
const intermediate = await root.createIntermediate('own intermediate');
const oneWorker = { PUSHFLEET_MAX_WORKERS: '1' };

/** The settings of a push server that has a certificate of its own. */
async function showing({ key }: MadeLeaf, pem: string): Promise<Record<string, string>> {
  const [certFile, keyFile] = [join(scratch, `${Math.random()}.crt`), join(scratch, `${Math.random()}.key`)];
  await Promise.all([writeFile(certFile, pem), writeFile(keyFile, key)]);
  return { PUSHFLEET_TLS_CERT_FILE: certFile, PUSHFLEET_TLS_KEY_FILE: keyFile };
}

/** Devices trust this CA as well as the one that the cluster made. */
async function trustOwn(stateDir: string): Promise<void> {
  const made = await readFile(join(stateDir, 'ca.crt'), 'utf8');
  await writeFile(join(stateDir, 'ca.crt'), `${made}${root.pem}`);
}

function hasProblem(cluster: TestCluster, id: string, problem: admin.NodeProblem): Promise<admin.Node> {
  return eventually(`${id} has the problem ${problem}, and has started`, async () => {
    const node = await cluster.node(id);
    return node?.problem === problem && node.status !== 'NODE_STATUS_STARTING' && node;
  });
}

async function everyoneIsReached(cluster: TestCluster, devices: readonly TestDevice[]): Promise<void> {
  for (const { id } of devices) {
    const { status } = await cluster.admin.commands.push({ deviceId: id, operation: { forceSync: {} } });
    expect([id, status?.outcome]).toEqual([id, 'OUTCOME_SUCCEEDED']);
  }
}

async function expectAllOn(cluster: TestCluster, id: string, devices: number): Promise<void> {
  await eventually(`all devices are on ${id}`, async () => {
    const links = (await cluster.nodes()).map(({ nodeId, live }) => [nodeId, live]);
    return Object.fromEntries(links)[id] === devices;
  });
}

describe('a push server', () => {
  it('whose control address leads nowhere gets no devices, says so everywhere, and is ready once that is put right', async () => {
    await using cluster = await TestCluster.create({ balancers: 2, environment: oneWorker });
    await using log = await EventLog.start(cluster.admin);
    const control = 'push-server-1.invalid';
    await cluster.addPushServer({ environment: { PUSHFLEET_CONTROL_ADDRESS: control } });
    // Before anything is known of it, it is not taken for good.
    const devices = await cluster.devices.connect(20);
    const node = await hasProblem(cluster, 'dp-1', 'NODE_PROBLEM_CONTROL_UNREACHABLE');
    expect(node).toMatchObject({ status: 'NODE_STATUS_UNREACHABLE', live: 0 });
    expect(node.problemDetail).toMatch(
      /commands do not reach worker w0 at push-server-1\.invalid:\d+: .*check PUSHFLEET_CONTROL_ADDRESS/,
    );
    devices.push(...(await cluster.devices.connect(20, 'later')));
    await everyoneIsReached(cluster, devices);
    await expectAllOn(cluster, 'dp-0', 40);

    // The other balancer comes to see the same, and one event is enough.
    using other = cluster.adminOf(1, await cluster.token);
    const seen = await eventually('the other balancer has judged it', async () => {
      const found = (await other.nodes.list()).find(({ nodeId }) => nodeId === 'dp-1');
      return found?.status !== 'NODE_STATUS_STARTING' && found;
    });
    expect(seen).toMatchObject({ status: 'NODE_STATUS_UNREACHABLE', problem: 'NODE_PROBLEM_CONTROL_UNREACHABLE' });
    const [event, ...more] = await eventually('it is told', () => {
      const events = log.of('EVENT_KIND_NODE_PROBLEM');
      return events.length > 0 && events;
    });
    expect(event).toMatchObject({ nodeId: 'dp-1', reason: expect.stringContaining(control) });
    expect(more).toEqual([]);
    const { output } = await cluster.run('nodes');
    expect(output).toMatch(/dp-1 +unreachable .*control unreachable: commands do not reach worker w0/);
    const points = await cluster.run('distribution-points');
    expect(points.output).toMatch(/dp-1 +yes +unreachable \(control unreachable\)/);

    await cluster.pushServers[1]?.stop();
    await cluster.startPushServer(1);
    await cluster.nodesReady(2);
    await cluster.devices.connect(10, 'last');
    await eventually('it gets its share', async () => ((await cluster.node('dp-1'))?.live ?? 0) > 0);
  });

  it('whose certificate devices would refuse gets no devices', async () => {
    await using cluster = await TestCluster.create({ environment: oneWorker, prepare: trustOwn });
    const names = ['127.0.0.1'];
    const stale = await root.issue({ names, beginsInDays: -9, endsInDays: -1 });
    const foreign = await root.issue({ names: ['push.example', '10.0.0.7'] });
    const partial = await intermediate.issue({ names });
    const stranger = await (await MadeAuthority.create('a stranger')).issue({ names });
    for (const [leaf, pem] of [
      [stale, stale.chain],
      [foreign, foreign.chain],
      [partial, partial.cert],
      [stranger, stranger.chain],
      [partial, partial.chain],
    ] as const) {
      await cluster.addPushServer({ environment: await showing(leaf, pem) });
    }
    const problems = [
      ['dp-1', 'NODE_PROBLEM_CERTIFICATE_EXPIRED', /its certificate expired on/],
      ['dp-2', 'NODE_PROBLEM_CERTIFICATE_NAME_MISMATCH', /is for push\.example, 10\.0\.0\.7, and not for 127\.0\.0\.1/],
      ['dp-3', 'NODE_PROBLEM_CERTIFICATE_INCOMPLETE', /"CN=own intermediate"/],
      ['dp-4', 'NODE_PROBLEM_CERTIFICATE_INCOMPLETE', /"CN=a stranger"/],
    ] as const;
    for (const [id, problem, detail] of problems) {
      const node = await hasProblem(cluster, id, problem);
      expect(node).toMatchObject({ status: 'NODE_STATUS_UNREACHABLE', problemDetail: expect.stringMatching(detail) });
    }
    const ready = await cluster.nodesReady(2);
    expect(ready.map(({ nodeId }) => nodeId)).toEqual(['dp-0', 'dp-5']);
    await cluster.devices.connect(10);
    await eventually('both of the good ones have devices', async () => {
      const nodes = (await cluster.nodes()).filter(({ live }) => live > 0);
      const used = nodes.map(({ nodeId }) => nodeId).join();
      return linksOn(nodes) === 10 && used === 'dp-0,dp-5';
    });
  });

  it('at whose address another one answers is told apart from it; with "warn" devices go there all the same', async () => {
    await using cluster = await TestCluster.create({ environment: oneWorker });
    const [port = 0] = cluster.devicePorts;
    // It listens where nobody is sent.
    await cluster.addPushServer({ port, environment: { PUSHFLEET_BIND: '127.0.0.2' } });
    await cluster.addPushServer({ environment: { PUSHFLEET_BIND: '127.0.0.2' } });
    const wrong = await hasProblem(cluster, 'dp-1', 'NODE_PROBLEM_WRONG_SERVER');
    expect(wrong).toMatchObject({ status: 'NODE_STATUS_UNREACHABLE' });
    expect(wrong.problemDetail).toContain(`at 127.0.0.1:${port} something else answers`);
    expect(wrong.problemDetail).toContain('push server "dp-0"');
    const silent = await hasProblem(cluster, 'dp-2', 'NODE_PROBLEM_ADDRESS_UNREACHABLE');
    expect(silent).toMatchObject({ status: 'NODE_STATUS_UNREACHABLE' });

    await cluster.balancers[0]?.stop();
    cluster.startBalancer(0, { PUSHFLEET_ADDRESS_CHECK: 'warn' });
    const nodes = await cluster.nodesReady(3);
    const listed = await hasProblem(cluster, 'dp-2', 'NODE_PROBLEM_ADDRESS_UNREACHABLE');
    expect([nodes.length, listed.status]).toEqual([3, 'NODE_STATUS_READY']);
  });

  it('whose clock is a day behind is said to be so, and gets no devices', async () => {
    await using cluster = await TestCluster.create({ registry: 'redis', environment: oneWorker });
    const preload = join(scratch, 'a-day-behind.mjs');
    await writeFile(preload, 'const { now } = Date; Date.now = () => now() - 86_400_000;');
    await cluster.addPushServer({ environment: { NODE_OPTIONS: `--import ${preload}` } });
    const node = await hasProblem(cluster, 'dp-1', 'NODE_PROBLEM_CLOCK_SKEW');
    expect(node.status).toBe('NODE_STATUS_UNREACHABLE');
    expect(node.problemDetail).toMatch(/its clock is 1 d behind that of balancers/);
    await everyoneIsReached(cluster, await cluster.devices.connect(10));
    expect((await cluster.node('dp-1'))?.live).toBe(0);
  });

  it('that is the only one gets devices though balancers do not get through: they may be mistaken', async () => {
    await using cluster = await TestCluster.create({ pushServers: 0, environment: oneWorker });
    await cluster.addPushServer({ environment: { PUSHFLEET_CONTROL_ADDRESS: 'push-server-0.invalid' } });
    await hasProblem(cluster, 'dp-0', 'NODE_PROBLEM_CONTROL_UNREACHABLE');
    await cluster.devices.connect(1);
    await expectAllOn(cluster, 'dp-0', 1);
  });
});

describe('a rolling restart', () => {
  it('keeps the certificates that are good where the files hold expired ones by then', async () => {
    await using cluster = await TestCluster.create({ pushServers: 2, environment: oneWorker, prepare: trustOwn });
    await using log = await EventLog.start(cluster.admin);
    const devices = await cluster.devices.connect(20);
    const stale = await root.issue({ names: ['127.0.0.1', 'localhost'], beginsInDays: -9, endsInDays: -1 });
    for (const dir of [0, 1].map((index) => cluster.bundleDir(index))) {
      await writeFile(join(dir, 'server.key'), stale.key);
      await writeFile(join(dir, 'server.crt'), stale.chain);
    }
    await eventually('both push servers refuse the files', async () => {
      const refused = log.of('EVENT_KIND_CREDENTIALS_REFUSED').filter(({ reason }) => /expired/.test(reason));
      return new Set(refused.map(({ nodeId, reason }) => `${nodeId} ${reason}`)).size >= 2;
    });
    const { status, output, errors } = await cluster.run('rolling-restart');
    expect([status, errors]).toEqual([0, '']);
    expect(output).toMatch(/all 2 restarted/);
    await cluster.nodesReady(2);
    // The load is evened out afterwards: a device that is on its way to another push server is reached there.
    await eventually('every device is reached', () => everyoneIsReached(cluster, devices).then(() => true));
  });
});

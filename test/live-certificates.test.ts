import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { createStateDirectory, enrollPushServer } from 'pushfleet';
import { describe, expect, it } from 'vitest';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { TestCluster } from './cluster/test-cluster.ts';

/** Devices that are linked meanwhile; more of them: `PUSHFLEET_TEST_LINKS=1000 npm test -- test/live-certificates.test.ts`. */
const links = Number(process.env.PUSHFLEET_TEST_LINKS ?? 12);

const pairs = ['server.crt', 'server.key', 'cluster.crt', 'cluster.key'] as const;

/** Makes new certificates of the same CAs, and renames them over those in use, one file after the other. Resolves with their serial numbers. */
async function replaceCertificates({ stateDir, devicePorts }: TestCluster): Promise<(string | undefined)[]> {
  const made = await mkdtemp(join(tmpdir(), 'pushfleet-certificates-'));
  for (const file of ['ca.crt', 'ca.key', 'cluster-ca.crt', 'cluster-ca.key'])
    await cp(join(stateDir, file), join(made, file));
  await createStateDirectory({ path: made });
  const serial = new X509Certificate(await readFile(join(made, 'server.crt'))).serialNumber;
  for (const file of pairs) {
    await cp(join(made, file), join(stateDir, `${file}.new`));
    await rename(join(stateDir, `${file}.new`), join(stateDir, file));
  }
  await rm(made, { recursive: true });
  const serials = [serial];
  for (const index of devicePorts.keys()) {
    const { path } = await enrollPushServer({ stateDir, distributionPoint: `dp-${index}` });
    serials.push(new X509Certificate(await readFile(join(path, 'server.crt'))).serialNumber);
  }
  return serials;
}

async function serialAt(port: number, ca: Buffer): Promise<string | undefined> {
  const socket = connect({ host: '127.0.0.1', port, ca, ALPNProtocols: ['h2', 'http/1.1', 'mqtt'] });
  await once(socket, 'secureConnect');
  const serial = socket.getPeerX509Certificate()?.serialNumber;
  socket.destroy();
  return serial;
}

/** Pushes to all devices, again and again, until `stop`; resolves with what became of it. */
async function pushAlways({ admin }: TestCluster, ids: readonly string[], stop: AbortSignal) {
  const ended = new Map<string, number>();
  while (!stop.aborted) {
    for (const deviceId of ids) {
      const outcome = await admin.commands
        .push({ deviceId, operation: { forceSync: {} } })
        .then(({ status }) => String(status?.outcome), String);
      ended.set(outcome, (ended.get(outcome) ?? 0) + 1);
    }
  }
  return ended;
}

describe('certificates in files', () => {
  it('are replaced ten times under links and pushes: no link ends, and who comes sees the new ones', async () => {
    // Devices that are moved to even out the load have new sessions, too.
    const environment = { PUSHFLEET_REBALANCE: 'off' };
    await using cluster = await TestCluster.create({ pushServers: 2, balancers: 2, environment });
    await using log = await EventLog.start(cluster.admin);
    const devices = await cluster.devices.connect(links);
    const ids = devices.map(({ id }) => id);
    const epochs = () => Promise.all(ids.map(async (id) => (await cluster.admin.devices.get(id))?.session?.epoch));
    const before = await epochs();
    const stop = new AbortController();
    const pushing = pushAlways(cluster, ids, stop.signal);
    const ports = [
      ...cluster.devicePorts,
      ...cluster.balancerPorts.flatMap(({ assign, admin, rest }) => [assign, admin, rest]),
    ];
    for (let turn = 0; turn < 10; turn += 1) {
      const serials = await replaceCertificates(cluster);
      for (const port of ports)
        await eventually(`turn ${turn}: port ${port} shows it`, async () => {
          return serials.includes(await serialAt(port, cluster.ca));
        });
    }
    stop.abort();
    const ended = await pushing;
    console.log('pushes meanwhile:', Object.fromEntries(ended));
    expect([...ended.keys()]).toEqual(['OUTCOME_SUCCEEDED']);
    expect(await epochs()).toEqual(before);
    expect(log.of('EVENT_KIND_DEVICE_DISCONNECTED')).toEqual([]);
    expect(devices.map(({ device }) => device.currentStatus.kind)).toEqual(devices.map(() => 'connected'));
    // Those for the cluster as well, by every process.
    const replaced = () =>
      log.of('EVENT_KIND_CREDENTIALS_REPLACED').filter(({ reason }) => /for the cluster/.test(reason));
    await eventually('every process has told of each', () => replaced().length >= 4 * 10 - 4);
    // Channels are made anew with them.
    await cluster.devices.connect(3, 'late');
    await cluster.balancers[1]?.stop();
    cluster.startBalancer(1);
    const second = cluster.adminOf(1, await cluster.token);
    await eventually('a new balancer reaches workers of the former certificates', async () => {
      const { status } = await second.commands.push({ deviceId: 'late-0', operation: { forceSync: {} } });
      return status?.outcome === 'OUTCOME_SUCCEEDED';
    });
    second.close();
  }, 900_000);

  it('that are wrong are refused and told of; another admin token is good at once, and the former no more', async () => {
    await using cluster = await TestCluster.create();
    const log = await EventLog.start(cluster.admin);
    const [port, { assign }] = [cluster.devicePorts[0] as number, cluster.balancerPorts[0] as { assign: number }];
    const shown = await serialAt(port, cluster.ca);
    const shownByBalancer = await serialAt(assign, cluster.ca);
    for (const dir of [cluster.stateDir, cluster.bundleDir(0)]) {
      await writeFile(join(dir, 'server.key'), await readFile(join(dir, 'cluster.key')));
    }
    const refused = () =>
      log.of('EVENT_KIND_CREDENTIALS_REFUSED').filter(({ reason }) => /does not belong/.test(reason));
    await eventually('both processes have told of it', () => refused().length === 2);
    expect([await serialAt(port, cluster.ca), await serialAt(assign, cluster.ca)]).toEqual([shown, shownByBalancer]);
    expect(refused().map(({ reason }) => reason.split(':')[0])).toEqual(
      expect.arrayContaining(['push server dp-0', expect.stringMatching(/^balancer \S+$/)]),
    );
    // A worker that is started again has what its supervisor has, whatever the files hold by now.
    const [node] = await cluster.nodesReady(1);
    const before = node?.workers.map(({ pid }) => pid) ?? [];
    for (const pid of before) process.kill(pid, 'SIGKILL');
    await eventually('other workers serve', async () => {
      const [now] = await cluster.nodesReady(1);
      return now?.workers.length === before.length && now.workers.every(({ pid }) => !before.includes(pid));
    });
    expect(await eventually('they take connections', () => serialAt(port, cluster.ca))).toBe(shown);

    // The file of the CA with a certificate that is none.
    const ca = await readFile(join(cluster.bundleDir(0), 'ca.crt'));
    await cp(join(cluster.bundleDir(0), 'server.crt'), join(cluster.bundleDir(0), 'ca.crt'));
    await eventually('the push server has told of it', () =>
      log
        .of('EVENT_KIND_CREDENTIALS_REFUSED')
        .some(({ reason }) => /ca\.crt has a certificate that is not/.test(reason)),
    );
    await writeFile(join(cluster.bundleDir(0), 'ca.crt'), ca);

    await log[Symbol.asyncDispose]();
    const [former, next] = [await cluster.token, 'another-token-of-the-administrators'];
    await writeFile(join(cluster.stateDir, 'admin-token'), `${next}\n`);
    process.kill(cluster.balancers[0]?.pid as number, 'SIGHUP');
    using admin = cluster.adminOf(0, next);
    await eventually('the new token is good', () => admin.groups.put('Another').then(() => true));
    using old = cluster.adminOf(0, former);
    await expect(old.groups.put('Another')).rejects.toMatchObject({ code: 'BAD_TOKEN' });
  });
});

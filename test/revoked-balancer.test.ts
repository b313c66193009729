import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { askTicket } from './cluster/ask-assignment.ts';
import { controlPort, peerPort } from './cluster/control-port.ts';
import { EventLog } from './cluster/event-log.ts';
import { eventually } from './cluster/eventually.ts';
import { StolenPushServer as StolenMember, showTicket } from './cluster/stolen-push-server.ts';
import { TestCluster } from './cluster/test-cluster.ts';
import { testSecret } from './cluster/test-devices.ts';

it('the former certificate of balancers is revoked: its tickets are void, nobody obeys it, and the others go on', async () => {
  await using cluster = await TestCluster.create({ balancers: 2 });
  await using log = await EventLog.start(cluster.admin);
  expect((await cluster.run('revoke', '--balancer')).errors).toContain('the only certificate is the one in use');

  // One balancer keeps the certificate that a thief has a copy of.
  await using stack = new AsyncDisposableStack();
  const copies = await mkdtemp(join(tmpdir(), 'pushfleet-stolen-'));
  stack.defer(() => rm(copies, { recursive: true }));
  for (const name of ['cluster.crt', 'cluster.key', 'cluster-ca.crt'])
    await copyFile(join(cluster.stateDir, name), join(copies, name));
  const former = {
    PUSHFLEET_CLUSTER_CERT_FILE: join(copies, 'cluster.crt'),
    PUSHFLEET_CLUSTER_KEY_FILE: join(copies, 'cluster.key'),
  };
  await cluster.balancers[1]?.stop();
  const stolen = cluster.startBalancer(1, former);
  const devices = await cluster.devices.connect(6);
  const [{ id } = { id: '' }] = devices;
  const ask = (balancer: number) => askTicket(cluster.assignUrls[balancer] ?? '', cluster.ca, id, testSecret);
  const { ticket } = await eventually('the other balancer assigns', () => ask(1).catch(() => undefined));
  const thief = new StolenMember(copies);
  const port = peerPort(cluster);
  expect(await thief.askBalancer(port)).toBe('answered');

  expect((await cluster.run('init', '--renew')).output).toContain('cluster.crt');
  await eventually('the good balancer has another certificate', () =>
    cluster.balancers[0]?.output.includes('certificate for the cluster was replaced'),
  );
  const { output, errors } = await cluster.run('revoke', '--balancer');
  expect([output, errors]).toEqual([expect.stringContaining('Revoked: 1 certificate of balancers.'), '']);
  const revokedAtMs = Date.now();
  await eventually('the other balancer has ended', () => !stolen.isRunning);
  expect(stolen.output).toContain('the certificate of this balancer in the cluster was revoked');
  const show = (shown: string) => showTicket(shown, cluster.devicePorts[0] ?? 0, cluster.ca);
  await eventually('its tickets are void', async () => (await show(ticket)) !== 'welcome');
  await eventually('balancers do not answer him', async () => (await thief.askBalancer(port)) !== 'answered');
  expect(await thief.order(`127.0.0.1:${await controlPort(cluster)}`, 'dp-0')).not.toBe('ended well');
  console.log(`a revoked balancer has nothing any more ${Date.now() - revokedAtMs} ms after its revocation`);
  await eventually('that leaves an event', () =>
    log.of('EVENT_KIND_MEMBER_REFUSED').some(({ reason }) => reason.includes('balancer balancer was revoked')),
  );
  expect(log.of('EVENT_KIND_MEMBER_REVOKED').map(({ reason }) => reason)).toEqual([
    'balancer balancer: its certificate is good no more',
  ]);

  // Those that have another certificate go on, with tickets and orders; the revoked one does not start again.
  const { ticket: good } = await ask(0);
  await eventually('its key is certified anew, and its tickets are good', async () => (await show(good)) === 'welcome');
  for (const { id: deviceId } of devices.slice(1)) {
    // Its channels under the former certificate were closed as well: they are opened anew, under the other one.
    await eventually(`${deviceId} is reached`, async () => {
      const { status } = await cluster.admin.commands.push({ deviceId, operation: { forceSync: {} } });
      return status?.outcome === 'OUTCOME_SUCCEEDED';
    });
  }
  const again = cluster.startBalancer(1, former);
  await eventually('it does not start', () => !again.isRunning);
  cluster.startBalancer(1);
  await eventually('with the other certificate it serves', () => ask(1).catch(() => undefined));
  expect((await cluster.run('revoke', '--balancer')).output).toContain('1 certificate of balancers, 1 of them before');
});

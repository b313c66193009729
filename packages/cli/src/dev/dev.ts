import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { AdminClient } from '@pushfleet/admin-sdk';
import { aborted, type Environment, readSettings, visibleText } from '@pushfleet/runtime';
import { openClient } from '../connection/open-client.ts';
import { listDevices } from '../devices/render.ts';
import { listNodes } from '../nodes/render.ts';
import { renderResult, resultOf } from '../outcomes/render.ts';
import { paintFor, print } from '../output/print.ts';
import { pushToDevices } from '../push/push-to-devices.ts';
import { enrollPushServer } from '../state/enrollment.ts';
import { deviceSecretFile, ensureSecretFile } from '../state/secrets.ts';
import { createStateDirectory } from '../state/state-directory.ts';
import { renderBanner } from './banner.ts';
import { Children } from './children.ts';
import {
  type DevSettings,
  demoDevices,
  demoGroup,
  demoNodes,
  devHost,
  devSettings,
  workbenchDevice,
  workbenchGroup,
} from './plan.ts';
import { assertPortsFree, type WantedPort } from './ports.ts';
import { answersOk, waitUntil } from './wait-until.ts';

const paint = paintFor(process.stdout);
const startMs = 30_000;

/** Runs a whole cluster on this machine until `stop` fires or one of its processes ends. */
export async function runDev(environment: Environment, stop: AbortSignal): Promise<void> {
  const settings = readSettings(devSettings, environment);
  await assertPortsFree(devHost, portsOf(settings));
  const { path: stateDir } = await createStateDirectory({ path: settings.stateDir });
  for (const distributionPoint of demoNodes) await enrollPushServer({ stateDir, distributionPoint, keep: true });
  const logDir = join(stateDir, 'logs');
  mkdirSync(logDir, { recursive: true, mode: 0o700 });
  const ours = childEnvironment(environment, stateDir, settings);
  try {
    await using children = new Children(ours, logDir);
    using client = openClient(ours);
    const halt = AbortSignal.any([stop, children.failed]);
    await startCluster(children, client, { settings, stateDir, signal: halt });
    const { code } = await client.tokens.createSignInCode({ signal: halt });
    print(renderBanner(settings, { stateDir, signInCode: code }, paint));
    await sayProblems(client, halt);
    await showSync(client, halt);
    await aborted(halt);
    if (stop.aborted) print('\nStopping …');
    halt.throwIfAborted();
  } catch (error) {
    // Whatever was under way when the user said stop has failed because of that.
    if (!stop.aborted) throw error;
    print('Stopped.');
  }
}

interface Start {
  settings: DevSettings;
  stateDir: string;
  signal: AbortSignal;
}

async function startCluster(children: Children, client: AdminClient, start: Start): Promise<void> {
  const { settings, stateDir, signal } = start;
  const wait = { signal, timeoutMs: startMs };
  const rest = `http://${devHost}:${settings.restPort}`;
  children.start('balancer', 'balancer', ['balancer']);
  await waitUntil(() => answersOk(`${rest}/healthz`), { ...wait, what: 'the balancer to answer' });
  done('balancer');
  await provision(client, { stateDir, host: devHost, devicePort: settings.devicePort, signal });
  done(`${demoDevices.length} demo devices and ${demoNodes.length} distribution points`);
  for (const id of demoNodes) {
    children.start('push-servers', id, ['push-server'], { PUSHFLEET_DISTRIBUTION_POINT: id });
  }
  await waitUntil(() => nodesReady(client, signal), { ...wait, what: 'the push servers to be ready' });
  await waitUntil(() => answersOk(`${rest}/readyz`), { ...wait, what: 'the balancer to be ready' });
  done(`push servers ${demoNodes.join(', ')}`);
  children.start('fleet', 'demo-fleet', ['demo-fleet', '--balancer', `https://${devHost}:${settings.assignPort}`]);
  await waitUntil(() => fleetConnected(client, signal), { ...wait, what: 'the demo devices to connect' });
  done(`demo fleet: ${demoDevices.length} devices connected`);
}

async function nodesReady(client: AdminClient, signal: AbortSignal): Promise<true | string> {
  const nodes = await listNodes(client, { signal });
  const unready = demoNodes.filter((id) => nodes.find(({ nodeId }) => nodeId === id)?.status !== 'ready');
  return unready.length === 0 || `${unready.join(', ')} not ready`;
}

async function fleetConnected(client: AdminClient, signal: AbortSignal): Promise<true | string> {
  const devices = await listDevices(client, { group: demoGroup }, { signal });
  const connected = devices.filter(({ session }) => session).length;
  return connected >= demoDevices.length || `${connected} of ${demoDevices.length} connected`;
}

/** It runs all the same, with less than it should have. */
async function sayProblems(client: AdminClient, signal: AbortSignal): Promise<void> {
  for (const { nodeId, problem } of await listNodes(client, { signal })) {
    if (problem !== null) print(`${paint('yellow', '!')} ${nodeId}: ${visibleText(problem)}`);
  }
}

/** Forces a synchronization of all demo devices, as an Administration Server would, and shows the outcomes. */
async function showSync(client: AdminClient, signal: AbortSignal): Promise<void> {
  print(`Forcing the synchronization of group ${demoGroup}:\n`);
  const ids = demoDevices.map(({ id }) => id);
  const push = { operation: { forceSync: { reason: 'pushfleet dev' } } };
  const entries = await pushToDevices(client.commands, ids, { push, wait: 'finished' }, { signal });
  print(renderResult(resultOf(entries, 'finished'), paint));
  print('\nCtrl-C ends it all.');
}

/** The environment of child processes: the user's, with settings that suit one machine. */
function childEnvironment(environment: Environment, stateDir: string, settings: DevSettings): Environment {
  return {
    // Time enough on one machine, and short of the deadlines of `Children`.
    PUSHFLEET_DRAIN_MS: '2000',
    // Enough to see that there are several, without filling the machine.
    PUSHFLEET_MAX_WORKERS: '2',
    ...environment,
    PUSHFLEET_STATE_DIR: stateDir,
    PUSHFLEET_BIND: devHost,
    PUSHFLEET_ASSIGN_BIND: devHost,
    PUSHFLEET_ADMIN_BIND: devHost,
    PUSHFLEET_REST_BIND: devHost,
    PUSHFLEET_ADMIN_ADDRESS: `${devHost}:${settings.adminPort}`,
  };
}

function portsOf({ assignPort, adminPort, restPort, devicePort }: DevSettings): WantedPort[] {
  const deviceSetting = devSettings.devicePort.name;
  return [
    { port: assignPort, purpose: 'device assignment', setting: devSettings.assignPort.name },
    { port: adminPort, purpose: 'the admin API', setting: devSettings.adminPort.name },
    { port: restPort, purpose: 'REST', setting: devSettings.restPort.name },
    ...demoNodes.map((id, index) => ({
      port: devicePort + index,
      purpose: `push server ${id}`,
      setting: index === 0 ? deviceSetting : `${deviceSetting} (its first of three)`,
    })),
  ];
}

function done(what: string): void {
  print(`${paint('green', '✓')} ${what}`);
}

/** Two workers hold them under the file limits of most machines. */
const maxConnections = 10_000;

interface ProvisionOptions {
  stateDir: string;
  host: string;
  /** Port of the first push server; the others take the ports after it. */
  devicePort: number;
  signal: AbortSignal;
}

/** Tells the cluster of its groups, distribution points and devices. Does no harm when all are there already. */
async function provision(client: AdminClient, options: ProvisionOptions): Promise<void> {
  const { stateDir, host, devicePort, signal } = options;
  const groups = [demoGroup, workbenchGroup];
  for (const group of groups) await client.groups.put(group, { signal });
  for (const [index, distributionPointId] of demoNodes.entries()) {
    const pushServer = { enabled: true, address: host, port: devicePort + index, maxConnections };
    await client.distributionPoints.put({ distributionPointId, groups, pushServer }, { signal });
  }
  const devices = demoDevices.map(({ id }) => ({ deviceId: id, group: demoGroup }));
  await Promise.all(
    [...devices, { deviceId: workbenchDevice, group: workbenchGroup }].map((device) => {
      const secret = ensureSecretFile(deviceSecretFile(stateDir, device.deviceId));
      return client.devices.put({ ...device, secret }, { signal });
    }),
  );
}

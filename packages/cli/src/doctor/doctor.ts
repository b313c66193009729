import type { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readDeviceTrust, toDeviceNameRule } from '@pushfleet/balancer/device-trust';
import { readBalancerSettings } from '@pushfleet/balancer/settings';
import { PushfleetError } from '@pushfleet/protocol';
import { readPushServerSettings } from '@pushfleet/push-server';
import { registrySettings } from '@pushfleet/registry';
import {
  bundleSettings,
  type Environment,
  loadAuthorities,
  loadClusterCredentials,
  loadServerCredentials,
  parseCertificates,
  processSettings,
  readFileLimit,
  readProgramVersion,
  readSettings,
  type SettingValues,
  systemClock,
  type WantedMember,
} from '@pushfleet/runtime';
import { openClient, readAuthority } from '../connection/open-client.ts';
import { allSettings } from '../index.ts';
import { listNodes } from '../nodes/render.ts';
import { describeFailure } from '../output/failure.ts';
import { type AdminApi, checkAdminApi } from './admin-api-check.ts';
import { checkAuthority, checkCertificate, checkDeviceTrust } from './certificate-checks.ts';
import { checkClockStep, checkNodeClocks } from './clock-checks.ts';
import { type Finding, type Part, runsNothing, skipped } from './finding.ts';
import { observePort, observeStateDirectory, readSysctl } from './host-observations.ts';
import { checkOpenFiles } from './open-files.ts';
import { checkPort, type WantedPort } from './ports.ts';
import { type ExaminedRegistry, examineRegistry } from './registry-examination.ts';
import { checkSettings } from './settings-check.ts';
import { checkStateDirectory } from './state-directory-check.ts';
import { checkAcceptBacklog, checkConntrack, checkPortRange, checkSynBacklog } from './sysctls.ts';
import { checkMemberVersions, checkNodeVersion } from './versions.ts';

const sharedSettings = { ...processSettings, ...registrySettings };
type Shared = SettingValues<typeof sharedSettings>;
/** Absent: it is not to run here, or its settings are wrong. */
interface Parts {
  balancer?: ReturnType<typeof readBalancerSettings>;
  pushServer?: ReturnType<typeof readPushServerSettings>;
}

/**
 * The processes that this machine is to run, as far as the environment tells: a push server where a distribution point is named;
 * else a balancer where the key of a member of the cluster is there.
 */
export function guessParts(environment: Environment): Part[] {
  if (environment.PUSHFLEET_DISTRIBUTION_POINT) return ['push-server'];
  const key =
    environment.PUSHFLEET_CLUSTER_KEY_FILE || join(environment.PUSHFLEET_STATE_DIR || '.pushfleet', 'cluster.key');
  return existsSync(key) ? ['balancer'] : [];
}

/** Makes every check for a machine that is to run `runs`. */
export async function examine(environment: Environment, runs: readonly Part[]): Promise<Finding[]> {
  const begun = { wallMs: systemClock.wallMs(), monotonicMs: systemClock.now() };
  const { parts, refusals } = readParts(environment, runs);
  const known = allSettings.map(({ name }): string => name);
  const findings = checkSettings({ environment, refusals, known });
  findings.unshift(checkNodeVersion(process.versions.node, leastNode));
  const shared = attempt(() => readSettings(sharedSettings, environment));
  if (shared) findings.push(...(await examineWith(shared, parts, runs, environment)));
  else findings.push(skipped('everything else', 'these settings say where to look; correct them first'));
  const passed = (since: number, now: number) => now - since;
  findings.push(
    checkClockStep({
      wallMs: passed(begun.wallMs, systemClock.wallMs()),
      monotonicMs: passed(begun.monotonicMs, systemClock.now()),
    }),
  );
  return findings;
}

/** The oldest Node.js that package.json permits. */
const leastNode = '22.16';

function readParts(environment: Environment, runs: readonly Part[]): { parts: Parts; refusals: string[] } {
  const refusals: string[] = [];
  const read = <Values>(wanted: boolean, reader: () => Values): Values | undefined => {
    if (!wanted) return undefined;
    return attempt(reader, (message) => refusals.push(...message.split('\n')));
  };
  read(true, () => readSettings(sharedSettings, environment));
  const balancer = read(runs.includes('balancer'), () => readBalancerSettings(environment));
  const pushServer = read(runs.includes('push-server'), () => readPushServerSettings(environment));
  return { parts: { ...(balancer ? { balancer } : {}), ...(pushServer ? { pushServer } : {}) }, refusals };
}

async function examineWith(
  shared: Shared,
  parts: Parts,
  runs: readonly Part[],
  environment: Environment,
): Promise<Finding[]> {
  const registry = await registryOf(shared, parts, runs);
  const ports = portsOf(parts, registry);
  const states = await Promise.all(ports.map(observePort));
  const holder = states.find((state) => state.kind === 'taken' && state.by?.command.includes('pushfleet'));
  const pid = holder?.kind === 'taken' ? holder.by?.pid : undefined;
  const maxConnections = registry.point?.pushServer.maxConnections;
  const maxWorkers = parts.pushServer?.maxWorkers;
  return [
    checkStateDirectory({ runs, ...observeStateDirectory(shared, runs.length > 0 && shared.redisUrl === undefined) }),
    ...bundleOf(shared, parts, runs),
    checkOpenFiles({
      ...{ runs, limit: readFileLimit(pid) },
      ...(pid === undefined ? {} : { pid }),
      ...(maxConnections === undefined ? {} : { maxConnections }),
      ...(maxWorkers === undefined ? {} : { maxWorkers }),
    }),
    ...ports.map((port, at) => checkPort(port, states[at] ?? { kind: 'free' })),
    ...(ports.length === 0 ? [skipped('ports', runs.length === 0 ? runsNothing : 'no port is known')] : []),
    ...registry.findings,
    ...certificatesOf(shared, parts, runs, registry.point?.pushServer.address),
    ...(await adminApi(environment, runs)),
    ...membersOf(registry, runs),
    ...kernelOf(ports, maxConnections, runs),
  ];
}

/** The bundle, where it is not the state directory itself. */
function bundleOf({ stateDir }: Shared, { pushServer }: Parts, runs: readonly Part[]): Finding[] {
  if (!pushServer) return [];
  const own = ownSettings(pushServer);
  if (own.stateDir === stateDir) return [];
  return [checkStateDirectory({ check: 'bundle', runs, ...observeStateDirectory(own, false) })];
}

async function registryOf(shared: Shared, { pushServer }: Parts, runs: readonly Part[]): Promise<ExaminedRegistry> {
  const listsBalancers = runs.includes('balancer');
  if (runs.length > 0) return examineRegistry(shared, { pointId: pushServer?.distributionPoint, listsBalancers });
  const why = `${runsNothing}; only those speak to the registry`;
  return { findings: [skipped('registry', why)], nodes: [], balancers: [], listedAtMs: 0, point: undefined };
}

function portsOf({ balancer, pushServer }: Parts, { point }: ExaminedRegistry): WantedPort[] {
  const wanted: WantedPort[] = [];
  if (balancer) {
    const {
      bind,
      assignBind = bind,
      assignPort,
      adminBind,
      adminPort,
      restBind,
      restPort,
      peerBind,
      peerPort,
    } = balancer;
    const of = (name: string) => ({ setting: `PUSHFLEET_${name}_PORT`, bindSetting: `PUSHFLEET_${name}_BIND` });
    wanted.push(
      { host: assignBind, port: assignPort, purpose: 'devices that ask for an assignment', ...of('ASSIGN') },
      { host: adminBind, port: adminPort, purpose: 'the admin API', ...of('ADMIN') },
      { host: restBind, port: restPort, purpose: 'the REST API', ...of('REST') },
      { host: peerBind, port: peerPort, purpose: 'other balancers', ...of('PEER') },
    );
  }
  if (pushServer && point) {
    const setting = `it with pushfleet dp set ${point.id} --port <port>`;
    const { port } = point.pushServer;
    wanted.push({ host: pushServer.bind, port, purpose: 'device links', setting, bindSetting: 'PUSHFLEET_BIND' });
  }
  if (pushServer?.metricsPort !== undefined) {
    const { metricsBind: host, metricsPort: port } = pushServer;
    const settings = { setting: 'PUSHFLEET_METRICS_PORT', bindSetting: 'PUSHFLEET_METRICS_BIND' };
    wanted.push({ host, port, purpose: 'metrics of the push server', ...settings });
  }
  // 0 stands for any free one.
  return wanted.filter(({ port }) => port !== 0);
}

function certificatesOf(shared: Shared, parts: Parts, runs: readonly Part[], address?: string): Finding[] {
  const ca = checkAuthority({ check: 'CA', certificates: inWords(() => caOf(shared)), wallMs: systemClock.wallMs() });
  if (runs.length === 0) return [ca, skipped('certificates', runsNothing)];
  const { balancer, pushServer } = parts;
  return [
    ca,
    ...(balancer ? trustOfDevices(balancer) : []),
    // A push server whose settings are refused is none that has a bundle; its files are judged as those of a balancer.
    ...(runs.includes('balancer') || !pushServer ? certificatesIn(shared) : []),
    ...(pushServer ? certificatesIn(ownSettings(pushServer), pushServer, address) : []),
  ];
}

/** Nothing, where devices show no client certificates. */
function trustOfDevices({ deviceClientCaFile: caFile, ...balancer }: NonNullable<Parts['balancer']>): Finding[] {
  if (caFile === undefined) return [];
  const rule = toDeviceNameRule(balancer.deviceClientName);
  const trust = inWords(() => readDeviceTrust({ caFile, crlFile: balancer.deviceClientCrlFile, rule }));
  return [checkDeviceTrust({ trust, wallMs: systemClock.wallMs() })];
}

/** The certificates that a process shows. @param pushServer Absent: it is a balancer. @param address By which devices reach it. */
function certificatesIn(shared: Shared, pushServer?: NonNullable<Parts['pushServer']>, address?: string): Finding[] {
  const { distributionPoint, deviceTls } = pushServer ?? {};
  const of = distributionPoint === undefined ? 'certificate' : `certificate of ${distributionPoint}`;
  const owner = { wallMs: systemClock.wallMs(), ...(distributionPoint === undefined ? {} : { distributionPoint }) };
  const member: WantedMember =
    distributionPoint === undefined ? { role: 'balancer' } : { role: 'push-server', name: distributionPoint };
  const authorities = attempt(() => loadAuthorities(shared));
  const chain = inWords(() => chainOf(loadServerCredentials(shared).cert));
  const cluster = inWords(() => chainOf(loadClusterCredentials(shared, member).cert));
  const known = {
    ...(address === undefined || deviceTls === false ? {} : { address }),
    ...(authorities ? { authorities } : {}),
  };
  return [
    checkCertificate({ check: `${of} for devices`, chain, ...owner, ...known }),
    checkCertificate({ check: `${of} for the cluster`, chain: cluster, ...owner }),
  ];
}

/** A push server has its own files, in its bundle. */
function ownSettings<Settings extends Shared & { distributionPoint: string }>(pushServer: Settings): Settings {
  return bundleSettings(pushServer, pushServer.distributionPoint);
}

function caOf(shared: Shared): X509Certificate[] {
  return chainOf(readAuthority({ ...shared, adminAddress: [] }));
}

function chainOf(pem: Uint8Array): X509Certificate[] {
  return parseCertificates({ setting: '', path: '', bytes: pem });
}

async function adminApi(environment: Environment, runs: readonly Part[]): Promise<Finding[]> {
  return checkAdminApi(await askAdminApi(environment), runs.length === 0);
}

const timeoutMs = 5_000;

async function askAdminApi(environment: Environment): Promise<AdminApi> {
  const address = environment.PUSHFLEET_ADMIN_ADDRESS || '127.0.0.1:13299';
  try {
    using client = openClient(environment);
    try {
      const { name, role } = await client.tokens.own({ timeoutMs });
      const nodes = await listNodes(client, { timeoutMs });
      return {
        kind: 'reached',
        address,
        token: { name, role: String(role).replace('ROLE_', '').toLowerCase() },
        nodes,
      };
    } catch (error) {
      return { kind: 'failed', address, words: describeFailure(error) };
    }
  } catch (error) {
    return { kind: 'unequipped', words: describeFailure(error) };
  }
}

function membersOf({ nodes, balancers, listedAtMs }: ExaminedRegistry, runs: readonly Part[]): Finding[] {
  if (runs.length === 0) return [skipped('versions', `this program is ${readProgramVersion()}; ${runsNothing}`)];
  const alive = nodes.filter(({ liveness }) => liveness === 'alive');
  const clocks = alive.map(({ nodeId, wallMs, silentMs }) => {
    return { nodeId, aheadMs: wallMs === undefined ? undefined : wallMs + silentMs - listedAtMs };
  });
  const members = [
    ...balancers.map(({ peerAddress, software }) => ({ name: `balancer ${peerAddress}`, software })),
    ...alive.map(({ nodeId: name, software }) => ({ name, software })),
  ];
  return [checkMemberVersions({ own: readProgramVersion(), members }), checkNodeClocks(clocks)];
}

function kernelOf(ports: readonly WantedPort[], maxConnections: number | undefined, runs: readonly Part[]): Finding[] {
  return [
    checkAcceptBacklog(readSysctl('net.core.somaxconn'), runs),
    checkSynBacklog(readSysctl('net.ipv4.tcp_max_syn_backlog'), readSysctl('net.ipv4.tcp_syncookies'), runs),
    checkPortRange({
      range: readSysctl('net.ipv4.ip_local_port_range'),
      reserved: readSysctl('net.ipv4.ip_local_reserved_ports'),
      ports: ports.map(({ port }) => port),
      runs,
    }),
    checkConntrack({
      max: readSysctl('net.netfilter.nf_conntrack_max'),
      count: readSysctl('net.netfilter.nf_conntrack_count'),
      ...{ maxConnections, runs },
    }),
  ];
}

/** The value; or, where reading it is refused, why, in the words of the process that would read it. */
function inWords<Value>(read: () => Value): Value | { failure: string } {
  try {
    return read();
  } catch (error) {
    return { failure: describeFailure(error) };
  }
}

/** `undefined` where the settings or files are refused. */
function attempt<Value>(read: () => Value, onRefused: (message: string) => void = () => undefined): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof PushfleetError)) throw error;
    onRefused(error.message);
    return undefined;
  }
}

import type { BlockList } from 'node:net';
import { limits } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import {
  AttendedClock,
  type AttendedTime,
  Barrier,
  type Clock,
  type ClusterCredentials,
  type ClusterNetwork,
  certifyKey,
  connectionLimitsFor,
  createClusterNetwork,
  type FileShare,
  type KeyCertification,
  type KeyPair,
  type Live,
  type Logger,
  LoopMonitor,
  logStalls,
  type MemberGate,
  meterFaults,
  meterProcess,
  readFileLimit,
  type Service,
  systemClock,
  TicketKeyRing,
  timeoutSignal,
} from '@pushfleet/runtime';
import { ApiAccess } from './access/api-access.ts';
import type { ConsoleSessionSettings } from './access/console-sessions.ts';
import { type AdminApi, AdminPorts, type AdminPortsOptions } from './admin/admin-ports.ts';
import { AssignmentRate } from './assignment/assignment-rate.ts';
import { createAssignmentOptions } from './assignment/create-assignment.ts';
import type { DeviceTrust } from './assignment/identity/device-trust.ts';
import { IdentityTokens } from './assignment/identity/identity-tokens.ts';
import type { DeviceIssuer } from './assignment/identity/issuers-file.ts';
import { type AssignmentPort, AssignmentServer, type AssignmentServerOptions } from './assignment/server.ts';
import { TicketSigner } from './assignment/ticket.ts';
import { CommandModule, type PeerSettings } from './commands/command-module.ts';
import type { DurableSettings } from './commands/durable/put-queue.ts';
import { createLeader } from './create-leader.ts';
import { EventGrpcService } from './events/grpc.ts';
import { createFleetHandlers } from './fleet/grpc.ts';
import { createGroupPushService, type GroupPushService } from './group-push/service.ts';
import type { Leader } from './leader/leader.ts';
import { maintenanceHandlers } from './maintenance/grpc.ts';
import { Membership } from './membership.ts';
import { meterBalancer } from './meter-balancer.ts';
import { restLimits } from './net/rest-limits.ts';
import { NodeDirectory } from './node-directory.ts';
import { createOverview, type OverviewModule, ownStatus } from './overview/overview-module.ts';
import {
  createAddressProbe,
  Reachability,
  type ReachabilityOptions,
  type ReachabilitySettings,
} from './reachability/reachability.ts';
import { Readiness } from './readiness.ts';
import type { RebalanceSettings } from './rebalance/rebalancer.ts';
import { RegistryCheck } from './registry-check.ts';
import { createTunnels, type Tunnels, tunnelHandlers } from './tunnels/tunnels.ts';

export interface BalancerOptions
  extends RebalanceSettings,
    DurableSettings,
    PeerSettings,
    ReachabilitySettings,
    ConsoleSessionSettings {
  /** Stays the caller's: it is not closed with the balancer. */
  registry: Registry;
  logger: Logger;
  bind: string;
  /** Local addresses of the ports. Of assignments absent: `bind`. */
  assignBind?: string | undefined;
  adminBind: string;
  restBind: string;
  /** 0: any free port. */
  assignPort: number;
  adminPort: number;
  restPort: number;
  /** Shown to devices and Administration Servers. */
  tls: Live<KeyPair>;
  cluster: Live<ClusterCredentials>;
  /** The serial number of its certificate in the cluster. Absent: that is never revoked. */
  memberSerial?: () => string;
  adminToken: Live<string>;
  /** Those whose tokens devices may show in place of their secrets. Absent: none. */
  deviceIssuers?: Live<readonly DeviceIssuer[]> | undefined;
  /** Those whose client certificates devices may show. Absent: none is asked for. */
  deviceTrust?: Live<DeviceTrust> | undefined;
  ticketLifetimeMs: number;
  reservationMs: number;
  /** A push server that is silent for this long is dead. */
  deadAfterMs: number;
  commandsInFlight: number;
  /** How many tunnels may be open at once. */
  tunnels: number;
  /** Protects the keys of TLS session tickets, and the age at which they are replaced. Absent: each process has keys of its own. */
  ticketSecret?: Live<Uint8Array>;
  tlsTicketRotationMs?: number;
  /** Connections of each port whose clients have not shown who they are: in all, and from one address. */
  unauthenticated: number;
  unauthenticatedPerAddress: number;
  /** The addresses of proxies in front of the port for assignments that say for whom they speak. */
  proxies?: BlockList | undefined;
  /** Networks in which many devices share an address. */
  sharedNetworks?: BlockList | undefined;
  /** Absent: that of the process. */
  fileLimit?: number;
  clock?: Clock;
  /** The clock by which peers are judged; stays the caller's. Absent: one of its own. */
  attended?: AttendedTime;
  /** Absent: sockets. */
  network?: BalancerNetwork;
}

/** How a balancer is reached, and reaches others. */
export interface BalancerNetwork {
  /** Workers and other balancers, those that the gate lets in. */
  createCluster(gate: MemberGate): ClusterNetwork;
  /** Certifies its own ticket key to push servers. Absent: by its certificate in the cluster. */
  certifyKey?(thumbprint: string): KeyCertification | undefined;
  /** The port that devices ask. It does not listen yet. */
  createAssignmentPort(options: AssignmentServerOptions): AssignmentPort;
  /** The ports of the admin API. They do not listen yet. */
  createAdminApi(options: AdminPortsOptions): AdminApi;
  /** Comes to a push server as a device does. Never rejects. */
  probe: ReachabilityOptions['probe'];
}

/** The ports on which it listens. */
export interface BalancerPorts {
  assign: number;
  admin: number;
  rest: number;
  /** For other balancers. */
  peer: number;
}

/** The part of the process' open files that the connections of each port may take. */
const fileShares = { assignment: 0.5, admin: 0.25 } as const;

/** Answers of the last calls are given this long to leave before their connections are closed. */
const lastWordsMs = 500;

export function createBalancer(options: BalancerOptions): Balancer {
  const { registry, logger, clock = systemClock, ticketLifetimeMs } = options;
  const keys = registry.ticketKeys;
  const { certifyKey: certify = (kid: string) => certifyKey(kid, options.cluster.current) } = options.network ?? {};
  const signer = new TicketSigner({ keys, certify, lifetimeMs: ticketLifetimeMs, clock, logger });
  return new Balancer({ ...options, clock }, signer);
}

function createNetwork(options: BalancerOptions & { clock: Clock; attended: AttendedTime }): BalancerNetwork {
  return {
    createCluster: (gate) => createClusterNetwork(options.cluster, gate),
    createAssignmentPort: (port) => new AssignmentServer(port),
    createAdminApi: (api) => new AdminPorts(api),
    probe: createAddressProbe(options),
  };
}

/** The process' open files, and the wanted limits of connections. */
function filesOf(options: BalancerOptions): Omit<FileShare, 'share'> {
  const { fileLimit = readFileLimit(), unauthenticated, unauthenticatedPerAddress } = options;
  return { fileLimit, unauthenticated, unauthenticatedPerAddress };
}

function createIdentities({
  deviceIssuers: issuers,
  clock,
}: BalancerOptions & { clock: Clock }): IdentityTokens | undefined {
  return issuers && new IdentityTokens({ issuers, clock });
}

/** The keys of TLS session tickets on the port that devices ask for their assignment. */
function createTicketKeys(options: BalancerOptions & { clock: Clock }): TicketKeyRing | undefined {
  const { registry, ticketSecret: secret, tlsTicketRotationMs: rotationMs = 259_200_000, clock, logger } = options;
  if (!secret) return undefined;
  return new TicketKeyRing({ store: registry.tlsTicketKeys, secret, purpose: 'assignment', rotationMs, clock, logger });
}

/** The addresses and limits of the ports for administrators. */
function adminPortsOf(options: BalancerOptions): Pick<AdminPortsOptions, 'grpc' | 'rest'> {
  const { adminBind, adminPort, restBind, restPort } = options;
  const files = filesOf(options);
  const adminLimits = connectionLimitsFor({ ...files, share: fileShares.admin });
  return {
    grpc: { at: { host: adminBind, port: adminPort }, connectionLimits: adminLimits },
    rest: { at: { host: restBind, port: restPort }, connectionLimits: restLimits(files.fileLimit) },
  };
}

/** The Administration-Server-side service: assigns devices, carries commands, serves the admin API. */
export class Balancer implements Service {
  readonly barrier: Barrier;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #load: LoopMonitor;
  readonly #ticketKeys: TicketKeyRing | undefined;
  readonly #meters: Disposable[];
  #ownAttended: AttendedClock | undefined;
  readonly #directory: NodeDirectory;
  readonly #assignmentRate: AssignmentRate;
  readonly #registryCheck: RegistryCheck;
  readonly #reachability: Reachability;
  readonly #readiness: Readiness;
  readonly #signer: TicketSigner;
  readonly #members: Membership;
  readonly #commands: CommandModule;
  readonly #groupPushes: GroupPushService;
  readonly #events: EventGrpcService;
  readonly #overview: OverviewModule;
  readonly #tunnels: Tunnels;
  readonly #leader: Leader;
  readonly #assignment: AssignmentPort;
  readonly #access: ApiAccess;
  readonly #identities: IdentityTokens | undefined;
  readonly #admin: AdminApi;
  #ports: BalancerPorts = { assign: 0, admin: 0, rest: 0, peer: 0 };

  constructor(given: BalancerOptions & { clock: Clock }, signer: TicketSigner) {
    const { registry, logger, clock, tls } = given;
    if (!given.attended) this.#ownAttended = new AttendedClock({ clock, onStall: logStalls(logger) });
    const options = { ...given, attended: given.attended ?? (this.#ownAttended as AttendedClock) };
    this.#load = new LoopMonitor({ clock });
    this.#ticketKeys = createTicketKeys(options);
    const { attended, network = createNetwork(options) } = options;
    const { greetingDeadlineMs = limits.greetingDeadlineMs } = options;
    this.#clock = clock;
    this.#logger = logger;
    const conditionOf: CommandModule['conditionOf'] = (worker) => this.#commands.conditionOf(worker);
    this.#reachability = new Reachability({ ...options, conditionOf, probe: network.probe });
    this.#directory = new NodeDirectory(registry, clock, logger, (node) => this.#reachability.judge(node));
    this.#assignmentRate = new AssignmentRate({ directory: this.#directory, balancers: registry.balancers, clock });
    this.#registryCheck = new RegistryCheck(registry, clock, logger);
    this.#readiness = new Readiness(this.#directory, this.#registryCheck, this.#reachability);
    [this.#signer, this.#identities] = [signer, createIdentities(options)];
    const barrier = new Barrier({ logger });
    this.barrier = barrier;
    const shared = { greetingDeadlineMs, barrier, attended, load: this.#load };
    this.#access = new ApiAccess({ ...options, restPort: () => this.#ports.rest });
    const { control: access } = this.#access;
    const members = new Membership(options);
    this.#members = members;
    const cluster = { network: network.createCluster(members.gate), refusals: members.refusals };
    const status = ownStatus(() => [tls.current.cert, options.cluster.current.cert]);
    this.#commands = new CommandModule({
      ...options,
      ...{ directory: this.#directory, ...cluster, barrier, access, status },
    });
    // After the channels have followed the list.
    this.#directory.onRefresh(() => this.#reachability.onListed(this.#directory.listed));
    this.#groupPushes = createGroupPushService({ ...options, access, engine: this.#commands.engine });
    const { redirects, voider } = this.#commands;
    const callerOf = (call: object) => access.callerOf(call);
    const fleet = createFleetHandlers({ ...options, directory: this.#directory, redirects, voider, callerOf });
    this.#assignment = network.createAssignmentPort(this.#assignmentOptions(options, shared));
    this.#events = new EventGrpcService({ registry, callerOf, clock, logger });
    this.#overview = createOverview({
      ...{ registry, directory: this.#directory, check: this.#registryCheck, commands: this.#commands },
      ...{ status, callerOf, clock, logger },
    });
    this.#tunnels = createTunnels({ ...options, events: registry.events, signer }, this.#commands);
    this.#leader = createLeader({
      ...options,
      ...{ directory: this.#directory, reachability: this.#reachability },
      ...{ revocations: members.revocations, refusals: members.refusals },
      redirector: this.#commands.redirects,
      wakeWorker: (device, session) => this.#commands.wake(device, session),
      answers: (bootId) => this.#commands.answers(bootId),
      checkSessions: (devices) => this.#commands.voider.checkSessions(devices),
    });
    const isSettled = () => this.#reachability.isSettled;
    const maintenance = maintenanceHandlers({ registry, directory: this.#directory, isSettled, clock, logger });
    this.#admin = network.createAdminApi({
      ...{ ...shared, tls, clock, logger, readiness: this.#readiness },
      ...adminPortsOf(options),
      ...{ tokens: this.#access.tokens, access, apiTokens: this.#access.handlers },
      ...{ sessions: this.#access.sessions, signInCodes: this.#access.signInCodes, audit: this.#access.audit },
      commands: { ...this.#commands.handlers, ...this.#groupPushes.handlers },
      ...{ fleet, maintenance, events: this.#events.handlers, overview: this.#overview.handlers },
      tunnels: tunnelHandlers(this.#tunnels, access, attended, logger),
    });
    this.#meters = this.#meterAll();
    this.#reachability.onChange(() => this.#admin.setServing(this.#readiness.missing().length === 0));
  }

  #assignmentOptions(
    options: BalancerOptions & { clock: Clock },
    shared: Pick<AssignmentServerOptions, 'greetingDeadlineMs' | 'barrier' | 'attended' | 'load'>,
  ): AssignmentServerOptions {
    return createAssignmentOptions({
      ...{ ...options, ...shared, directory: this.#directory, signer: this.#signer, identities: this.#identities },
      ...{ ticketKeys: this.#ticketKeys, rate: this.#assignmentRate },
      connectionLimits: connectionLimitsFor({ ...filesOf(options), share: fileShares.assignment }),
    });
  }

  /** The id under which other balancers know it. */
  get id(): string {
    return this.#commands.ids.balancerId;
  }

  get failed(): Promise<never> {
    return this.#members.failed;
  }

  /** The ports of a balancer that has started. */
  get ports(): BalancerPorts {
    return this.#ports;
  }

  #meterAll(): Disposable[] {
    const [commands, tunnels, leader, directory] = [this.#commands, this.#tunnels, this.#leader, this.#directory];
    const own = meterBalancer({
      get commandsInFlight() {
        return commands.inFlight;
      },
      get tunnels() {
        return tunnels.size;
      },
      get leads() {
        return leader.leads;
      },
      get nodes() {
        return directory.nodes;
      },
      listeners: () => [this.#assignment.stats(), this.#admin.stats()],
    });
    return [...own, meterFaults(this.barrier), meterProcess(this.#load)];
  }

  async start(): Promise<void> {
    await this.#members.start();
    await this.#signer.start();
    await this.#ticketKeys?.start();
    this.#reachability.start();
    await this.#directory.start();
    await this.#registryCheck.start();
    await this.#commands.start();
    this.#assignmentRate.start();
    await this.#assignment.start();
    await this.#access.start();
    await this.#admin.start();
    this.#leader.start();
    this.#groupPushes.start();
    this.#overview.start();
    const peer = this.#commands.peerPort;
    this.#ports = { assign: this.#assignment.port, ...this.#admin.ports, peer };
    this.#logger.info({ ports: this.ports }, 'balancer ready');
  }

  async drain(signal: AbortSignal): Promise<void> {
    this.#readiness.startDraining();
    this.#admin.setServing(false);
    for (const server of [this.#assignment, this.#admin]) server.stopListening();
    await this.#leader[Symbol.asyncDispose]();
    this.#events.stop();
    this.#overview.stop();
    this.#tunnels.stop();
    // Before the engine closes: what is recorded as sent by then is sent.
    await this.#groupPushes.halt(signal);
    await Promise.all([this.#commands.drain(signal), this.#groupPushes.drain(signal)]);
    await this.#admin.finishCalls(timeoutSignal(this.#clock, lastWordsMs));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#leader[Symbol.asyncDispose]();
    await this.#groupPushes[Symbol.asyncDispose]();
    this.#events[Symbol.dispose]();
    this.#overview[Symbol.dispose]();
    this.#tunnels[Symbol.dispose]();
    this.#assignmentRate[Symbol.dispose]();
    this.#directory[Symbol.dispose]();
    this.#registryCheck[Symbol.dispose]();
    this.#reachability[Symbol.dispose]();
    this.#signer[Symbol.dispose]();
    this.#identities?.[Symbol.dispose]();
    this.#members[Symbol.dispose]();
    await this.#commands[Symbol.asyncDispose]();
    await this.#assignment[Symbol.asyncDispose]();
    await this.#admin[Symbol.asyncDispose]();
    await this.#access[Symbol.asyncDispose]();
    for (const metered of this.#meters) metered[Symbol.dispose]();
    this.#load[Symbol.dispose]();
    this.#ticketKeys?.[Symbol.dispose]();
    this.#ownAttended?.[Symbol.dispose]();
  }
}

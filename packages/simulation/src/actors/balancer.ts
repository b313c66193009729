import type { AdminPortsOptions, AssignmentServerOptions, BalancerNetwork } from '@pushfleet/balancer/parts';
import { PushfleetError, toStatus } from '@pushfleet/protocol';
import {
  CommandService,
  EventService,
  FleetService,
  MaintenanceService,
  OverviewService,
  TokenService,
  TunnelService,
} from '@pushfleet/protocol/admin';
import { AssignmentService, DeviceLinkService } from '@pushfleet/protocol/device';
import { fixed, type ListenerStats } from '@pushfleet/runtime';
import { clusterNetworkOf } from '../network/cluster-network.ts';
import { createGrpcClient } from '../network/grpc-client.ts';
import { GrpcServer, markAuthenticated } from '../network/grpc-server.ts';
import { certify } from '../network/member-certificate.ts';
import { VirtualAdmission } from '../network/virtual-admission.ts';
import { present, type Software } from '../versions/software.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import { traceLogger } from './logger.ts';
import { liveAs } from './service.ts';
import { adminToken, certificate, ports, type Surroundings } from './surroundings.ts';

const restartAfterMs = 2_000;
const probeWithinMs = 5_000;
/** All balancers show the same one. */
const ownCertificate = certify({ role: 'balancer', name: 'balancer' }, 0);

/** A host with a balancer, which is started again when it ends. */
export class BalancerHost {
  readonly host: Host;
  process: SimulatedProcess | undefined;
  /** The version that it runs when it starts next. */
  software = present;
  readonly #surroundings: Surroundings;
  #isWanted = true;
  #stop = new AbortController();

  constructor(surroundings: Surroundings, name: string, address: string) {
    this.#surroundings = surroundings;
    this.host = surroundings.network.addHost(new Host(name, address));
  }

  get processes(): SimulatedProcess[] {
    return this.process ? [this.process] : [];
  }

  start(): void {
    this.#isWanted = true;
    const { world } = this.#surroundings;
    const process = new SimulatedProcess(world, this.host.name, this.host);
    this.process = process;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    world.record(process.name, 'starts');
    process.onEnd(() => {
      if (this.process === process) this.process = undefined;
      world.record(process.name, 'ends');
      if (this.#isWanted) {
        world.after(restartAfterMs, () => {
          if (this.#isWanted && !this.process) this.start();
        });
      }
    });
    const { software } = this;
    process.receive(() => void liveAs(process, () => this.#create(process, software), signal, 10_000));
  }

  stop(): void {
    this.#isWanted = false;
    this.process?.receive(() => this.#stop.abort());
  }

  #create(process: SimulatedProcess, software: Software) {
    const { registry } = this.#surroundings;
    const { createBalancer, readBalancerSettings } = software.balancer;
    const pair = { cert: Buffer.from(certificate), key: Buffer.alloc(0) };
    const { address } = this.host;
    return createBalancer({
      ...readBalancerSettings({ PUSHFLEET_PEER_BIND: address }),
      ...{ assignPort: ports.assign, adminPort: ports.admin, restPort: ports.rest, bind: address },
      registry: registry.for(process, software),
      tls: fixed(pair),
      cluster: fixed({ ...pair, ca: pair.cert }),
      adminToken: fixed(adminToken),
      authorities: fixed(undefined),
      fileLimit: 65_536,
      clock: process.clock,
      attended: process.attended,
      logger: traceLogger(process),
      network: this.#networkOf(process, software),
    });
  }

  #networkOf(process: SimulatedProcess, software: Software): BalancerNetwork {
    return {
      createCluster: (gate) =>
        clusterNetworkOf(process, this.#surroundings.network, { certificate: () => ownCertificate, gate }),
      certifyKey: () => undefined,
      createAssignmentPort: (options) => this.#createAssignmentPort(process, software, options),
      createAdminApi: (options) => this.#createAdminApi(process, options),
      probe: (target) => this.#probe(process, target.address, target.port, target.nodeId),
    };
  }

  #createAssignmentPort(process: SimulatedProcess, { balancer }: Software, options: AssignmentServerOptions) {
    const { assigner, enroller, barrier, logger, at, rate, load, attended } = options;
    const { connectionLimits, greetingDeadlineMs } = options;
    const { network } = this.#surroundings;
    const { port } = at;
    const admission = new VirtualAdmission({
      ...{ process, connectionLimits, greetingDeadlineMs, load, attended, mostPerSecond: () => rate.perSecond },
    });
    const handlers = balancer.assignmentHandlers(
      assigner,
      logger,
      (call) => markAuthenticated(admission, call),
      enroller,
    );
    let server: GrpcServer | undefined;
    return {
      port,
      stats: () => admission.stats(),
      start: async () => {
        server = new GrpcServer({
          ...{ network, process, address: this.host.address, port, admission },
          services: [{ definition: AssignmentService.service, handlers }],
          onFault: (error) => barrier.report('grpc call', error),
        });
      },
      stopListening: () => server?.stopListening(),
      [Symbol.asyncDispose]: async () => server?.[Symbol.dispose](),
    };
  }

  #createAdminApi(process: SimulatedProcess, options: AdminPortsOptions) {
    const { access, tokens, barrier, commands, fleet, maintenance, overview, events, apiTokens, tunnels } = options;
    const { network } = this.#surroundings;
    const serve = (definition: Parameters<typeof access.restrict>[0], handlers: object) => ({
      definition,
      handlers: access.restrict(definition, handlers as never),
    });
    let server: GrpcServer | undefined;
    return {
      ports: { admin: ports.admin, rest: ports.rest },
      stats: () => idleStats,
      start: async () => {
        server = new GrpcServer({
          ...{ network, process, address: this.host.address, port: ports.admin },
          services: [
            serve(CommandService.service, commands),
            serve(FleetService.service, fleet),
            serve(MaintenanceService.service, maintenance),
            serve(OverviewService.service, overview),
            serve(EventService.service, events),
            serve(TokenService.service, apiTokens),
            serve(TunnelService.service, tunnels),
          ],
          admit: (call, metadata) => {
            const [said] = metadata.get('authorization');
            const caller = tokens.find(said?.toString().replace('Bearer ', '') ?? adminToken);
            if (!caller) return toStatus(new PushfleetError('BAD_TOKEN', 'no such token'));
            access.setCaller(call, caller);
            return undefined;
          },
          onFault: (error) => barrier.report('grpc call', error),
        });
      },
      setServing: () => {},
      stopListening: () => server?.stopListening(),
      finishCalls: async () => {},
      [Symbol.asyncDispose]: async () => server?.[Symbol.dispose](),
    };
  }

  /** Asks who answers there, as the real one does. */
  #probe(process: SimulatedProcess, address: string, port: number, nodeId: string) {
    const { network } = this.#surroundings;
    const client = createGrpcClient(DeviceLinkService.service, { network, process, address, port }) as InstanceType<
      typeof DeviceLinkService
    >;
    return new Promise<Awaited<ReturnType<BalancerNetwork['probe']>>>((resolve) => {
      const end = (fault: Awaited<ReturnType<BalancerNetwork['probe']>>) => {
        deadline[Symbol.dispose]();
        client.close();
        resolve(fault);
      };
      const unreachable = (detail: string) => end({ kind: 'address-unreachable', detail });
      const deadline = process.attended.after(probeWithinMs, () => unreachable('nobody answers'));
      client.identify({}, (error, answer) => {
        if (error) unreachable(error.details);
        else if (answer?.nodeId === nodeId) end(undefined);
        else end({ kind: 'wrong-server', detail: `${answer?.nodeId} answers` });
      });
    });
  }
}

const idleStats = { waiting: 0, inFlight: 0, completed: 0, resumed: 0, refused: {} } as unknown as ListenerStats;

import { EventEmitter } from 'node:events';
import { limits } from '@pushfleet/protocol';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import type {
  ConnectCall,
  CreateDevicePort,
  FromWorker,
  LaunchedWorker,
  PushServerSettings,
  ToWorker,
  Worker,
  WorkerChild,
} from '@pushfleet/push-server/parts';
import { fixed, type ListenerStats, type ListeningSocket } from '@pushfleet/runtime';
import { clusterNetworkOf } from '../network/cluster-network.ts';
import { GrpcServer, markAuthenticated } from '../network/grpc-server.ts';
import { certify, type MemberCertificate } from '../network/member-certificate.ts';
import { VirtualAdmission } from '../network/virtual-admission.ts';
import { present, type Software } from '../versions/software.ts';
import { LoopReadings } from '../world/loop-readings.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import { traceLogger } from './logger.ts';
import { liveAs } from './service.ts';
import { certificate, type Surroundings } from './surroundings.ts';

type TunnelCall = Parameters<Parameters<CreateDevicePort>[0]['onTunnel']>[0];

const ipcMs = 0.05;
const restartAfterMs = 2_000;

/** A distribution point's host with its push server: a supervisor, which is started again when it ends, and the workers that it starts. */
export class PushServerHost {
  readonly host: Host;
  readonly nodeId: string;
  readonly workers = new Map<number, SimulatedProcess>();
  /** Times at which workers ended, whatever they were about. */
  readonly workerEndsAtMs: number[] = [];
  readonly #devicePorts = new Set<GrpcServer>();
  supervisor: SimulatedProcess | undefined;
  /** The version that it runs when it starts next. */
  software = present;
  /** Its certificate in the cluster, which all of its processes read again and again. */
  certificate: MemberCertificate;
  /** Times at which its present certificate was revoked, and at which it got that one; 0: it began with it. */
  revokedAtMs: number | undefined;
  enrolledAtMs = 0;
  #enrolments = 0;
  readonly #surroundings: Surroundings;
  #isWanted = true;
  #lastPid = 0;
  #stop = new AbortController();

  constructor(surroundings: Surroundings, nodeId: string, address: string) {
    this.#surroundings = surroundings;
    this.nodeId = nodeId;
    this.certificate = certify({ role: 'push-server', name: nodeId }, 0);
    this.host = surroundings.network.addHost(new Host(nodeId, address));
  }

  /** The links that its workers hold, by the names of the hosts at the other end. */
  get links(): { host: string; worker: string }[] {
    return [...this.#devicePorts].flatMap((port) =>
      [...port.peersOf('Connect'), ...port.socketPeers].map((host) => ({ host, worker: port.process.name })),
    );
  }

  get processes(): SimulatedProcess[] {
    return [...(this.supervisor ? [this.supervisor] : []), ...this.workers.values()];
  }

  start(): void {
    this.#isWanted = true;
    const { world, registry } = this.#surroundings;
    const process = new SimulatedProcess(world, `${this.nodeId}/s`, this.host);
    this.supervisor = process;
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    world.record(process.name, 'starts');
    process.onEnd(() => {
      if (this.supervisor === process) this.supervisor = undefined;
      world.record(process.name, 'ends');
      if (this.#isWanted) world.after(restartAfterMs, () => this.#startAgain());
    });
    const { software } = this;
    const settings = software.pushServer.readPushServerSettings({
      PUSHFLEET_DISTRIBUTION_POINT: this.nodeId,
      PUSHFLEET_CONTROL_BIND: this.host.address,
      PUSHFLEET_DEVICE_TLS: 'off',
      PUSHFLEET_MAX_WORKERS: '2',
    });
    process.receive(() => {
      const create = () =>
        new software.pushServer.Supervisor({
          settings,
          authorities: fixed(undefined),
          memberSerial: () => this.certificate.serialNumber,
          launch: () => this.#launch(process, software, settings),
          probePort: async () => undefined,
          registry: registry.for(process, software),
          clock: process.clock,
          attended: process.attended,
          logger: traceLogger(process),
        });
      void liveAs(process, create, signal, settings.drainMs);
    });
  }

  /** Gives it another certificate, as `pushfleet enroll` does. */
  enrol(): void {
    this.#enrolments += 1;
    this.certificate = certify({ role: 'push-server', name: this.nodeId }, this.#enrolments);
    this.revokedAtMs = undefined;
    this.enrolledAtMs = this.#surroundings.world.nowMs;
  }

  /** Ends it as SIGTERM does. It is started again only by `start`. */
  stop(): void {
    this.#isWanted = false;
    const { supervisor } = this;
    supervisor?.receive(() => this.#stop.abort());
  }

  #startAgain(): void {
    if (this.#isWanted && !this.supervisor) this.start();
  }

  #launch(supervisor: SimulatedProcess, software: Software, settings: PushServerSettings): LaunchedWorker {
    this.#lastPid += 1;
    const pid = this.#lastPid;
    const { world } = this.#surroundings;
    const process = new SimulatedProcess(world, `${this.nodeId}/w${pid}`, this.host);
    this.workers.set(pid, process);
    const child = new Child(supervisor, process, pid);
    const setup = { settings, software, certificate: () => this.certificate };
    const worker = new WorkerLife(process, this.#surroundings, setup, child, this.#devicePorts);
    world.record(process.name, 'starts');
    process.onEnd(() => {
      this.workers.delete(pid);
      this.workerEndsAtMs.push(world.nowMs);
      world.record(process.name, 'ends');
      child.onExit();
    });
    supervisor.onEnd(() => {
      child.connected = false;
      process.receive(() => worker.stop());
    });
    process.receive(() => worker.begin());
    return { child, readState: () => ({ isStopped: process.isPaused, cpuMs: 0 }) };
  }
}

/** The worker's process and the channel to it, as its supervisor has them. */
class Child extends EventEmitter implements WorkerChild {
  connected = true;
  readonly pid: number;
  onMessage: (message: ToWorker, socket: ListeningSocket | undefined) => void = () => {};
  readonly #supervisor: SimulatedProcess;
  readonly #worker: SimulatedProcess;

  constructor(supervisor: SimulatedProcess, worker: SimulatedProcess, pid: number) {
    super();
    this.#supervisor = supervisor;
    this.#worker = worker;
    this.pid = pid;
  }

  send(message: ToWorker, socket: ListeningSocket | undefined): void {
    const { world } = this.#worker;
    world.after(ipcMs, () => this.#worker.receive(() => this.onMessage(message, socket)));
  }

  answer(message: FromWorker, socket?: ListeningSocket): void {
    if (!this.connected) return;
    this.#worker.world.after(ipcMs, () => this.#supervisor.receive(() => void this.emit('message', message, socket)));
  }

  kill(): void {
    this.#worker.world.record(this.#worker.name, 'is killed by its supervisor');
    this.#worker.end();
  }

  onExit(): void {
    this.connected = false;
    this.#worker.world.after(ipcMs, () => this.#supervisor.receive(() => void this.emit('exit')));
  }
}

interface Setup {
  settings: PushServerSettings;
  software: Software;
  certificate(): MemberCertificate;
}

/** The life of a worker's process, the same as run-worker.ts gives a real one. */
class WorkerLife {
  readonly #process: SimulatedProcess;
  readonly #surroundings: Surroundings;
  readonly #settings: PushServerSettings;
  readonly #software: Software;
  readonly #certificate: () => MemberCertificate;
  readonly #child: Child;
  readonly #devicePorts: Set<GrpcServer>;
  readonly #stopping = new AbortController();

  constructor(
    process: SimulatedProcess,
    surroundings: Surroundings,
    { settings, software, certificate }: Setup,
    child: Child,
    devicePorts: Set<GrpcServer>,
  ) {
    this.#devicePorts = devicePorts;
    this.#process = process;
    this.#surroundings = surroundings;
    this.#settings = settings;
    this.#software = software;
    this.#certificate = certificate;
    this.#child = child;
  }

  stop(): void {
    this.#stopping.abort();
  }

  begin(): void {
    const { clock, attended } = this.#process;
    const { SupervisorWatch, isToWorker, lastSilenceFactor } = this.#software.pushServer;
    const sendKeepAlive = () => this.#child.answer({ kind: 'keep-alive' });
    sendKeepAlive();
    clock.every(1_000, sendKeepAlive);
    const watch = new SupervisorWatch({
      hungAfterMs: lastSilenceFactor * this.#settings.hungAfterMs,
      attended,
      onHung: () => this.stop(),
    });
    let worker: Worker | undefined;
    this.#child.onMessage = (message, socket) => {
      if (!isToWorker(message)) return;
      watch.onHeard();
      if (message.kind === 'drain') this.stop();
      else if (message.kind === 'start') {
        worker = this.#createWorker(message);
        void liveAs(this.#process, () => worker as Worker, this.#stopping.signal, this.#settings.drainMs);
      } else worker?.handle(message, socket);
    };
  }

  #createWorker({ task }: Extract<ToWorker, { kind: 'start' }>): Worker {
    const { registry, network } = this.#surroundings;
    const process = this.#process;
    return new this.#software.pushServer.Worker({
      task,
      settings: this.#settings,
      registry: registry.for(process, this.#software),
      createNetwork: (gate) => clusterNetworkOf(process, network, { certificate: this.#certificate, gate }),
      membership: {
        serialNumber: () => this.#certificate().serialNumber,
        onRevoked: () => this.stop(),
      },
      // Nobody writes keys into this registry but balancers.
      createKeyJudge: () => ({ judge: () => undefined }),
      createDevicePort: (options, accept) => this.#createDevicePort(options, accept),
      server: fixed({ cert: Buffer.from(certificate), key: Buffer.alloc(0) }),
      ticketSecret: fixed(Buffer.from('simulation-ticket-secret')),
      clock: process.clock,
      attended: process.attended,
      load: new LoopReadings(process),
      logger: traceLogger(process),
      notifySupervisor: (message, socket) => this.#child.answer(message, socket),
    });
  }

  readonly #createDevicePort: CreateDevicePort = (options, accept) => {
    const process = this.#process;
    const { network } = this.#surroundings;
    const { connectionLimits, load, attended } = options;
    const createAdmission = () =>
      new VirtualAdmission({
        ...{ process, connectionLimits, attended, greetingDeadlineMs: limits.greetingDeadlineMs },
        ...(load ? { load } : {}),
      });
    let admission: VirtualAdmission | undefined;
    const { GrpcLink, MqttLink } = this.#software.pushServer;
    const settings = { ...options, markAuthenticated: (peer: object) => markAuthenticated(admission, peer) };
    let server: GrpcServer | undefined;
    return {
      listen: async () => {
        admission = createAdmission();
        server = new GrpcServer({
          ...{ network, process, address: process.host.address, port: options.port, admission },
          services: [
            {
              definition: DeviceLinkService.service,
              handlers: {
                Connect: (call: ConnectCall) => void new GrpcLink(call, settings, accept),
                Tunnel: (call: TunnelCall) => options.onTunnel(call, () => markAuthenticated(admission, call)),
                Identify: (_call: unknown, reply: (error: null, answer: object) => void) =>
                  reply(null, { nodeId: options.nodeId }),
              },
            },
          ],
          onSocket: (socket) => void new MqttLink(socket, settings, accept),
          onFault: (error) => options.barrier.report('grpc call', error),
        });
        const port = server;
        this.#devicePorts.add(port);
        process.onEnd(() => this.#devicePorts.delete(port));
      },
      listeningSocket: undefined,
      stopListening: () => server?.stopListening(),
      stats: () => admission?.stats() ?? idleStats,
      [Symbol.asyncDispose]: async () => server?.[Symbol.dispose](),
    };
  };
}

const idleStats = { waiting: 0, inFlight: 0, completed: 0, resumed: 0, refused: {} } as unknown as ListenerStats;

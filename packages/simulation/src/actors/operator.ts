import { Metadata } from '@grpc/grpc-js';
import { fromStatus } from '@pushfleet/protocol';
import {
  EventService,
  FleetService,
  MaintenanceService,
  OverviewService,
  TokenService,
} from '@pushfleet/protocol/admin';
import { createGrpcClient } from '../network/grpc-client.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import type { DeviceHost } from './device.ts';
import type { OnFailed } from './fleet-administrator.ts';
import { ports, type Surroundings } from './surroundings.ts';

type Call = (request: object, metadata: Metadata, options: object, answer: (error: unknown) => void) => void;
type Stream = { on(event: string, listener: () => void): void; resume(): void; cancel(): void };

const services = { FleetService, MaintenanceService, OverviewService, TokenService } as const;
type Service = keyof typeof services;

const lookEveryMs = 7_000;
const withinMs = 5_000;
const deadlineMs = 60_000;

/** An operator with a console: looks at everything again and again, watches events, and takes care of push servers. */
export class Operator {
  onFailed: OnFailed = () => {};
  readonly #process: SimulatedProcess;
  readonly #surroundings: Surroundings;
  readonly #balancers: readonly string[];
  readonly #devices: readonly DeviceHost[];
  #isLooking = true;

  constructor(surroundings: Surroundings, balancers: readonly string[], devices: readonly DeviceHost[]) {
    const { world, network } = surroundings;
    this.#surroundings = surroundings;
    this.#balancers = balancers;
    this.#devices = devices;
    this.#process = new SimulatedProcess(world, 'operator', network.addHost(new Host('operator', '10.0.0.202')));
  }

  start(): void {
    this.#process.receive(() => {
      this.#lookLater();
      this.#watch('watch');
      this.#watch('watchAudit');
    });
  }

  stop(): void {
    this.#isLooking = false;
  }

  drain(nodeId: string): void {
    this.#process.receive(() =>
      this.#ask('MaintenanceService', 'drainNode', { nodeId, devicesPerSecond: 50, deadlineMs }),
    );
  }

  undrain(nodeId: string): void {
    this.#process.receive(() => this.#insist('MaintenanceService', 'undrainNode', { nodeId }));
  }

  restart(nodeId: string): void {
    this.#process.receive(() =>
      this.#ask('MaintenanceService', 'restartNode', { nodeId, devicesPerSecond: 50, deadlineMs }),
    );
  }

  /** One push server after the other; held up once, and then gone on with or given up. */
  restartAll(): void {
    const { clock, random } = this.#process;
    const ask = (method: string) => this.#process.receive(() => this.#ask('MaintenanceService', method, {}));
    const terms = { devicesPerSecond: 50, deadlineMs, ignoreCapacity: true };
    this.#process.receive(() => this.#ask('MaintenanceService', 'startRollingRestart', terms));
    clock.after(random.whole(1_000, 10_000), () => {
      ask('pauseRollingRestart');
      clock.after(random.whole(1_000, 10_000), () => {
        ask(random.pick(['resumeRollingRestart', 'resumeRollingRestart', 'cancelRollingRestart'] as const));
      });
    });
  }

  rebalance(): void {
    this.#process.receive(() => this.#ask('MaintenanceService', 'startRebalance', {}));
  }

  #lookLater(): void {
    this.#process.clock.after(2 * lookEveryMs * this.#process.random.next(), () => {
      if (!this.#isLooking) return;
      this.#look();
      this.#lookLater();
    });
  }

  #look(): void {
    const { random } = this.#process;
    const device = random.pick(this.#devices).id;
    const [service, method, request] = random.pick<[Service, string, object]>([
      ['FleetService', 'listNodes', {}],
      ['FleetService', 'listDevices', { group: 'HQ', pageSize: 5 }],
      ['FleetService', 'listDevices', { connected: true, search: '1' }],
      ['FleetService', 'getDevice', { deviceId: device }],
      ['FleetService', 'getDeviceHistory', { deviceId: device }],
      ['FleetService', 'listGroups', {}],
      ['FleetService', 'listDistributionPoints', {}],
      ['OverviewService', 'getOverview', {}],
      ['OverviewService', 'getOverviewHistory', {}],
      ['MaintenanceService', 'planRebalance', {}],
      ['MaintenanceService', 'getRebalance', {}],
      ['TokenService', 'listTokens', {}],
    ]);
    this.#ask(service, method, request);
  }

  #ask(service: Service, method: string, request: object, onEnd: (error: unknown) => void = () => {}): void {
    const { clock, world } = this.#process;
    const client = this.#clientOf(services[service].service);
    const call = client[method] as Call;
    const askedAtMs = world.nowMs;
    call(request, new Metadata(), { deadline: clock.wallMs() + withinMs }, (error) => {
      (client.close as () => void)();
      if (error) {
        world.record('operator', `${method}: ${(error as Error).message}`);
        this.onFailed(method, askedAtMs, fromStatus(error as Parameters<typeof fromStatus>[0]).code);
      }
      onEnd(error);
    });
  }

  /** Asks again until somebody has done it, or says that there is nothing to do. */
  #insist(service: Service, method: string, request: object): void {
    this.#ask(service, method, request, (error) => {
      const isDone = !error || !/^(?:4|14) /.test((error as Error).message);
      if (!isDone) this.#process.clock.after(1_000, () => this.#insist(service, method, request));
    });
  }

  #watch(method: 'watch' | 'watchAudit'): void {
    const client = this.#clientOf(EventService.service);
    const stream = (client[method] as (request: object) => Stream)({});
    const again = () => {
      (client.close as () => void)();
      this.#process.clock.after(1_000, () => this.#isLooking && this.#watch(method));
    };
    stream.on('error', () => {});
    stream.on('status', again);
    stream.resume();
  }

  #clientOf(definition: Parameters<typeof createGrpcClient>[0]): Record<string, unknown> {
    const { network } = this.#surroundings;
    const address = this.#process.random.pick(this.#balancers);
    const options = { network, process: this.#process, address, port: ports.admin };
    return createGrpcClient(definition, options) as Record<string, unknown>;
  }
}

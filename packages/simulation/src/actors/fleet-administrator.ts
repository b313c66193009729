import { Metadata } from '@grpc/grpc-js';
import { type admin, fromStatus } from '@pushfleet/protocol';
import {
  CommandService,
  EventService,
  FleetService,
  MaintenanceService,
  OverviewService,
  TokenService,
} from '@pushfleet/protocol/admin';
import { createGrpcClient } from '../network/grpc-client.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import type { GroupPushStory } from './group-push-operator.ts';
import { ports, type Surroundings } from './surroundings.ts';

const services = {
  ...{ CommandService, EventService, FleetService, MaintenanceService, OverviewService, TokenService },
} as const;
type Service = keyof typeof services;
type Reply = (error: unknown, answer?: object) => void;
type Unary = (request: object, metadata: Metadata, options: object, answer: Reply) => void;
type Stream = {
  on(event: string, listener: (value: never) => void): void;
  write(message: object): boolean;
  end(): void;
  resume(): void;
  cancel(): void;
};
type Errand = [Service, string, object];

/** Hears of a call that failed. */
export type OnFailed = (call: string, askedAtMs: number, code: string) => void;

const everyMs = 3_000;
const withinMs = 8_000;
const watchesForMs = 20_000;
const streamsForMs = 30_000;
const streamedEveryMs = 2_000;
/** Groups and devices that are nobody's: they come, move and go. */
const spareGroups = ['Spare', 'Spare/A', 'Spare/B', 'Attic', 'Attic/A'] as const;
const spareIds = ['spare-1', 'spare-2', 'spare-3', 'spare-4'] as const;
const sparePoint = 'dp-spare';
const tokenNames = ['viewer-1', 'viewer-2', 'helper'] as const;

/** The parts of the cluster that it asks about. */
export interface Interests {
  devices: readonly { readonly id: string }[];
  /** Devices whose links may be ended: nobody judges the causes. */
  disconnected: readonly { readonly id: string }[];
  nodeIds: readonly string[];
  groupPushes: { readonly stories: readonly GroupPushStory[] };
  /** New devices register themselves with its enrollment tokens. */
  newcomers: { come(token: string): void };
  /** The group that they get into. */
  groupOfNewcomers: string;
}

/**
 * An administrator who looks after the fleet, and hurries: lists, searches and watches, writes groups, devices, distribution points and
 * tokens that nobody else needs, imports, moves, disconnects, and pushes tasks and questions over a stream. Some calls carry a token
 * that it has made, with whatever role and scope it has.
 */
export class FleetAdministrator {
  onFailed: OnFailed = () => {};
  readonly #process: SimulatedProcess;
  readonly #surroundings: Surroundings;
  readonly #balancers: readonly string[];
  readonly #interests: Interests;
  readonly #secrets: string[] = [];
  readonly #enrollmentTokens: { id: string; secret: string }[] = [];
  #isBusy = true;
  #lastNumber = 0;

  constructor(surroundings: Surroundings, balancers: readonly string[], interests: Interests) {
    const { world, network } = surroundings;
    this.#surroundings = surroundings;
    this.#balancers = balancers;
    this.#interests = interests;
    this.#process = new SimulatedProcess(world, 'fleet', network.addHost(new Host('fleet', '10.0.0.204')));
  }

  start(): void {
    this.#process.receive(() => {
      this.#later();
      this.#pushTasks();
    });
  }

  stop(): void {
    this.#isBusy = false;
  }

  #later(): void {
    this.#process.clock.after(2 * everyMs * this.#process.random.next(), () => {
      if (!this.#isBusy) return;
      const { random } = this.#process;
      const draw = random.pick([
        () => this.#ask(...this.#drawQuestion()),
        () => this.#ask(...this.#drawWrite()),
        () => this.#ask(...this.#drawWrite()),
        () => this.#watch(...this.#drawWatch()),
        () => this.#import(),
        () => this.#enroll(),
      ]);
      draw();
      this.#later();
    });
  }

  #drawQuestion(): Errand {
    const { random } = this.#process;
    const deviceId = random.pick(this.#interests.devices).id;
    const groupPushId = this.#drawGroupPush();
    const nodeId = random.pick(this.#interests.nodeIds);
    return random.pick<Errand>([
      ['CommandService', 'listCommands', { deviceId, pageSize: random.pick([0, 1, 10]) }],
      ['CommandService', 'listGroupPushes', { pageSize: 2 }],
      ['CommandService', 'getGroupPush', { groupPushId }],
      ['CommandService', 'listGroupPushOutcomes', { groupPushId, pageSize: random.pick([1, 100]) }],
      ['CommandService', 'listGroupPushOutcomes', { groupPushId, outcomes: ['OUTCOME_SUCCEEDED'] }],
      ['FleetService', 'getDistributionPoint', { distributionPointId: random.pick([nodeId, sparePoint]) }],
      ['FleetService', 'listDevices', { labels: { floor: '1' }, group: 'Spare' }],
      ['FleetService', 'listDevices', { nodeId, pageSize: 3 }],
      ['FleetService', 'getDevice', { deviceId: random.pick(spareIds) }],
      ['FleetService', 'getDeviceHistory', { deviceId }],
      ['FleetService', 'listGroups', { pageSize: random.pick([0, 2]) }],
      ['FleetService', 'listDistributionPoints', { pageSize: random.pick([0, 2]) }],
      ['FleetService', 'listEnrollmentTokens', { pageSize: random.pick([0, 1]) }],
      ['TokenService', 'listTokens', { pageSize: random.pick([0, 1]) }],
      ['OverviewService', 'getOverviewHistory', {}],
      ['MaintenanceService', 'getMaintenance', { nodeId }],
      ['MaintenanceService', 'planRollingRestart', {}],
      ['MaintenanceService', 'getRollingRestart', {}],
      ['TokenService', 'getOwnToken', {}],
      ['TokenService', 'createSignInCode', {}],
    ]);
  }

  #drawWrite(): Errand {
    const { random } = this.#process;
    const [path, newPath] = [random.pick(spareGroups), random.pick(spareGroups)];
    const deviceId = random.pick(spareIds);
    const device = { deviceId, group: path, labels: { floor: random.pick(['1', '2']) } };
    const name = random.pick(tokenNames);
    const role = random.pick(['ROLE_VIEWER', 'ROLE_OPERATOR', 'ROLE_ADMIN'] as const);
    const pushServer = { enabled: false, port: random.pick([0, 14_000]), address: '10.0.9.9', weight: 50 };
    return random.pick<Errand>([
      ['FleetService', 'putGroup', { group: { path } }],
      ['FleetService', 'putGroup', { group: { path } }],
      ['FleetService', 'moveGroup', { path, newPath }],
      ['FleetService', 'deleteGroup', { path }],
      ['FleetService', 'putDevice', { device, secret: `secret-of-${deviceId}-0123456789` }],
      ['FleetService', 'putDevice', { device, updateMask: { paths: ['labels'] } }],
      ['FleetService', 'moveDevices', { deviceIds: [...spareIds], group: path }],
      ['FleetService', 'deleteDevice', { deviceId }],
      ['FleetService', 'disconnectDevice', { deviceId: random.pick(this.#interests.disconnected).id }],
      ['FleetService', 'putDistributionPoint', { distributionPoint: { ...pointOf(path), pushServer } }],
      [
        ...(['FleetService', 'putDistributionPoint'] as const),
        { distributionPoint: { ...pointOf(path), pushServer }, updateMask: { paths: ['push_server.weight'] } },
      ],
      ['FleetService', 'deleteDistributionPoint', { distributionPointId: sparePoint }],
      ['TokenService', 'createToken', { name, role, scope: random.pick(['', 'Spare', 'HQ']), lifetimeMs: 600_000 }],
      ['TokenService', 'revokeToken', { name }],
      ['MaintenanceService', 'abortRebalance', {}],
    ]);
  }

  #drawWatch(): Errand {
    const { random } = this.#process;
    const device = random.pick(this.#interests.devices).id;
    return random.pick<Errand>([
      ['OverviewService', 'watchOverview', {}],
      ['CommandService', 'watchGroupPush', { groupPushId: this.#drawGroupPush() }],
      ['CommandService', 'watchCommand', { deviceId: device, commandId: 'csim1' }],
      ['EventService', 'watch', { deviceId: random.pick(['', device]) }],
      ['EventService', 'watchAudit', { caller: '' }],
    ]);
  }

  #drawGroupPush(): string {
    const begun = this.#interests.groupPushes.stories.flatMap(({ id }) => id ?? []);
    return begun.length > 0 ? this.#process.random.pick(begun) : 'none';
  }

  #ask(service: Service, method: string, request: object): void {
    const { clock, world, random } = this.#process;
    const { client, close } = this.#open(service);
    const metadata = new Metadata();
    const secret = this.#secrets.at(-1);
    const isOwn = service === 'TokenService' && method !== 'getOwnToken';
    if (secret !== undefined && !isOwn && random.chance(0.3)) metadata.set('authorization', `Bearer ${secret}`);
    const askedAtMs = world.nowMs;
    (client[method] as Unary)(request, metadata, { deadline: clock.wallMs() + withinMs }, (error, answer) => {
      close();
      if (error) return this.#onFailed(method, askedAtMs, error);
      const { secret: made } = (answer ?? {}) as { secret?: string };
      if (method === 'createToken' && made) this.#secrets.push(made);
      const { enrollmentToken } = (answer ?? {}) as admin.CreateEnrollmentTokenResponse;
      if (enrollmentToken && made) this.#onEnrollmentToken(enrollmentToken.enrollmentTokenId, made);
    });
  }

  #watch(service: Service, method: string, request: object): void {
    const { clock, world } = this.#process;
    const { client, close } = this.#open(service);
    const stream = (client[method] as (request: object) => Stream)(request);
    const askedAtMs = world.nowMs;
    const timer = clock.after(watchesForMs, () => stream.cancel());
    stream.on('error', (error) => this.#onFailed(method, askedAtMs, error));
    stream.on('status', () => {
      timer[Symbol.dispose]();
      close();
    });
    stream.resume();
  }

  /** With a new token, or one that has been there for a while and may have ended; or ends one. */
  #enroll(): void {
    const { random } = this.#process;
    const { newcomers, groupOfNewcomers: group } = this.#interests;
    const isNew = this.#enrollmentTokens.length === 0 || random.chance(0.3);
    if (isNew) {
      const request = { group, count: random.pick([1, 3]), lifetimeMs: random.pick([60_000, 600_000]) };
      return this.#ask('FleetService', 'createEnrollmentToken', request);
    }
    const known = random.pick(this.#enrollmentTokens);
    if (random.chance(0.8)) return newcomers.come(known.secret);
    this.#ask('FleetService', 'revokeEnrollmentToken', { enrollmentTokenId: known.id });
  }

  #onEnrollmentToken(id: string, secret: string): void {
    this.#enrollmentTokens.push({ id, secret });
    this.#interests.newcomers.come(secret);
  }

  /** Devices by the dozen, some of them twice, some of a group that is not there. */
  #import(): void {
    const { world, random } = this.#process;
    const { client, close } = this.#open('FleetService');
    const askedAtMs = world.nowMs;
    const stream = (client as { importDevices: () => Stream }).importDevices();
    stream.on('error', (error) => this.#onFailed('importDevices', askedAtMs, error));
    stream.on('status', close);
    stream.resume();
    const group = random.pick(spareGroups);
    for (const deviceId of spareIds)
      stream.write({ device: { deviceId, group, labels: { floor: '1' } }, secret: `secret-of-${deviceId}-0123456789` });
    stream.end();
  }

  /** A stream of pushes that it keeps open for a while, and begins anew when that has ended. */
  #pushTasks(): void {
    const { clock, world } = this.#process;
    const { client, close } = this.#open('CommandService');
    const stream = (client as { pushStream: () => Stream }).pushStream();
    const askedAtMs = world.nowMs;
    const timer = clock.every(streamedEveryMs, () => void stream.write({ pushes: [this.#drawTask()] }));
    const ends = clock.after(streamsForMs, () => {
      timer[Symbol.dispose]();
      stream.end();
    });
    stream.on('error', (error) => this.#onFailed('pushStream', askedAtMs, error));
    stream.on('status', () => {
      for (const each of [timer, ends]) each[Symbol.dispose]();
      close();
      clock.after(1_000, () => this.#isBusy && this.#pushTasks());
    });
    stream.resume();
  }

  #drawTask(): { correlationId: number; push: admin.PushRequestInit } {
    const { random } = this.#process;
    this.#lastNumber += 1;
    const taskId = random.pick(['scan', 'update']);
    const operation = random.pick([
      { kind: 'runTask', runTask: { taskId, parameters: { depth: '1' } } },
      { kind: 'runTask', runTask: { taskId, parameters: {} } },
      { kind: 'stopTask', stopTask: { taskId } },
      { kind: 'getStatistics', getStatistics: { applicationId: 'agent', counters: [] } },
      { kind: 'getStatistics', getStatistics: { applicationId: 'agent', counters: ['files'], intervalMs: 1_000 } },
      { kind: 'forceSync', forceSync: {} },
    ]);
    const wait = random.pick(['WAIT_ACCEPTED', 'WAIT_DELIVERED', 'WAIT_FINISHED'] as const);
    const terms = random.pick([{ deliverWithinMs: 5_000 }, { ttlMs: 30_000 }]);
    const push = {
      deviceId: random.pick(this.#interests.devices).id,
      operation,
      wait,
      finishWithinMs: 40_000,
      ...terms,
    };
    return { correlationId: this.#lastNumber, push: push as admin.PushRequestInit };
  }

  #open(service: Service): { client: Record<string, unknown>; close(): void } {
    const { network } = this.#surroundings;
    const address = this.#process.random.pick(this.#balancers);
    const options = { network, process: this.#process, address, port: ports.admin };
    const client = createGrpcClient(services[service].service, options) as Record<string, unknown>;
    return { client, close: () => (client as { close(): void }).close() };
  }

  #onFailed(call: string, askedAtMs: number, error: unknown): void {
    const { world } = this.#process;
    world.record('fleet', `${call}: ${(error as Error).message}`);
    this.onFailed(call, askedAtMs, fromStatus(error as Parameters<typeof fromStatus>[0]).code);
  }
}

function pointOf(group: string): { distributionPointId: string; groups: string[] } {
  return { distributionPointId: sparePoint, groups: [group] };
}

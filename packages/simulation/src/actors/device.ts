import type { SecureContext } from 'node:tls';
import type { CommandStore, DeviceStatus, StoredCommand } from '@pushfleet/device-sdk';
import { AssignmentService, DeviceLinkService } from '@pushfleet/protocol/device';
import { createGrpcClient } from '../network/grpc-client.ts';
import { present } from '../versions/software.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import { ports, type Surroundings } from './surroundings.ts';

/** The ways of a device. */
export interface Habits {
  /** Time that it takes for a command, at most. */
  workMs: number;
  /** It remembers commands over restarts. */
  hasStore: boolean;
  /** It breaks down over larger messages, without having confirmed them. */
  mostBytes?: number;
}

/** A command that the device's handler was called for: the device's own log, which nothing erases. */
export interface Run {
  command: string;
  atMs: number;
  /** Absent: it has not ended, or its process ended before. */
  endedAtMs?: number;
}

/** A managed device: a host of its own with one process, the SDK's. What its store keeps survives restarts. */
export class DeviceHost {
  readonly host: Host;
  readonly runs: Run[] = [];
  /** Times in which it was connected; the last one may go on. */
  readonly links: { fromMs: number; untilMs: number }[] = [];
  process: SimulatedProcess | undefined;
  status: DeviceStatus = { kind: 'idle' };
  /** The time since which it is connected. */
  connectedSinceMs: number | undefined;
  /** It is to be connected. */
  isWanted = false;
  /** The version of its SDK. */
  software = present;
  /** Hears of each status. */
  onStatus: (status: DeviceStatus) => void = () => {};
  readonly #surroundings: Surroundings;
  readonly #balancers: readonly string[];
  readonly #habits: Habits;
  readonly #kept = new Map<string, StoredCommand>();
  #secret: string;

  constructor(surroundings: Surroundings, id: string, balancers: readonly string[], habits: Habits) {
    this.#surroundings = surroundings;
    this.#balancers = balancers;
    this.#habits = habits;
    this.#secret = secretOf(id);
    this.host = surroundings.network.addHost(new Host(id, id));
  }

  get id(): string {
    return this.host.name;
  }

  /** Whether it was connected all the time between the two. */
  wasConnected(fromMs: number, untilMs: number): boolean {
    return this.links.some((link) => link.fromMs <= fromMs && link.untilMs >= untilMs);
  }

  /** Some messages end its links, whatever the cluster does. */
  get isFragile(): boolean {
    return this.#habits.mostBytes !== undefined;
  }

  get secret(): string {
    return this.#secret;
  }

  start(): void {
    this.isWanted = true;
    const { world } = this.#surroundings;
    const process = new SimulatedProcess(world, this.id, this.host);
    this.process = process;
    this.status = { kind: 'idle' };
    process.onEnd(() => {
      const link = this.links.at(-1);
      if (this.connectedSinceMs !== undefined && link) link.untilMs = world.nowMs;
      this.connectedSinceMs = undefined;
      if (this.process === process) this.process = undefined;
      this.status = { kind: 'idle' };
    });
    process.receive(() => this.#live(process));
  }

  /** Ends the process, as a power cut does, and starts it again later. */
  restart(afterMs: number): void {
    this.process?.end();
    this.#surroundings.world.after(afterMs, () => {
      if (this.isWanted && !this.process) this.start();
    });
  }

  #live(process: SimulatedProcess): void {
    const { network } = this.#surroundings;
    const client = (service: unknown, address: string, port: number) => {
      const { service: definition } = service as { service: Parameters<typeof createGrpcClient>[0] };
      const { mostBytes } = this.#habits;
      const options = { network, process, address, port, ...(mostBytes === undefined ? {} : { mostBytes }) };
      return createGrpcClient(definition, options) as never;
    };
    const { Device, parseOptions } = this.software.device;
    const settings = parseOptions({
      ...{ deviceId: this.id, secret: this.#secret, link: 'grpc', plaintextLink: true },
      balancers: this.#balancers.map((address) => `http://${address}:${ports.assign}`),
      secureContext: {} as SecureContext,
      clock: process.clock,
      random: () => process.random.next(),
      ...(this.#habits.hasStore ? { store: this.#storeOf(process) } : {}),
    });
    const device = new Device({
      ...settings,
      network: {
        connectToBalancer: (url) => client(AssignmentService, url.hostname, Number(url.port)),
        connectToPushServer: ({ address, port }) => client(DeviceLinkService, address, port),
      },
    });
    device.onStatus((status) => this.#onStatus(status));
    device.handle('forceSync', (_operation, { commandId }) => this.#perform(process, commandId));
    device.handle('custom', (_operation, { commandId }) => this.#perform(process, commandId));
    device.start();
  }

  #onStatus(status: DeviceStatus): void {
    const { world } = this.#surroundings;
    this.status = status;
    const link = this.links.at(-1);
    if (this.connectedSinceMs !== undefined && link) link.untilMs = world.nowMs;
    this.connectedSinceMs = status.kind === 'connected' ? world.nowMs : undefined;
    if (status.kind === 'connected') this.links.push({ fromMs: world.nowMs, untilMs: Number.POSITIVE_INFINITY });
    world.record(this.id, describe(status), { device: this.id });
    this.onStatus(status);
  }

  async #perform(process: SimulatedProcess, command: string): Promise<void> {
    const { world } = this.#surroundings;
    const run: Run = { command, atMs: world.nowMs };
    if (this.runs.some((earlier) => earlier.command === command) && this.#habits.hasStore) {
      world.find('run twice', 'the SDK calls the handler again', { device: this.id, command });
    }
    this.runs.push(run);
    world.record(this.id, 'runs', { device: this.id, command });
    await process.clock.sleep(process.random.next() * this.#habits.workMs);
    run.endedAtMs = world.nowMs;
    world.record(this.id, 'has run', { device: this.id, command });
  }

  /** A disk: a command is on it once the promise has resolved, or a little before. */
  #storeOf(process: SimulatedProcess): CommandStore {
    const write = async (kept: StoredCommand) => {
      await process.clock.sleep(1);
      this.#kept.set(kept.id, kept);
    };
    return {
      load: async () => [...this.#kept.values()],
      begin: (id) => write({ id, ending: 'begun' }),
      end: (id, ending) => write({ id, ending }),
    };
  }
}

export function secretOf(id: string): string {
  return `secret-of-${id}-0123456789`;
}

function describe(status: DeviceStatus): string {
  switch (status.kind) {
    case 'connected':
      return `connected to ${status.server.nodeId}`;
    case 'connecting':
      return `connects to ${status.server.nodeId}`;
    case 'waiting':
      return `waits ${status.forMs} ms${status.cause ? `: ${status.cause.reason} (${status.cause.detail})` : ''}`;
    case 'stopped':
      return `stopped: ${status.cause.reason} (${status.cause.detail})`;
    default:
      return status.kind;
  }
}

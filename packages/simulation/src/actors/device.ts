import type { SecureContext } from 'node:tls';
import type { CommandContext, CommandOutput, CommandStore, DeviceStatus, StoredCommand } from '@pushfleet/device-sdk';
import type { PayloadEncoding } from '@pushfleet/protocol';
import { deviceNetworkOf } from '../network/device-network.ts';
import { present } from '../versions/software.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import { type ManagedDevice, type Run, secretOf } from './managed-device.ts';
import { echoAt, ports, type Surroundings } from './surroundings.ts';

/** The ways of a device. */
export interface Habits {
  /** Time that it takes for a command, at most. */
  workMs: number;
  /** It remembers commands over restarts. */
  hasStore: boolean;
  /** It breaks down over larger messages, without having confirmed them. */
  mostBytes?: number;
  link: 'grpc' | 'mqtt';
  /** JSON or Protobuf over MQTT. */
  payloadEncoding: PayloadEncoding;
}

/** The reason of a handler that fails. */
export const failedOnPurpose = 'the handler fails on purpose';
const failingShare = 0.1;

/** A managed device: a host of its own with one process, the SDK's. What its store keeps survives restarts. */
export class DeviceHost implements ManagedDevice {
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
  /** It is being given another secret, and may be refused meanwhile. */
  isRekeyed = false;
  /** Hears of each status. */
  onStatus: (status: DeviceStatus) => void = () => {};
  /** Hears of each command whose handler is called. */
  onRun: (run: Run) => void = () => {};
  onServerMessage: ManagedDevice['onServerMessage'] = () => {};
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

  get hostNames(): readonly string[] {
    return [this.host.name];
  }

  /** Whether it was connected all the time between the two. */
  wasConnected(fromMs: number, untilMs: number): boolean {
    return this.links.some((link) => link.fromMs <= fromMs && link.untilMs >= untilMs);
  }

  get givesUp(): boolean {
    return true;
  }

  linkEndAfter(atMs: number): number | undefined {
    return this.links.find((link) => link.fromMs <= atMs && link.untilMs >= atMs)?.untilMs;
  }

  /** Some messages end its links, whatever the cluster does. */
  get isFragile(): boolean {
    return this.#habits.mostBytes !== undefined;
  }

  /** Whether it knows of all that it has ever run. */
  get remembers(): boolean {
    return this.#habits.hasStore || this.runs.every(({ process }) => process === this.process);
  }

  /** It is given another secret, as whoever installs agents does, and started anew. */
  rekey(secret: string): void {
    this.#secret = secret;
    this.isRekeyed = false;
    if (this.isWanted) this.restart(0);
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
    const { Device, parseOptions } = this.software.device;
    const { link, payloadEncoding } = this.#habits;
    const settings = parseOptions({
      ...{ deviceId: this.id, secret: this.#secret, link, payloadEncoding, plaintextLink: true },
      balancers: this.#balancers.map((address) => `http://${address}:${ports.assign}`),
      secureContext: {} as SecureContext,
      tunnels: { allow: [`${echoAt.address}:*`], maxOpen: 4 },
      clock: process.clock,
      random: () => process.random.next(),
      ...(this.#habits.hasStore ? { store: this.#storeOf(process) } : {}),
    });
    const { mostBytes } = this.#habits;
    const reaching = deviceNetworkOf({
      ...{ network: this.#surroundings.network, process, device: this.id },
      ...(mostBytes === undefined ? {} : { mostBytes }),
      onServerMessage: (message) => this.onServerMessage(message, process.name),
    });
    const device = new Device({ ...settings, network: reaching });
    device.onStatus((status) => this.#onStatus(status));
    device.handle('forceSync', (_operation, context) => this.#perform(process, context));
    device.handle('custom', (_operation, context) => this.#perform(process, context));
    device.handle('runTask', (_task, context) => {
      context.progress({ percent: 50, message: 'half of it' });
      return this.#perform(process, context);
    });
    device.handle('getStatistics', () => ({ files: process.random.whole(0, 100), errors: 0 }));
    device.start();
  }

  #onStatus(status: DeviceStatus): void {
    const { world } = this.#surroundings;
    this.status = status;
    const link = this.links.at(-1);
    if (this.connectedSinceMs !== undefined && link) link.untilMs = world.nowMs;
    this.connectedSinceMs = status.kind === 'connected' ? world.nowMs : undefined;
    if (status.kind === 'connected') this.links.push({ fromMs: world.nowMs, untilMs: Number.POSITIVE_INFINITY });
    world.record(this.id, describe(status, this.#habits.link), { device: this.id });
    this.onStatus(status);
  }

  async #perform(process: SimulatedProcess, { commandId: command, signal }: CommandContext): Promise<CommandOutput> {
    const { world } = this.#surroundings;
    const run: Run = { command, atMs: world.nowMs, process };
    const subject = { device: this.id, command };
    const isRepeated = this.runs.some(
      (earlier) => earlier.command === command && (this.#habits.hasStore || earlier.process === process),
    );
    if (isRepeated) world.find('run twice', 'the SDK calls the handler again', subject);
    this.runs.push(run);
    world.record(this.id, 'runs', subject);
    this.onRun(run);
    const end = (ending: NonNullable<Run['ending']>) => {
      run.ending = ending;
      world.record(this.id, `has run: ${ending}`, subject);
    };
    await process.clock.sleep(process.random.next() * this.#habits.workMs, signal).catch((error) => {
      end('given up');
      throw error;
    });
    if (process.random.chance(failingShare)) {
      end('failed');
      throw new Error(failedOnPurpose);
    }
    end('succeeded');
    return { output: command };
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

function describe(status: DeviceStatus, link: Habits['link']): string {
  switch (status.kind) {
    case 'connected':
      return `connected to ${status.server.nodeId} over ${link}`;
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

import type { ServiceError } from '@grpc/grpc-js';
import type { device as wire } from '@pushfleet/protocol';
import { AssignmentService } from '@pushfleet/protocol/device';
import { createGrpcClient } from '../network/grpc-client.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import { type ForeignLink, type ForeignProtocol, openForeignLink } from './foreign-link.ts';
import { type ManagedDevice, type Run, secretOf } from './managed-device.ts';
import { ports, type Surroundings } from './surroundings.ts';

/** A way of a device of somebody else that the SDK never has. */
export type Manner =
  | 'confirms nothing'
  | 'has no results'
  | 'repeats results'
  | 'reads slowly'
  | 'is cloned'
  | 'sleeps'
  | 'never comes'
  | 'takes small packets';
export const manners = [
  ...(['confirms nothing', 'has no results', 'repeats results', 'reads slowly', 'is cloned', 'sleeps'] as const),
  'never comes',
  /** Over MQTT 5 only. */
  'takes small packets',
] as const satisfies readonly Manner[];

const againMs = 3_000;
const workMs = 2_000;
const awakeMs = 60_000;
const asleepMs = [70_000, 200_000, 900_000] as const;
const readsAfterMs = 20_000;
/** Some commands are larger. */
const smallPacketBytes = 400;

/**
 * A device that speaks a link's protocol by itself: it heeds no advice, comes again after some seconds whatever it was told,
 * remembers nothing, and has a manner besides.
 */
export class ForeignDevice implements ManagedDevice {
  readonly id: string;
  readonly manner: Manner;
  readonly protocol: ForeignProtocol;
  /** One, or several that come with the same id. */
  readonly processes: readonly SimulatedProcess[];
  /** Commands that it was sent: those have begun; the ones whose result it has said have ended. */
  readonly runs: Run[] = [];
  isWanted = true;
  /** When a balancer last gave it a place. */
  assignedAtMs = Number.NEGATIVE_INFINITY;
  onRun: (run: Run) => void = () => {};
  onServerMessage: ManagedDevice['onServerMessage'] = () => {};
  readonly #links: { fromMs: number; untilMs: number }[] = [];
  readonly #surroundings: Surroundings;
  readonly #balancers: readonly string[];
  #isAsking = true;

  constructor(
    surroundings: Surroundings,
    id: string,
    { manner, protocol }: { manner: Manner; protocol: ForeignProtocol },
    balancers: readonly string[],
  ) {
    this.#surroundings = surroundings;
    this.#balancers = balancers;
    this.id = id;
    this.manner = manner;
    this.protocol = protocol;
    const names = manner === 'is cloned' ? [id, `${id}-clone`] : [id];
    this.processes = names.map((name) => {
      const host = surroundings.network.addHost(new Host(name, name));
      return new SimulatedProcess(surroundings.world, name, host);
    });
  }

  get hostNames(): readonly string[] {
    return this.processes.map(({ host }) => host.name);
  }

  get givesUp(): boolean {
    return false;
  }

  /** Its links end by its own doing, but not over single messages. */
  get isFragile(): boolean {
    return false;
  }

  get remembers(): boolean {
    return false;
  }

  linkEndAfter(atMs: number): number | undefined {
    return this.#links.find((link) => link.fromMs <= atMs && link.untilMs >= atMs)?.untilMs;
  }

  /** It may be away at any time. */
  wasConnected(): boolean {
    return false;
  }

  /** One that never comes asks for places no more: those that it was given are to be there again. */
  stop(): void {
    this.#isAsking = this.manner !== 'never comes';
  }

  start(): void {
    for (const process of this.processes) {
      process.receive(() => this.#come(process));
      if (this.manner === 'sleeps') this.#sleepLater(process);
    }
  }

  #sleepLater(process: SimulatedProcess): void {
    const { random, world } = process;
    world.after(2 * awakeMs * random.next(), () => {
      const forMs = random.pick(asleepMs);
      world.record(process.name, `sleeps ${forMs} ms`, { device: this.id });
      process.pause(forMs);
      world.after(forMs, () => this.#sleepLater(process));
    });
  }

  #comeLater(process: SimulatedProcess): void {
    if (this.isWanted && this.#isAsking)
      process.clock.after(2 * againMs * process.random.next(), () => this.#come(process));
  }

  #come(process: SimulatedProcess): void {
    const { network } = this.#surroundings;
    const at = { network, process, address: process.random.pick(this.#balancers), port: ports.assign };
    const client = createGrpcClient(AssignmentService.service, at) as InstanceType<typeof AssignmentService>;
    const request = { deviceId: this.id, secret: secretOf(this.id), unreachableNodeIds: [] };
    const answer = (error: ServiceError | null, response: wire.AssignResponse | undefined) => {
      client.close();
      if (error || !response?.primary) return this.#comeLater(process);
      this.assignedAtMs = process.world.nowMs;
      if (this.manner === 'never comes') return this.#comeLater(process);
      process.clock.after(response.connectAfterMs, () => this.#connect(process, response));
    };
    const options = { deadline: process.clock.wallMs() + 10_000 };
    (client.assign as (...args: unknown[]) => unknown)(request, options, answer);
  }

  #connect(process: SimulatedProcess, { primary, ticket }: wire.AssignResponse): void {
    const { world, clock } = process;
    const period = { fromMs: world.nowMs, untilMs: Number.POSITIVE_INFINITY };
    this.#links.push(period);
    let keepAlive: Disposable | undefined;
    let isOpen = true;
    const link: ForeignLink = openForeignLink(this.protocol, {
      ...{ network: this.#surroundings.network, process, device: this.id, ticket, server: primary as wire.Server },
      ...(this.manner === 'takes small packets' ? { maximumPacketSize: smallPacketBytes } : {}),
      onMessage: (message) => {
        this.onServerMessage(message, process.name);
        if (message.welcome) {
          world.record(process.name, `connected to ${message.welcome.nodeId} over ${this.protocol}`, {
            device: this.id,
          });
          keepAlive = clock.every(message.welcome.keepAliveMs, () => link.ping());
        }
        if (message.command) this.#onCommand(process, link, message.command.commandId, () => isOpen);
        if (this.manner !== 'reads slowly') return;
        link.pause();
        clock.after(readsAfterMs * process.random.next(), () => link.resume());
      },
      onEnd: (detail) => {
        isOpen = false;
        period.untilMs = world.nowMs;
        keepAlive?.[Symbol.dispose]();
        world.record(process.name, `its link ended: ${detail}`, { device: this.id });
        this.#comeLater(process);
      },
    });
  }

  #onCommand(process: SimulatedProcess, link: ForeignLink, command: string, isOpen: () => boolean): void {
    const { world, clock, random } = process;
    const run: Run = { command, atMs: world.nowMs, process };
    this.runs.push(run);
    world.record(process.name, 'has got', { device: this.id, command });
    this.onRun(run);
    if (this.manner !== 'confirms nothing') link.confirm(command);
    if (this.manner === 'has no results') return;
    clock.after(workMs * random.next(), () => {
      if (!isOpen()) return;
      run.ending = 'succeeded';
      for (let left = this.manner === 'repeats results' ? 3 : 1; left > 0; left -= 1) link.succeed(command);
    });
  }
}

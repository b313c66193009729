import type { ClientDuplexStream, ServiceError } from '@grpc/grpc-js';
import type { device as wire } from '@pushfleet/protocol';
import { AssignmentService, DeviceLinkService } from '@pushfleet/protocol/device';
import { createGrpcClient } from '../network/grpc-client.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
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
  | 'never comes';
export const manners = [
  ...(['confirms nothing', 'has no results', 'repeats results', 'reads slowly', 'is cloned', 'sleeps'] as const),
  'never comes',
] satisfies readonly Manner[];

type Link = ClientDuplexStream<wire.ConnectRequestInit, wire.ConnectResponse>;

const againMs = 3_000;
const workMs = 2_000;
const awakeMs = 60_000;
const asleepMs = [70_000, 200_000, 900_000] as const;
const readsAfterMs = 20_000;

/**
 * A device that speaks the Network Agent link by itself: it heeds no advice, comes again after some seconds whatever it was told,
 * remembers nothing, and has a manner besides.
 */
export class ForeignDevice implements ManagedDevice {
  readonly id: string;
  readonly manner: Manner;
  /** One, or several that come with the same id. */
  readonly processes: readonly SimulatedProcess[];
  /** Commands that it was sent: those have begun; the ones whose result it has said have ended. */
  readonly runs: Run[] = [];
  isWanted = true;
  onRun: (run: Run) => void = () => {};
  onServerMessage: ManagedDevice['onServerMessage'] = () => {};
  readonly #links: { fromMs: number; untilMs: number }[] = [];
  readonly #surroundings: Surroundings;
  readonly #balancers: readonly string[];
  #isAsking = true;

  constructor(surroundings: Surroundings, id: string, manner: Manner, balancers: readonly string[]) {
    this.#surroundings = surroundings;
    this.#balancers = balancers;
    this.id = id;
    this.manner = manner;
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
      if (this.manner === 'never comes') return this.#comeLater(process);
      process.clock.after(response.connectAfterMs, () => this.#connect(process, response));
    };
    const options = { deadline: process.clock.wallMs() + 10_000 };
    (client.assign as (...args: unknown[]) => unknown)(request, options, answer);
  }

  #connect(process: SimulatedProcess, { primary, ticket }: wire.AssignResponse): void {
    const { network } = this.#surroundings;
    const { address, port } = primary as wire.Server;
    const client = createGrpcClient(DeviceLinkService.service, { network, process, address, port }) as InstanceType<
      typeof DeviceLinkService
    >;
    const link: Link = client.connect();
    const end = this.#read(process, link);
    link.on('error', (error: ServiceError) => {
      process.world.record(process.name, `its link ended: ${error.details}`, { device: this.id });
    });
    link.on('status', () => {
      end();
      client.close();
      this.#comeLater(process);
    });
    link.write({ hello: { ticket, agent: 'foreign' } });
  }

  /** Returns what is to be called at the end of the link. */
  #read(process: SimulatedProcess, link: Link): () => void {
    let keepAlive: Disposable | undefined;
    const period = { fromMs: process.world.nowMs, untilMs: Number.POSITIVE_INFINITY };
    this.#links.push(period);
    let isOver = false;
    link.on('data', (message: wire.ConnectResponse) => {
      // What was read and not handled when the link ended.
      if (isOver) return;
      this.onServerMessage(message, process.name);
      if (message.welcome) {
        process.world.record(process.name, `connected to ${message.welcome.nodeId}`, { device: this.id });
        keepAlive = process.clock.every(message.welcome.keepAliveMs, () => void link.write({ ping: {} }));
      }
      if (message.command) this.#onCommand(process, link, message.command.commandId);
      if (this.manner !== 'reads slowly') return;
      link.pause();
      process.clock.after(readsAfterMs * process.random.next(), () => link.resume());
    });
    return () => {
      isOver = true;
      period.untilMs = process.world.nowMs;
      keepAlive?.[Symbol.dispose]();
    };
  }

  #onCommand(process: SimulatedProcess, link: Link, command: string): void {
    const { world, clock, random } = process;
    const run: Run = { command, atMs: world.nowMs, process };
    this.runs.push(run);
    world.record(process.name, 'has got', { device: this.id, command });
    this.onRun(run);
    if (this.manner !== 'confirms nothing') link.write({ delivered: { commandId: command } });
    if (this.manner === 'has no results') return;
    clock.after(workMs * random.next(), () => {
      if (link.destroyed || !link.writable) return;
      run.ending = 'succeeded';
      const result = { commandId: command, succeeded: { output: Buffer.from(command) } };
      for (let left = this.manner === 'repeats results' ? 3 : 1; left > 0; left -= 1) link.write({ result });
    });
  }
}

import type { SecureContext } from 'node:tls';
import { type Clock, DeadlineWheel, machineUs } from '@pushfleet/runtime';
import { type AssignAnswer, Assigner } from '../device/assigner.ts';
import { createFleetContext, isLoopback } from '../device/dial.ts';
import { type DeviceSurroundings, type FailedStep, LeanDevice } from '../device/lean-device.ts';
import type { LeanCommand, LeanLink, LeanLinkKind, LinkEvents, ServerAddress } from '../device/link.ts';
import { openLink } from '../device/open-link.ts';
import { LoopLag, lagEveryMs } from '../measure/loop-lag.ts';
import { LoadRecorder } from '../report/load-recorder.ts';
import type { FleetLinks, FleetTask, FleetTick, Witnesses } from './messages.ts';

/** How exact deadlines of devices are. */
const resolutionMs = lagEveryMs;
/**
 * Time for which due devices are served before the sockets are read again: where cores are short a turn of the loop takes long, and a
 * few devices in each would be a storm that is none.
 */
const servedForUs = 5_000;

export interface DevicePoolOptions {
  task: FleetTask;
  /** Which of the processes of the fleet this is, and of how many. */
  process: number;
  processes: number;
  /** When the run began, by `machineUs`. */
  startedUs: number;
  clock: Clock;
  random?: () => number;
  /** Opens a tunnel, and answers its command. Absent: devices decline tunnels. */
  openTunnel?: (device: LeanDevice, command: LeanCommand) => void;
}

/** The process that a device belongs to: kinds of links take turns, and each process has some of each; but for witnesses, which have the first. */
export function processOf(index: number, kinds: number, processes: number, witnesses?: Witnesses): number {
  if (witnesses === undefined) return Math.floor(index / kinds) % processes;
  if (index >= witnesses.from && index < witnesses.to) return 0;
  return 1 + (Math.floor(index / kinds) % (processes - 1));
}

/** The devices of one process: all on one timing wheel, one TLS context, one way to the balancers. */
export class DevicePool implements DeviceSurroundings {
  nowMs: number;
  readonly devices: LeanDevice[] = [];
  readonly #options: DevicePoolOptions;
  readonly #wheel: DeadlineWheel<LeanDevice>;
  readonly #secureContext: SecureContext;
  readonly #assigner: Assigner;
  readonly #byIndex = new Map<number, LeanDevice>();
  readonly #recorder: LoadRecorder;
  #live = 0;
  #paced = 0;
  #longestPacedMs = 0;
  readonly #lag: LoopLag;
  #due: LeanDevice[] = [];
  #serving = false;

  constructor(options: DevicePoolOptions) {
    const { task, clock, process, processes, startedUs } = options;
    this.#options = options;
    this.#recorder = new LoadRecorder(() => (machineUs() - startedUs) / 1_000);
    const lag = task.witnesses !== undefined && process === 0 ? 'witnessLag' : 'fleetLag';
    this.#lag = new LoopLag((ms) => this.#recorder.latency(lag, ms));
    this.nowMs = clock.now();
    this.#wheel = new DeadlineWheel(resolutionMs, this.nowMs);
    this.#secureContext = createFleetContext(task.ca);
    this.#assigner = new Assigner({
      balancers: task.balancers.map((url) => new URL(url)),
      secureContext: this.#secureContext,
      addresses: task.addresses,
      connections: task.assignConnections,
    });
    for (let index = 0; index < task.devices; index += 1) {
      if (processOf(index, task.links.length, processes, task.witnesses) !== process) continue;
      const kind = task.links[index % task.links.length] as LeanLinkKind;
      const device = new LeanDevice(this, index, `${task.idPrefix}-${index}`, kind);
      this.devices.push(device);
      this.#byIndex.set(index, device);
    }
  }

  get keepAliveMs(): number {
    return this.#options.task.keepAliveMs;
  }

  get patienceMs(): number {
    return this.#options.task.patienceMs;
  }

  get ignoreConnectAfter(): boolean {
    return this.#options.task.ignoreConnectAfter;
  }

  get resumption(): boolean {
    return this.#options.task.resumption;
  }

  device(index: number): LeanDevice | undefined {
    return this.#byIndex.get(index);
  }

  /** No device has a link or is on its way to one. */
  get isEmpty(): boolean {
    return this.devices.every(({ state }) => state === 'idle' || state === 'gone');
  }

  /** Takes what has happened since the last time. */
  takeTick(): FleetTick {
    return {
      process: this.#options.process,
      recording: this.#recorder.take(),
      live: this.#live,
      paced: this.#paced,
      longestPacedMs: this.#longestPacedMs,
      lag: this.#lag.figures,
    };
  }

  links(): FleetLinks {
    const byNode: Record<string, number[]> = {};
    for (const { state, server, index } of this.devices) {
      if (state !== 'up' || server === undefined) continue;
      const indexes = byNode[server.nodeId] ?? [];
      byNode[server.nodeId] = indexes;
      indexes.push(index);
    }
    return Object.fromEntries(Object.entries(byNode).map(([node, indexes]) => [node, Uint32Array.from(indexes)]));
  }

  /** To be called every `lagEveryMs`. */
  turn(): void {
    const nowMs = this.#options.clock.now();
    this.#lag.onTurn(nowMs - this.nowMs - lagEveryMs);
    this.nowMs = nowMs;
    const due = this.#wheel.takeDue(nowMs);
    if (due.length === 0) return;
    for (const device of due) {
      // A ping costs little and cannot wait: a push server must not have to judge by it how busy this process is.
      if (device.state === 'up') {
        device.onDue();
        continue;
      }
      device.isDue = true;
      this.#due.push(device);
    }
    if (!this.#serving) this.#serve();
  }

  close(): void {
    this.#assigner.close();
  }

  random(): number {
    return (this.#options.random ?? Math.random)();
  }

  nowUs(): number {
    return machineUs();
  }

  schedule(device: LeanDevice, delayMs: number): void {
    this.unschedule(device);
    this.#wheel.add(device, this.#options.clock.now() + Math.max(0, delayMs));
  }

  unschedule(device: LeanDevice): void {
    this.#wheel.remove(device);
    device.isDue = false;
  }

  ask(device: LeanDevice, unreachableNodeIds: readonly string[], onAnswer: (answer: AssignAnswer) => void): () => void {
    const { index, id: deviceId, assignSession: tlsSession } = device;
    const { secret } = this.#options.task;
    return this.#assigner.ask(
      { index, deviceId, secret, unreachableNodeIds, tlsSession },
      {
        onAnswer,
        onTlsSession: (session) => {
          if (this.resumption) device.assignSession = session;
        },
      },
    );
  }

  open(device: LeanDevice, server: ServerAddress, ticket: string, events: LinkEvents): LeanLink {
    const { plain, addresses } = this.#options.task;
    return openLink({
      kind: device.kind,
      index: device.index,
      deviceId: device.id,
      server,
      ticket,
      keepAliveMs: this.keepAliveMs,
      secureContext: plain ? undefined : this.#secureContext,
      tlsSession: device.tlsSession,
      addresses,
      events,
    });
  }

  permits(address: string): boolean {
    return this.#options.task.allowRemote || isLoopback(address);
  }

  onOffered(): void {
    this.#recorder.count('offered');
  }

  onAssigned(tookUs: number, pacedMs: number): void {
    this.#recorder.latency('assign', tookUs / 1_000);
    if (pacedMs <= 0) return;
    this.#paced += 1;
    this.#longestPacedMs = Math.max(this.#longestPacedMs, pacedMs);
  }

  onSecure(tookUs: number, resumed: boolean | undefined): void {
    if (resumed === undefined) return;
    this.#recorder.latency('handshake', tookUs / 1_000);
    this.#recorder.countInAll(resumed ? 'handshakesResumed' : 'handshakesFull');
  }

  onConnected(tookUs: number, returned: boolean): void {
    this.#live += 1;
    this.#recorder.count('connected');
    this.#recorder.latency(returned ? 'return' : 'connect', tookUs / 1_000);
  }

  onFailed(step: FailedStep, reason: string, detail: string): void {
    this.#recorder.count('failed');
    this.#recorder.error(step, reason, detail);
  }

  onLost(reason: string): void {
    this.#live -= 1;
    this.#recorder.lost(reason);
  }

  onClosed(): void {
    this.#live -= 1;
    this.#recorder.count('closed');
  }

  onCommand(device: LeanDevice, command: LeanCommand): boolean {
    if (command.stampUs !== undefined) this.#recorder.latency('delivered', (this.nowUs() - command.stampUs) / 1_000);
    if (command.operation !== 'open_tunnel') return true;
    const { openTunnel } = this.#options;
    if (openTunnel === undefined) setImmediate(() => device.answer(command.id, 'no tunnels'));
    else openTunnel(device, command);
    return false;
  }

  /** Serves devices that are due, a few at a time: a storm must not keep its own answers from being read. */
  #serve(): void {
    this.#serving = true;
    const endUs = machineUs() + servedForUs;
    let served = 0;
    for (const device of this.#due) {
      if (machineUs() >= endUs) break;
      served += 1;
      if (!device.isDue) continue;
      device.isDue = false;
      device.onDue();
    }
    this.#due.splice(0, served);
    if (this.#due.length > 0) setImmediate(() => this.#serve());
    else this.#serving = false;
  }
}

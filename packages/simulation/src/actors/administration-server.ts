import { type ClientReadableStream, Metadata, type ServiceError } from '@grpc/grpc-js';
import { type admin, type common, fromStatus } from '@pushfleet/protocol';
import { CommandService, FleetService } from '@pushfleet/protocol/admin';
import { createGrpcClient } from '../network/grpc-client.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import type { ManagedDevice } from './managed-device.ts';
import { drawPush, type PushLoad, type PushRecord, pushRequest, type Reported } from './push.ts';
import { ports, type Surroundings } from './surroundings.ts';

type Client = InstanceType<typeof CommandService>;
type FleetClient = InstanceType<typeof FleetService>;
type Reply<Response> = (error: ServiceError | null, response: Response | undefined) => void;

/** Hears of all that an administration server asks and hears. */
export interface PushListener {
  onReported(push: PushRecord, reported: Reported): void;
  /** A call was not answered by its deadline, or with an error. */
  onError(push: PushRecord, call: string, askedAtMs: number, code: string): void;
}

/** The longest that an answer to anything but a push takes. */
const answerWithinMs = 10_000;
const longestUntilCancelMs = 15_000;
/** The share of pushes that go to the device of the one before. */
const sameDeviceShare = 0.3;

/**
 * An administration server: pushes to random devices through random balancers, cancels, watches, gives up, pushes the same again, and keeps
 * what it hears.
 */
export class AdministrationServer {
  readonly pushes: PushRecord[] = [];
  readonly process: SimulatedProcess;
  listener: PushListener = { onReported: () => {}, onError: () => {} };
  readonly #clients: Client[];
  readonly #fleetClients: FleetClient[];
  readonly #load: PushLoad;
  readonly #devices: readonly { readonly id: string }[];
  /** Devices that were written. */
  readonly #written = new Set<string>();
  readonly #byCommand = new Map<string, PushRecord>();
  #isPushing = true;
  #lastNumber = 0;

  constructor(
    surroundings: Surroundings,
    balancers: readonly string[],
    devices: readonly { readonly id: string }[],
    load: PushLoad,
  ) {
    const { world, network } = surroundings;
    const host = network.addHost(new Host('admin', '10.0.0.200'));
    this.process = new SimulatedProcess(world, 'admin', host);
    this.#devices = devices;
    this.#load = load;
    const options = balancers.map((address) => ({ network, process: this.process, address, port: ports.admin }));
    this.#clients = options.map((each) => createGrpcClient(CommandService.service, each) as Client);
    this.#fleetClients = options.map((each) => createGrpcClient(FleetService.service, each) as FleetClient);
  }

  findPush(command: string): PushRecord | undefined {
    return this.#byCommand.get(command);
  }

  start(): void {
    this.process.receive(() => this.#pushLater());
  }

  stop(): void {
    this.#isPushing = false;
  }

  /** Deletes the device; tries again, at another balancer, until one says that it is gone. */
  deleteDevice(id: string): void {
    const { clock } = this.process;
    this.#insist('has deleted the device', id, (client, metadata, options, done) =>
      client.deleteDevice({ deviceId: id }, metadata, options, (error) => {
        done(!error || fromStatus(error).code === 'DEVICE_NOT_FOUND');
      }),
    );
    // What was asked for before, and was on its way, may have come after that.
    if (this.#written.delete(id)) clock.after(answerWithinMs, () => this.deleteDevice(id));
  }

  /** Writes the device anew, in a group and with a secret; empty: its own. Gives up once it is deleted. */
  putDevice(device: Pick<ManagedDevice, 'id' | 'isWanted'>, group: string, secret: string, onPut: () => void): void {
    this.#written.add(device.id);
    this.#insist(`has written the device, of ${group}`, device.id, (client, metadata, options, done) => {
      if (!device.isWanted) return done(true);
      client.putDevice({ device: { deviceId: device.id, group }, secret }, metadata, options, (error) => {
        if (!error) onPut();
        done(!error);
      });
    });
  }

  #insist(
    what: string,
    device: string,
    ask: (client: FleetClient, metadata: Metadata, options: { deadline: number }, done: (ok: boolean) => void) => void,
    attempt = 0,
  ): void {
    const { clock, world } = this.process;
    this.process.receive(() => {
      const client = this.#fleetClients[attempt % this.#fleetClients.length] as FleetClient;
      ask(client, new Metadata(), { deadline: clock.wallMs() + 5_000 }, (ok) => {
        if (ok) world.record('admin', what, { device });
        else clock.after(1_000, () => this.#insist(what, device, ask, attempt + 1));
      });
    });
  }

  #pushLater(): void {
    const delayMs = 2 * this.#load.everyMs * this.process.random.next();
    this.process.clock.after(delayMs, () => {
      if (!this.#isPushing) return;
      this.#push();
      this.#pushLater();
    });
  }

  #push(): void {
    const { random, world, clock } = this.process;
    this.#lastNumber += 1;
    const last = this.pushes.at(-1)?.device;
    const device = last !== undefined && random.chance(sameDeviceShare) ? last : random.pick(this.#devices).id;
    const push = drawPush(random, device, this.#lastNumber, this.#load, world.nowMs);
    this.pushes.push(push);
    this.#byCommand.set(push.command, push);
    const kind = push.isDurable ? `pushes a durable command for ${push.ttlMs} ms, ${push.priority}` : 'pushes';
    world.record('admin', `${kind}, ${push.wait}`, subjectOf(push));
    const client = random.pick(this.#clients);
    this.#submit(push, client);
    switch (push.afterwards) {
      case 'nothing':
        return;
      case 'push again':
        return void clock.after(random.whole(1, 1_000), () => this.#submit(push, random.pick(this.#clients)));
      case 'cancel':
        return void clock.after(longestUntilCancelMs * random.next() ** 2, () => this.#cancel(push));
      case 'watch':
        return void clock.after(random.whole(1, 2_000), () => this.#watch(push));
      case 'give up':
        return void clock.after(push.finishWithinMs + answerWithinMs, () => this.#ask(push));
      default:
        return push.afterwards satisfies never;
    }
  }

  #submit(push: PushRecord, client: Client): void {
    const { world, clock } = this.process;
    const askedAtMs = world.nowMs;
    const deadline = clock.wallMs() + push.patienceMs;
    client.push(pushRequest(push), new Metadata(), { deadline }, (error, answer) => {
      const status = answer?.status;
      if (error && push.outcome === undefined) push.error = fromStatus(error).code;
      else if (status) {
        push.outcome ??= status.outcome;
        delete push.error;
      }
      push.answeredAtMs ??= world.nowMs;
      if (error && push.afterwards === 'give up') this.#recordError(push, 'push', error);
      else this.#onAnswer(push, 'push', askedAtMs, error, status ?? undefined, 'answer');
    });
  }

  #cancel(push: PushRecord): void {
    const { random, world, clock } = this.process;
    const askedAtMs = world.nowMs;
    world.record('admin', 'cancels', subjectOf(push));
    const request = { deviceId: push.device, commandId: push.command, reason: 'not needed' };
    const answer: Reply<admin.CancelCommandResponse> = (error, response) =>
      this.#onAnswer(push, 'cancel', askedAtMs, error, response?.command?.status ?? undefined, 'cancel');
    random
      .pick(this.#clients)
      .cancelCommand(request, new Metadata(), { deadline: clock.wallMs() + answerWithinMs }, answer);
  }

  #ask(push: PushRecord): void {
    const { random, world, clock } = this.process;
    const askedAtMs = world.nowMs;
    const request = { deviceId: push.device, commandId: push.command };
    const answer: Reply<admin.GetCommandResponse> = (error, response) =>
      this.#onAnswer(push, 'question', askedAtMs, error, response?.command?.status ?? undefined, 'question');
    random
      .pick(this.#clients)
      .getCommand(request, new Metadata(), { deadline: clock.wallMs() + answerWithinMs }, answer);
  }

  /** Watches it until it has ended, or the stream has. */
  #watch(push: PushRecord): void {
    const { random, world } = this.process;
    const askedAtMs = world.nowMs;
    const request = { deviceId: push.device, commandId: push.command };
    const client = random.pick(this.#clients) as unknown as {
      watchCommand(request: object): ClientReadableStream<admin.WatchCommandResponse>;
    };
    const stream = client.watchCommand(request);
    stream.on('data', ({ command }) => {
      if (command?.status) this.#onAnswer(push, 'watch', askedAtMs, null, command.status, 'watch');
    });
    stream.on('error', (error: ServiceError) => this.#onAnswer(push, 'watch', askedAtMs, error, undefined, 'watch'));
  }

  #onAnswer(
    push: PushRecord,
    call: string,
    askedAtMs: number,
    error: ServiceError | null,
    status: common.CommandStatus | undefined,
    by: Reported['by'],
  ): void {
    if (error) {
      this.#recordError(push, call, error);
      return this.listener.onError(push, call, askedAtMs, fromStatus(error).code);
    }
    if (!status) return;
    const { outcome, reason } = status;
    const { world } = this.process;
    world.record('admin', `is told ${outcome} by the ${by}${reason ? ` (${reason})` : ''}`, subjectOf(push));
    const reported = { atMs: world.nowMs, outcome, reason, output: Buffer.from(status.output).toString(), by };
    push.reported.push(reported);
    this.listener.onReported(push, reported);
  }

  #recordError(push: PushRecord, call: string, error: ServiceError): void {
    this.process.world.record(
      'admin',
      `is told ${fromStatus(error).code} of its ${call} (${error.details})`,
      subjectOf(push),
    );
  }
}

function subjectOf({ device, command }: PushRecord): Pick<PushRecord, 'device' | 'command'> {
  return { device, command };
}

import { Metadata, type ServiceError } from '@grpc/grpc-js';
import { type admin, fromStatus } from '@pushfleet/protocol';
import { CommandService, FleetService } from '@pushfleet/protocol/admin';
import { createGrpcClient } from '../network/grpc-client.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import type { DeviceHost } from './device.ts';
import { ports, type Surroundings } from './surroundings.ts';

type Client = InstanceType<typeof CommandService>;

/** A push, and all that the administration server was told of it. */
export interface PushRecord {
  readonly device: string;
  readonly command: string;
  readonly isDurable: boolean;
  readonly ttlMs: number;
  /** Every device can take it in. */
  readonly isSmall: boolean;
  readonly finishWithinMs: number;
  readonly pushedAtMs: number;
  /** By then there must be an answer. */
  readonly answerByMs: number;
  answeredAtMs?: number;
  /** The outcome, or the error code. */
  outcome?: string;
  error?: string;
}

export interface PushLoad {
  /** Time between two pushes, on average. */
  everyMs: number;
  /** The share of durable ones. */
  durableShare: number;
}

/** Time that a caller allows beyond the deadline of its command, for the way. */
const marginMs = 5_000;

/** An administration server: pushes to random devices through random balancers, and keeps what it is told. */
export class AdministrationServer {
  readonly pushes: PushRecord[] = [];
  readonly process: SimulatedProcess;
  readonly #clients: Client[];
  readonly #fleetClients: InstanceType<typeof FleetService>[];
  readonly #pace: PushLoad;
  readonly #devices: readonly DeviceHost[];
  #isPushing = true;
  #lastNumber = 0;

  constructor(
    surroundings: Surroundings,
    balancers: readonly string[],
    devices: readonly DeviceHost[],
    pace: PushLoad,
  ) {
    const { world, network } = surroundings;
    const host = network.addHost(new Host('admin', '10.0.0.200'));
    this.process = new SimulatedProcess(world, 'admin', host);
    this.#devices = devices;
    this.#pace = pace;
    const options = balancers.map((address) => ({ network, process: this.process, address, port: ports.admin }));
    this.#clients = options.map((each) => createGrpcClient(CommandService.service, each) as Client);
    this.#fleetClients = options.map((each) => createGrpcClient(FleetService.service, each) as never);
  }

  start(): void {
    this.process.receive(() => this.#pushLater());
  }

  stop(): void {
    this.#isPushing = false;
  }

  /** Deletes the device; tries again, at another balancer, until one says that it is gone. */
  deleteDevice(id: string, attempt = 0): void {
    const { clock, world } = this.process;
    const client = this.#fleetClients[attempt % this.#fleetClients.length];
    this.process.receive(() => {
      const request = { deviceId: id };
      client?.deleteDevice(request, new Metadata(), { deadline: clock.wallMs() + 5_000 }, (error) => {
        if (!error || fromStatus(error).code === 'DEVICE_NOT_FOUND') {
          return world.record('admin', 'has deleted the device', { device: id });
        }
        clock.after(1_000, () => this.deleteDevice(id, attempt + 1));
      });
    });
  }

  /** The command as one of the balancers has it now; `undefined`: it says nothing. */
  find(push: PushRecord, balancer: number): Promise<admin.CommandRecord | undefined> {
    const client = this.#clients[balancer % this.#clients.length] as Client;
    const { promise, resolve } = Promise.withResolvers<admin.CommandRecord | undefined>();
    this.process.receive(() => {
      const deadline = this.process.clock.wallMs() + 10_000;
      const request = { deviceId: push.device, commandId: push.command };
      client.getCommand(request, new Metadata(), { deadline }, (error, answer) =>
        resolve(error ? undefined : (answer?.command ?? undefined)),
      );
    });
    return promise;
  }

  #pushLater(): void {
    const delayMs = 2 * this.#pace.everyMs * this.process.random.next();
    this.process.clock.after(delayMs, () => {
      if (!this.#isPushing) return;
      this.#push();
      this.#pushLater();
    });
  }

  #push(): void {
    const { random, clock, world } = this.process;
    const isDurable = random.chance(this.#pace.durableShare);
    this.#lastNumber += 1;
    const command = `${isDurable ? 'd-' : 'c'}sim${this.#lastNumber}`;
    const device = random.pick(this.#devices).id;
    const ttlMs = isDurable ? random.pick([10_000, 60_000, 120_000]) : 0;
    const deliverWithinMs = isDurable ? 0 : 10_000;
    const finishWithinMs = (isDurable ? ttlMs : deliverWithinMs) + 20_000;
    const waitsMs = isDurable ? 10_000 : finishWithinMs;
    const payload = Buffer.alloc(random.pick([0, 100, 100, 10_000]));
    const record: PushRecord = {
      ...{ device, command, isDurable, ttlMs, finishWithinMs, isSmall: payload.length < 1_000 },
      pushedAtMs: world.nowMs,
      answerByMs: world.nowMs + waitsMs + marginMs,
    };
    this.pushes.push(record);
    world.record('admin', isDurable ? `pushes a durable command for ${ttlMs} ms` : 'pushes', { device, command });
    const request = {
      deviceId: device,
      commandId: command,
      operation: { kind: 'custom', custom: { name: 'probe', payload } },
      wait: isDurable ? 'WAIT_ACCEPTED' : 'WAIT_FINISHED',
      finishWithinMs,
      ...(isDurable ? { ttlMs } : { deliverWithinMs }),
    } as admin.PushRequestInit;
    const deadline = clock.wallMs() + waitsMs + marginMs;
    random
      .pick(this.#clients)
      .push(request, new Metadata(), { deadline }, (error, answer) => this.#onAnswer(record, error, answer));
  }

  #onAnswer(record: PushRecord, error: ServiceError | null, answer: admin.PushResponse | undefined): void {
    const { world } = this.process;
    record.answeredAtMs = world.nowMs;
    if (error) record.error = fromStatus(error).code;
    else if (answer?.status) record.outcome = answer.status.outcome;
    const { device, command } = record;
    world.record('admin', `is told ${record.outcome ?? record.error}${error ? ` (${error.details})` : ''}`, {
      device,
      command,
    });
  }
}

import type { ServiceError } from '@grpc/grpc-js';
import { AssignmentService } from '@pushfleet/protocol/device';
import { createGrpcClient } from '../network/grpc-client.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import { secretOf } from './managed-device.ts';
import { ports, type Surroundings } from './surroundings.ts';

type Client = InstanceType<typeof AssignmentService>;

/** A client gives up after this long, and asks again at once, whatever it was told. */
const patienceMs = 10_000;
/** One that was refused asks again after this long. */
const againMs = 500;
/** One that was answered comes again after this long. */
const contentMs = 5_000;

/** Foreign devices that ask for assignments, have little patience, and heed nothing that they are told. They never connect. */
export class ImpatientCrowd {
  readonly ids: readonly string[];
  /** Times at which one of them got its assignment while it still waited. */
  readonly assignedAtMs: number[] = [];
  readonly #process: SimulatedProcess;
  readonly #surroundings: Surroundings;
  readonly #balancers: readonly string[];
  #isAsking = false;

  constructor(surroundings: Surroundings, balancers: readonly string[], size: number) {
    this.#surroundings = surroundings;
    this.#balancers = balancers;
    this.ids = Array.from({ length: size }, (_, index) => `crowd-${index + 1}`);
    const host = surroundings.network.addHost(new Host('crowd', '10.0.0.201'));
    this.#process = new SimulatedProcess(surroundings.world, 'crowd', host);
  }

  start(): void {
    this.#isAsking = true;
    for (const id of this.ids) this.#askAfter(id, this.#process.random.next() * patienceMs);
  }

  stop(): void {
    this.#isAsking = false;
  }

  #askAfter(id: string, delayMs: number): void {
    this.#surroundings.world.after(delayMs, () => this.#process.receive(() => this.#ask(id)));
  }

  #ask(id: string): void {
    if (!this.#isAsking) return;
    const { world, network } = this.#surroundings;
    const options = {
      network,
      process: this.#process,
      address: this.#process.random.pick(this.#balancers),
      port: ports.assign,
    };
    const client = createGrpcClient(AssignmentService.service, options) as Client;
    const request = { deviceId: id, secret: secretOf(id), unreachableNodeIds: [] };
    const deadline = this.#process.clock.wallMs() + patienceMs;
    const answer = (error: ServiceError | null) => {
      client.close();
      if (!error) this.assignedAtMs.push(world.nowMs);
      this.#askAfter(id, error ? againMs : contentMs);
    };
    (client.assign as (...args: unknown[]) => unknown)(request, { deadline }, answer);
  }
}

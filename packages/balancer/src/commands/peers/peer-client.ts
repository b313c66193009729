import type { ClientReadableStream, ServiceError } from '@grpc/grpc-js';
import { type admin, type balancer, limits } from '@pushfleet/protocol';
import { PeerService } from '@pushfleet/protocol/balancer';
import type { Clock, ClusterNetwork } from '@pushfleet/runtime';
import { LRUCache } from 'lru-cache';
import type { CommandRef } from '../engine.ts';

/** The word of another balancer on a direct command. */
export interface PeerAnswer {
  /** Who answered. */
  balancerId: string;
  /** `null`: it does not have the command. */
  command: admin.CommandRecord | null;
}

/** The state of a balancer, as it alone knows it. */
export interface PeerStatus {
  balancerId: string;
  /** Commands whose end it has seen since it started, by outcome. */
  commandsEnded: Readonly<Record<string, number>>;
  /** When the first of its certificates ends, in Unix time; 0: it does not say. */
  certificateEndTimeMs: number;
}

/** Another balancer that is asked how it is. The promise rejects with a ServiceError where it does not answer within a second. */
export interface StatusSource {
  status(): Promise<PeerStatus>;
}

export interface PeerWatchEvents {
  onAnswer(answer: PeerAnswer): void;
  /** Nothing more comes. `error`: because the other balancer failed, or cannot be reached. */
  onEnd(error?: ServiceError): void;
}

/** Another balancer. The promises reject with a ServiceError where it does not answer within two seconds. */
export interface Peer {
  get(command: CommandRef): Promise<PeerAnswer>;
  cancel(command: CommandRef, reason: string): Promise<PeerAnswer>;
  /** Watches the command until the other side ends it, or the function that is returned is called. */
  watch(command: CommandRef, events: PeerWatchEvents): () => void;
}

const answerMs = 2_000;
const statusMs = 1_000;
/** The registry lists no more balancers. */
const maxClients = 64;

const clientOptions = {
  // A record may have a payload and an output.
  'grpc.max_receive_message_length': limits.controlMessageBytes,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.max_reconnect_backoff_ms': 1_000,
  // A balancer is asked now and then; its connection is closed in between.
  'grpc.client_idle_timeout_ms': 60_000,
  // Finds a peer that a watch waits for, and that has vanished without a word.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 10_000,
} as const;

/** Connections to other balancers, made when they are needed. */
export class PeerClients implements Disposable {
  readonly #network: Pick<ClusterNetwork, 'connect'>;
  readonly #clock: Pick<Clock, 'wallMs'>;
  /** By address: one that comes to an address where another was is reached over the same client. */
  readonly #clients = new LRUCache<string, InstanceType<typeof PeerService>>({
    max: maxClients,
    dispose: (client) => client.close(),
  });

  constructor(network: Pick<ClusterNetwork, 'connect'>, clock: Pick<Clock, 'wallMs'>) {
    this.#network = network;
    this.#clock = clock;
  }

  /** @param address `host:port` */
  at(address: string): Peer & StatusSource {
    const client = this.#client(address);
    // Deadlines of grpc-js are moments by the wall clock.
    const options = (withinMs = answerMs) => ({ deadline: this.#clock.wallMs() + withinMs });
    return {
      get: (command) => answerOf((done) => client.getCommand(toRequest(command), options(), done)),
      cancel: (command, reason) =>
        answerOf((done) => client.cancelCommand({ ...toRequest(command), reason }, options(), done)),
      status: () => answerOf((done) => client.getStatus({}, options(statusMs), done)),
      watch: (command, events) => watch(client.watchCommand(toRequest(command)), events),
    };
  }

  [Symbol.dispose](): void {
    this.#clients.clear();
  }

  #client(address: string): InstanceType<typeof PeerService> {
    const known = this.#clients.get(address);
    if (known) return known;
    const client = this.#network.connect(PeerService, { address, member: { role: 'balancer' } }, clientOptions);
    this.#clients.set(address, client);
    return client;
  }
}

function toRequest({ device: deviceId, id: commandId }: CommandRef): { deviceId: string; commandId: string } {
  return { deviceId, commandId };
}

function answerOf<Answer>(
  ask: (done: (error: ServiceError | null, answer?: Answer) => void) => unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => (error ? reject(error) : resolve(answer as Answer)));
  });
}

function watch(call: ClientReadableStream<balancer.WatchCommandResponse>, events: PeerWatchEvents): () => void {
  call.on('data', (answer: balancer.WatchCommandResponse) => events.onAnswer(answer));
  call.on('end', () => events.onEnd());
  call.on('error', (error: ServiceError) => events.onEnd(error));
  return () => call.cancel();
}

import { type ChannelOptions, type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { limits, type node } from '@pushfleet/protocol';
import { NodeControlService } from '@pushfleet/protocol/node';
import type { WorkerRef } from '@pushfleet/registry';
import {
  type AttendedTime,
  type Barrier,
  type Clock,
  type ClusterCredentials,
  clusterServerName,
  type Logger,
  TurnBatch,
} from '@pushfleet/runtime';
import { createTunnelClient } from '../../tunnels/worker-client.ts';
import { Outgoing, type Parcel } from './outgoing.ts';

const queueCapacity = 20_000;
const batchItems = 256;
/** For the hello, and for any word after it: as long as makes a push server suspect. */
const silenceLimitMs = 5_000;
const firstRetryMs = 200;
const lastRetryMs = 2_000;

/** What tunnels need of a channel to a worker. */
export interface TunnelChannel {
  readonly worker: WorkerRef;
  /** A call of its own beside the channel: the balancer's end of a tunnel whose device has arrived there. */
  openTunnel(): ClientDuplexStream<node.TunnelRequestInit, node.TunnelResponse>;
}

/** A device has come to this worker for its end of a tunnel. */
export type ArrivalListener = (channel: TunnelChannel, arrival: node.TunnelArrival) => void;

export interface ChannelEvents {
  onOpened(channel: WorkerChannel): void;
  onWritten(items: readonly Parcel[]): void;
  onReport(channel: WorkerChannel, report: node.CommandReport): void;
  onMoveReport(channel: WorkerChannel, report: node.RedirectProgress): void;
  onTunnelArrival: ArrivalListener;
  /** The connection ended. `unwritten` was taken and never will be written. The channel may open again later. */
  onLost(channel: WorkerChannel, unwritten: readonly Parcel[]): void;
}

export interface WorkerChannelOptions {
  worker: WorkerRef;
  /** `host:port` */
  address: string;
  credentials: ClusterCredentials;
  events: ChannelEvents;
  /** Stands around each report: an exception drops that one. */
  barrier: Barrier;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
}

type Stream = ClientDuplexStream<node.ChannelRequestInit, node.ChannelResponse>;

/** Whether a worker can be reached: `opening` until that has been tried once. */
export type ChannelCondition =
  | { kind: 'opening' }
  | { kind: 'open' }
  /** `sinceMs`: by the monotonic clock, when it was lost or tried in vain first. */
  | { kind: 'failing'; failures: number; sinceMs: number; reason: string };

type State =
  /** For the first time: nothing speaks against the worker, so what comes is kept for it. */
  | { kind: 'connecting'; waiting: Parcel[] }
  | { kind: 'open'; writer: TurnBatch<Parcel> }
  /** It could not be reached, or was lost; being tried again. */
  | { kind: 'broken' }
  | { kind: 'closed' };

/** The stream of batches to one life of one worker; opened again and again until closed. */
export class WorkerChannel implements TunnelChannel, Disposable {
  readonly #options: WorkerChannelOptions;
  #client: InstanceType<typeof NodeControlService>;
  /** Of a worker at which a device has come for a tunnel. */
  #tunnels: InstanceType<typeof NodeControlService> | undefined;
  #state: State = { kind: 'connecting', waiting: [] };
  #stream: Stream | undefined;
  #timer: Disposable | undefined;
  #heardAtMs = 0;
  #retryMs = firstRetryMs;
  #condition: ChannelCondition = { kind: 'opening' };

  constructor(options: WorkerChannelOptions) {
    this.#options = options;
    this.#client = createClient(options);
    this.#connect();
  }

  get worker(): WorkerRef {
    return this.#options.worker;
  }

  get accepts(): boolean {
    return this.#state.kind === 'connecting' || this.#state.kind === 'open';
  }

  get condition(): ChannelCondition {
    return this.#condition;
  }

  get address(): string {
    return this.#options.address;
  }

  get closed(): boolean {
    return this.#state.kind === 'closed';
  }

  /** `false`: no room, or the worker cannot be reached. The item was not taken. */
  add(item: Parcel): boolean {
    switch (this.#state.kind) {
      case 'connecting':
        return this.#state.waiting.length < queueCapacity && this.#state.waiting.push(item) > 0;
      case 'open':
        return this.#state.writer.add(item);
      case 'broken':
      case 'closed':
        return false;
      default:
        return this.#state satisfies never;
    }
  }

  /** Orders are few and small: they do not wait among the commands. `false`: the worker cannot be reached. */
  move(order: node.RedirectRequestInit): boolean {
    if (this.#state.kind !== 'open' || !this.#stream) return false;
    this.#stream.write({ redirects: [order] });
    return true;
  }

  openTunnel(): ClientDuplexStream<node.TunnelRequestInit, node.TunnelResponse> {
    const { address, credentials: cluster } = this.#options;
    this.#tunnels ??= createTunnelClient(address, cluster);
    return this.#tunnels.tunnel();
  }

  [Symbol.dispose](): void {
    if (this.closed) return;
    this.#lose('closed');
    this.#client.close();
    this.#tunnels?.close();
  }

  #connect(): void {
    const stream = this.#client.channel();
    this.#stream = stream;
    this.#timer = this.#options.attended.after(silenceLimitMs, () =>
      this.#onSilence(stream, 'no hello from the worker'),
    );
    stream.on('data', (response: node.ChannelResponse) => this.#onResponse(stream, response));
    stream.on('error', (error) => this.#fail(stream, error.message));
    stream.on('end', () => this.#fail(stream, 'the worker ended the channel'));
  }

  #onResponse(stream: Stream, response: node.ChannelResponse): void {
    if (stream !== this.#stream) return;
    this.#heardAtMs = this.#options.attended.now();
    if (response.hello) this.#onHello(stream, response.hello);
    if (this.#state.kind !== 'open') return;
    const { events } = this.#options;
    for (const report of response.reports) this.#guard(() => events.onReport(this, report));
    for (const report of response.redirectProgress) this.#guard(() => events.onMoveReport(this, report));
    for (const arrival of response.tunnelArrivals) this.#guard(() => events.onTunnelArrival(this, arrival));
  }

  /** Whatever one report does, the channel carries those of all other commands too. */
  #guard(handle: () => void): void {
    this.#options.barrier.run('control message', handle, () => {});
  }

  #onHello(stream: Stream, hello: node.WorkerHello): void {
    const { nodeId, workerId, bootId } = this.worker;
    if (hello.nodeId !== nodeId || hello.workerId !== workerId || hello.bootId !== bootId) {
      this.#fail(stream, `another worker answers: ${hello.nodeId}/${hello.workerId}/${hello.bootId}`);
      return;
    }
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (hello.keepAliveMs > 0) this.#watch(stream, 3 * hello.keepAliveMs);
    this.#retryMs = firstRetryMs;
    const waiting = this.#state.kind === 'connecting' ? this.#state.waiting : [];
    const writer = this.#createWriter(stream);
    this.#state = { kind: 'open', writer };
    this.#condition = { kind: 'open' };
    for (const item of waiting) writer.add(item);
    this.#options.events.onOpened(this);
    this.#options.logger.debug({ worker: this.worker }, 'channel open');
  }

  /** A frozen worker keeps its connection; only its silence tells. */
  #watch(stream: Stream, atLeastMs: number): void {
    const { attended } = this.#options;
    const dueMs = this.#heardAtMs + Math.max(silenceLimitMs, atLeastMs);
    this.#timer = attended.after(dueMs - attended.now(), () => {
      const silentMs = attended.now() - this.#heardAtMs;
      if (silentMs >= Math.max(silenceLimitMs, atLeastMs)) this.#onSilence(stream, `nothing heard for ${silentMs} ms`);
      else this.#watch(stream, atLeastMs);
    });
  }

  #createWriter(stream: Stream): TurnBatch<Parcel> {
    const writer = new TurnBatch<Parcel>({
      capacity: queueCapacity,
      batchBytes: limits.controlMessageBytes / 4,
      batchItems,
      sizeOf: (item) => item.sizeBytes,
      write: (batch) => this.#write(stream, batch),
    });
    stream.on('drain', () => writer.resume());
    return writer;
  }

  #write(stream: Stream, batch: readonly Parcel[]): boolean {
    const nowMs = this.#options.clock.now();
    const outgoing = new Outgoing();
    const written: Parcel[] = [];
    for (const item of batch) if (item.pack(outgoing, nowMs)) written.push(item);
    if (written.length === 0) return true;
    let more = true;
    for (const message of outgoing.messages) more = stream.write(message);
    this.#options.events.onWritten(written);
    return more;
  }

  /** Its connection may lead nowhere any more, without either end knowing: the next attempt makes a new one. */
  #onSilence(stream: Stream, reason: string): void {
    this.#fail(stream, reason);
    this.#client.close();
    this.#client = createClient(this.#options);
  }

  #fail(stream: Stream, reason: string): void {
    if (stream !== this.#stream) return;
    const { logger, clock, address } = this.#options;
    // Said once; the attempts that follow are of interest to nobody until one succeeds.
    logger[this.accepts ? 'warn' : 'debug']({ worker: this.worker, address, reason }, 'a worker cannot be reached');
    this.#countFailure(reason);
    this.#lose('broken');
    this.#timer = clock.after(this.#retryMs, () => this.#connect());
    this.#retryMs = Math.min(this.#retryMs * 2, lastRetryMs);
  }

  #countFailure(reason: string): void {
    const { failures, sinceMs } =
      this.#condition.kind === 'failing' ? this.#condition : { failures: 0, sinceMs: this.#options.clock.now() };
    this.#condition = { kind: 'failing', failures: failures + 1, sinceMs, reason };
  }

  #lose(next: 'broken' | 'closed'): void {
    const unwritten = this.#takeUnwritten();
    this.#timer?.[Symbol.dispose]();
    this.#state = { kind: next };
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.cancel();
    this.#options.events.onLost(this, unwritten);
  }

  #takeUnwritten(): Parcel[] {
    if (this.#state.kind === 'open') return this.#state.writer.close();
    return this.#state.kind === 'connecting' ? this.#state.waiting : [];
  }
}

function createClient({ address, credentials: { ca, key, cert } }: WorkerChannelOptions) {
  return new NodeControlService(address, credentials.createSsl(ca, key, cert), clientOptions);
}

const clientOptions: ChannelOptions = {
  // Cluster certificates all have one name: they prove that a process belongs to the cluster, not where it runs.
  'grpc.ssl_target_name_override': clusterServerName,
  'grpc.default_authority': clusterServerName,
  'grpc.initial_reconnect_backoff_ms': firstRetryMs,
  'grpc.max_reconnect_backoff_ms': lastRetryMs,
  'grpc.max_receive_message_length': limits.controlMessageBytes,
  'grpc.max_send_message_length': limits.controlMessageBytes,
  // Another life of the worker at the same address has a connection of its own.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_channelz': 0,
};

import type { ChannelOptions, ClientDuplexStream } from '@grpc/grpc-js';
import { agreeOnVersion, controlVersions, limits, type node } from '@pushfleet/protocol';
import { NodeControlService } from '@pushfleet/protocol/node';
import type { WorkerRef } from '@pushfleet/registry';
import {
  type AttendedTime,
  type Barrier,
  type Clock,
  type ClusterNetwork,
  type Logger,
  TurnBatch,
} from '@pushfleet/runtime';
import { ChannelBatch, type OutboundItem } from './channel-batch.ts';

const queueCapacity = 20_000;
const batchItems = 256;
/** For the hello, and for any word after it: as long as makes a push server suspect. */
const silenceLimitMs = 5_000;
const firstRetryMs = 200;
const lastRetryMs = 2_000;

export type TunnelCall = ClientDuplexStream<node.TunnelRequestInit, node.TunnelResponse>;

export interface ChannelEvents {
  onOpened(channel: WorkerChannel): void;
  onReport(channel: WorkerChannel, report: node.CommandReport): void;
  onRedirectProgress(channel: WorkerChannel, progress: node.RedirectProgress): void;
  /** A device has come to this worker for its end of a tunnel. */
  onTunnelArrival(channel: WorkerChannel, arrival: node.TunnelArrival): void;
  /** The worker has refused a member of the cluster. */
  onMemberRefusal(channel: WorkerChannel, refusal: node.MemberRefusal): void;
  /** The connection ended, and what was taken and not written has been dropped. The channel may open again later. */
  onLost(channel: WorkerChannel): void;
}

export interface WorkerChannelOptions {
  worker: WorkerRef;
  /** `host:port` */
  address: string;
  network: Pick<ClusterNetwork, 'connect'>;
  events: ChannelEvents;
  /** Stands around each report: an exception drops that one. */
  barrier: Barrier;
  clock: Clock;
  attended: AttendedTime;
  logger: Logger;
}

type Stream = ClientDuplexStream<node.ChannelRequestInit, node.ChannelResponse>;

/** The condition of a channel: `opening` until it has been tried once. */
export type ChannelCondition =
  | { kind: 'opening' }
  | { kind: 'open' }
  /** `sinceMs`: by the monotonic clock, when it was lost or tried in vain first. */
  | { kind: 'failing'; failures: number; sinceMs: number; reason: string };

type State =
  /** For the first time: nothing speaks against the worker, so what comes is kept for it. */
  | { kind: 'connecting'; waiting: OutboundItem[] }
  | { kind: 'open'; writer: TurnBatch<OutboundItem> }
  /** It could not be reached, or was lost; being tried again. */
  | { kind: 'broken' }
  | { kind: 'closed' };

/** The stream of batches to one life of one worker; opened again and again until closed. */
export class WorkerChannel implements Disposable {
  readonly #options: WorkerChannelOptions;
  #client: InstanceType<typeof NodeControlService>;
  /** Made when a device comes to the worker for a tunnel. */
  #tunnels: InstanceType<typeof NodeControlService> | undefined;
  #state: State = { kind: 'connecting', waiting: [] };
  #stream: Stream | undefined;
  #timer: Disposable | undefined;
  #heardAtMs = 0;
  #retryMs = firstRetryMs;
  #condition: ChannelCondition = { kind: 'opening' };

  constructor(options: WorkerChannelOptions) {
    this.#options = options;
    this.#client = this.#createClient(channelOptions);
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
  add(item: OutboundItem): boolean {
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

  /** Requests are few and small: they do not wait among the commands. `false`: the worker cannot be reached. */
  redirect(request: node.RedirectRequestInit): boolean {
    if (this.#state.kind !== 'open' || !this.#stream) return false;
    this.#stream.write({ redirects: [request] });
    return true;
  }

  /** A call of its own beside the channel: the balancer's end of a tunnel whose device has arrived at this worker. */
  openTunnel(): TunnelCall {
    this.#tunnels ??= this.#createClient(tunnelOptions);
    return this.#tunnels.tunnel();
  }

  [Symbol.dispose](): void {
    if (this.closed) return;
    this.#lose('closed');
    this.#client.close();
    this.#tunnels?.close();
  }

  #createClient(options: ChannelOptions): InstanceType<typeof NodeControlService> {
    const { network, address, worker } = this.#options;
    const member = { role: 'push-server', name: worker.nodeId } as const;
    return network.connect(NodeControlService, { address, member }, options);
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
    for (const progress of response.redirectProgress) {
      this.#guard(() => events.onRedirectProgress(this, progress));
    }
    for (const refusal of response.memberRefusals) this.#guard(() => events.onMemberRefusal(this, refusal));
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
    const peer = { oldest: hello.oldestVersion || 1, newest: hello.newestVersion || 1 };
    const agreed = agreeOnVersion(controlVersions, peer);
    if (typeof agreed === 'object') {
      this.#fail(stream, `${nodeId}/${workerId} ${agreed.refusal}`);
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
    this.#options.logger.debug(this.worker, 'channel open');
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

  #createWriter(stream: Stream): TurnBatch<OutboundItem> {
    const writer = new TurnBatch<OutboundItem>({
      capacity: queueCapacity,
      batchBytes: limits.controlMessageBytes / 4,
      batchItems,
      sizeOf: (item) => item.sizeBytes,
      write: (batch) => this.#write(stream, batch),
    });
    stream.on('drain', () => writer.resume());
    return writer;
  }

  #write(stream: Stream, items: readonly OutboundItem[]): boolean {
    const nowMs = this.#options.clock.now();
    const outbound = new ChannelBatch();
    const written = items.filter((item) => item.addTo(outbound, nowMs));
    if (written.length === 0) return true;
    let more = true;
    for (const message of outbound.messages) more = stream.write(message);
    for (const item of written) item.onWritten?.();
    return more;
  }

  /** Its connection may lead nowhere any more, without either end knowing: the next attempt makes a new one. */
  #onSilence(stream: Stream, reason: string): void {
    this.#fail(stream, reason);
    this.#client.close();
    this.#client = this.#createClient(channelOptions);
  }

  #fail(stream: Stream, reason: string): void {
    if (stream !== this.#stream) return;
    const { logger, clock, address } = this.#options;
    // Said once; the attempts that follow are of interest to nobody until one succeeds.
    logger[this.accepts ? 'warn' : 'debug']({ ...this.worker, address, reason }, 'a worker cannot be reached');
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
    for (const item of unwritten) item.onDropped?.();
    this.#options.events.onLost(this);
  }

  #takeUnwritten(): OutboundItem[] {
    if (this.#state.kind === 'open') return this.#state.writer.close();
    return this.#state.kind === 'connecting' ? this.#state.waiting : [];
  }
}

const clientOptions: ChannelOptions = {
  'grpc.max_receive_message_length': limits.controlMessageBytes,
  // Another life of the worker at the same address has a connection of its own.
  'grpc.use_local_subchannel_pool': 1,
};

const channelOptions: ChannelOptions = {
  ...clientOptions,
  'grpc.initial_reconnect_backoff_ms': firstRetryMs,
  'grpc.max_reconnect_backoff_ms': lastRetryMs,
  'grpc.max_send_message_length': limits.controlMessageBytes,
};

/** A connection that carries nothing but tunnels: no command waits behind their data. */
const tunnelOptions: ChannelOptions = {
  ...clientOptions,
  // Busy with data, either end may be late with its answer to a ping.
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 10_000,
  // More would be taken for sent while nothing has left.
  'grpc.per_rpc_retry_buffer_size': 16_384,
  'grpc-node.flow_control_window': 262_144,
};

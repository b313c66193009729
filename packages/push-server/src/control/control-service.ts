import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { DeviceId, Epoch, node } from '@pushfleet/protocol';
import type { WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { ChannelId, PushedCommand } from '../session/command.ts';
import type { ChannelCall, Channels } from './channels.ts';
import type { MoveOrders } from './move-orders.ts';

/** What balancers and other workers may do with this worker's links. */
export interface ControlledLinks {
  epochOf(device: DeviceId): number;
  push(device: DeviceId, command: PushedCommand): void;
  evict(device: DeviceId, epoch: Epoch): boolean;
}

export interface ControlServiceOptions {
  self: WorkerRef;
  links: ControlledLinks;
  moves: MoveOrders;
  channels: Channels;
  clock: Clock;
  logger: Logger;
}

/** NodeControl, as one worker serves it. */
export class ControlService {
  #self: WorkerRef;
  readonly #links: ControlledLinks;
  readonly #moves: MoveOrders;
  readonly #channels: Channels;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: ControlServiceOptions) {
    const { self, links, moves, channels, clock, logger } = options;
    this.#self = self;
    this.#links = links;
    this.#moves = moves;
    this.#channels = channels;
    this.#clock = clock;
    this.#logger = logger;
  }

  readonly handlers = {
    Channel: (call: ChannelCall) => this.#onChannel(call),
    Evict: (call: ServerUnaryCall<node.EvictRequest, node.EvictResponse>, reply: sendUnaryData<node.EvictResponse>) =>
      reply(null, { closed: this.#evict(call.request.evictions) }),
  };

  /** The worker has begun another life: who reaches it by an open channel takes it for the former one. */
  rename(self: WorkerRef): void {
    this.#self = self;
    this.#channels.endAll();
  }

  #onChannel(call: ChannelCall): void {
    const { nodeId, workerId, bootId } = this.#self;
    const channel = this.#channels.open(call);
    const closed = new AbortController();
    const close = () => {
      closed.abort();
      this.#channels.close(channel);
    };
    call.write({ hello: { nodeId, workerId, bootId } });
    call.on('data', ({ pushes, moves }: node.ChannelRequest) => {
      for (const push of pushes) this.#onPush(push, channel);
      for (const move of moves) this.#onMove(move, channel, closed.signal);
    });
    call.once('end', () => {
      close();
      call.end();
    });
    call.once('cancelled', close);
    call.on('error', close);
  }

  #onMove(order: node.MoveOrder, channel: ChannelId, closed: AbortSignal): void {
    void this.#moves.take(order, closed, (report) => this.#channels.reportMove(report, channel));
  }

  #onPush(push: node.PushCommand, channel: ChannelId): void {
    const device = push.deviceId as DeviceId;
    const epoch = this.#links.epochOf(device);
    if (epoch !== push.epoch) return this.#notHere(push, epoch, channel);
    const now = this.#clock.now();
    this.#links.push(device, {
      id: push.commandId as PushedCommand['id'],
      operation: push.operation as PushedCommand['operation'],
      payloadBytes: payloadBytes(push),
      deliverBy: now + push.deliverWithinMs,
      finishBy: now + push.finishWithinMs,
      channel,
    });
  }

  #notHere({ commandId, deviceId }: node.PushCommand, epoch: number, channel: ChannelId): void {
    this.#channels.report(
      { commandId: commandId as PushedCommand['id'], deviceId, report: 'notHere', notHere: { epoch } },
      channel,
    );
  }

  #evict(evictions: node.Eviction[]): number {
    const closed = evictions.filter(({ deviceId, epoch }) => this.#links.evict(deviceId as DeviceId, epoch as Epoch));
    this.#logger.debug({ asked: evictions.length, closed: closed.length }, 'sessions taken over');
    return closed.length;
  }
}

/** What a command weighs in queues: its payload, and something for the rest of it. */
function payloadBytes({ operation }: node.PushCommand): number {
  return 256 + (operation?.custom?.payload.length ?? 0);
}

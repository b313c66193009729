import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import type { DeviceId, Epoch, node } from '@pushfleet/protocol';
import type { WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { ChannelId, PushedCommand } from '../session/command.ts';
import type { ChannelCall, Channels } from './channels.ts';

/** What balancers and other workers may do with this worker's links. */
export interface ControlledLinks {
  epochOf(device: DeviceId): number;
  push(device: DeviceId, command: PushedCommand): void;
  evict(device: DeviceId, epoch: Epoch): boolean;
}

/** NodeControl, as one worker serves it. */
export class ControlService {
  readonly #self: WorkerRef;
  readonly #links: ControlledLinks;
  readonly #channels: Channels;
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(self: WorkerRef, links: ControlledLinks, channels: Channels, clock: Clock, logger: Logger) {
    this.#self = self;
    this.#links = links;
    this.#channels = channels;
    this.#clock = clock;
    this.#logger = logger;
  }

  readonly handlers = {
    Channel: (call: ChannelCall) => this.#onChannel(call),
    Evict: (call: ServerUnaryCall<node.EvictRequest, node.EvictResponse>, reply: sendUnaryData<node.EvictResponse>) =>
      reply(null, { closed: this.#evict(call.request.evictions) }),
  };

  #onChannel(call: ChannelCall): void {
    const { nodeId, workerId, bootId } = this.#self;
    const channel = this.#channels.open(call);
    const close = () => this.#channels.close(channel);
    call.write({ hello: { nodeId, workerId, bootId } });
    call.on('data', ({ pushes }: node.ChannelRequest) => {
      for (const push of pushes) this.#onPush(push, channel);
    });
    call.once('end', () => {
      close();
      call.end();
    });
    call.once('cancelled', close);
    call.on('error', close);
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

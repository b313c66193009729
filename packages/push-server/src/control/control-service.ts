import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js';
import {
  CloseReason,
  type CommandId,
  type common,
  controlVersions,
  type DeviceId,
  type Epoch,
  isDurable,
  type node,
  operationBytes,
  toStatus,
} from '@pushfleet/protocol';
import type { Sessions, WorkerRef } from '@pushfleet/registry';
import { type Clock, callerOf, type Logger, type Member, type MemberGate, readTraceContext } from '@pushfleet/runtime';
import type { DeliveryTraces } from '../links/delivery-traces.ts';
import type { RedirectRequests } from '../redirect/redirect-requests.ts';
import type { ChannelId, PushedCommand } from '../session/command.ts';
import type { NodeTunnelCall } from '../tunnels/tunnels.ts';
import { type BalancerChannels, type ChannelCall, keepAliveMs } from './balancer-channels.ts';
import { heldByThird, judgeEvictions, type KnownSessions } from './eviction.ts';

/** The links, as far as balancers and other workers may use them. */
export interface ControlledLinks {
  epochOf(device: DeviceId): number;
  push(device: DeviceId, command: PushedCommand): void;
  cancel(device: DeviceId, command: CommandId, reason: string): void;
  discard(device: DeviceId, command: CommandId): void;
  evict(device: DeviceId, epoch: Epoch, newerIsGone: boolean): boolean;
  voidTickets(device: DeviceId, generation: number): void;
  checkSession(device: DeviceId, afterMs?: number): void;
}

/** Delivers the durable commands of devices. */
export interface DurableCommands {
  fetch(device: DeviceId): void;
  /** Whether the command is known here to have ended: it is not sent. */
  hasEnded(device: DeviceId, id: CommandId): boolean;
}

export interface ControlServiceOptions {
  self: WorkerRef;
  links: ControlledLinks;
  sessions: Pick<Sessions, 'findMany' | 'history'>;
  gate: Pick<MemberGate, 'refuse'>;
  redirects: RedirectRequests;
  durable: DurableCommands;
  channels: BalancerChannels;
  traces: Pick<DeliveryTraces, 'begin'>;
  tunnels: { onBalancer(call: NodeTunnelCall): Promise<void>; closeOf(device: DeviceId, reason: string): void };
  clock: Clock;
  logger: Logger;
}

/** NodeControlService, as one worker serves it. */
export class ControlService {
  #self: WorkerRef;
  readonly #links: ControlledLinks;
  readonly #sessions: ControlServiceOptions['sessions'];
  readonly #gate: ControlServiceOptions['gate'];
  readonly #redirects: RedirectRequests;
  readonly #durable: DurableCommands;
  readonly #channels: BalancerChannels;
  readonly #traces: ControlServiceOptions['traces'];
  readonly #tunnels: ControlServiceOptions['tunnels'];
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(options: ControlServiceOptions) {
    const { self, links, sessions, gate, redirects, durable, channels, traces, tunnels, clock, logger } = options;
    this.#self = self;
    this.#links = links;
    this.#sessions = sessions;
    this.#gate = gate;
    this.#redirects = redirects;
    this.#durable = durable;
    this.#channels = channels;
    this.#traces = traces;
    this.#tunnels = tunnels;
    this.#clock = clock;
    this.#logger = logger;
  }

  readonly handlers = {
    Channel: (call: ChannelCall) => this.#onChannel(call),
    Evict: (call: EvictCall, reply: sendUnaryData<node.EvictResponse>) =>
      this.#evict(call).then(
        (closed) => reply(null, { closed }),
        (error) => reply(toStatus(error)),
      ),
    Tunnel: (call: NodeTunnelCall) => void this.#tunnels.onBalancer(call),
  };

  /** The worker has got a new boot id. Ends the channels, whose balancers take it for the former one. */
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
    const { oldest: oldestVersion, newest: newestVersion } = controlVersions;
    call.write({ hello: { nodeId, workerId, bootId, keepAliveMs, oldestVersion, newestVersion } });
    call.on('data', (request: node.ChannelRequest) => {
      this.#onCommands(request, channel);
      for (const redirect of request.redirects) this.#onRedirect(redirect, channel, closed.signal);
      for (const voided of request.voidTickets) this.#onVoid(voided);
      for (const { deviceId, afterMs } of request.sessionChecks)
        this.#links.checkSession(deviceId as DeviceId, afterMs);
    });
    call.once('end', () => {
      close();
      call.end();
    });
    call.once('cancelled', close);
    call.on('error', close);
  }

  #onRedirect(request: node.RedirectRequest, channel: ChannelId, closed: AbortSignal): void {
    void this.#redirects.run(request, closed, (progress) => this.#channels.reportRedirect(progress, channel));
  }

  #onCommands({ pushes, chunks, cancels, discards, wakeups }: node.ChannelRequest, channel: ChannelId): void {
    for (const push of pushes) this.#onPush(push, push, weightOf(push), channel);
    for (const chunk of chunks) {
      const bytes = weightOf(chunk);
      for (const target of chunk.targets) this.#onPush(target, chunk, bytes, channel);
    }
    for (const cancel of cancels) {
      this.#links.cancel(cancel.deviceId as DeviceId, cancel.commandId as CommandId, cancel.reason);
    }
    for (const { deviceId, commandId } of discards) {
      this.#links.discard(deviceId as DeviceId, commandId as CommandId);
    }
    for (const { deviceId } of wakeups) this.#durable.fetch(deviceId as DeviceId);
  }

  #onPush(target: Target, push: Pushed, payloadBytes: number, channel: ChannelId): void {
    const device = target.deviceId as DeviceId;
    const epoch = this.#links.epochOf(device);
    if (epoch !== target.epoch) return this.#notHere(target, epoch, channel);
    const { operation } = push;
    // An operation that is newer than this worker. Only the one command is refused, not the channel with all others.
    if (!operation?.kind) return this.#unknownOperation(target, channel);
    const id = target.commandId as CommandId;
    // Whoever asks after it has got, or will get, the report of its end.
    if (isDurable(id) && this.#durable.hasEnded(device, id)) return;
    const now = this.#clock.now();
    const { trace } = target;
    if (trace) this.#beginTrace(device, id, operation, trace);
    this.#links.push(device, {
      id,
      operation,
      payloadBytes,
      deliverByMs: now + push.deliverWithinMs,
      finishByMs: now + push.finishWithinMs,
      channel,
      redelivered: target.redelivered ?? false,
      isSuspect: false,
    });
  }

  #beginTrace(device: DeviceId, id: string, operation: common.Operation, trace: node.TraceContext): void {
    const parent = readTraceContext([trace.traceparent], [trace.tracestate]);
    if (parent) this.#traces.begin(device, { id, operation }, { parent });
  }

  #onVoid({ deviceId, generation }: node.VoidTickets): void {
    this.#links.voidTickets(deviceId as DeviceId, generation);
    this.#tunnels.closeOf(deviceId as DeviceId, CloseReason.ticketVoid.text);
  }

  #unknownOperation({ commandId, deviceId }: node.PushTarget, channel: ChannelId): void {
    const unsent = { cause: 'UNSENT_CAUSE_UNSUPPORTED', detail: '' } as const;
    this.#channels.report({ commandId, deviceId, report: 'unsent', unsent }, channel);
  }

  #notHere({ commandId, deviceId }: node.PushTarget, epoch: number, channel: ChannelId): void {
    this.#channels.report({ commandId, deviceId, report: 'notHere', notHere: { epoch } }, channel);
  }

  /** Rare: devices that have moved twice before the first eviction came here. */
  async #formerlyAt(caller: Member | undefined, devices: readonly DeviceId[]): Promise<Set<DeviceId>> {
    const former = new Set<DeviceId>();
    for (const device of devices) {
      const moves = await this.#sessions.history(device);
      if (moves.some(({ nodeId }) => nodeId === caller?.name)) former.add(device);
    }
    return former;
  }

  /** @throws PushfleetError REGISTRY_UNAVAILABLE */
  async #evict(call: EvictCall): Promise<number> {
    const { evictions } = call.request;
    const caller = callerOf(call);
    const known = await this.#lookUp(evictions, caller).catch((error) => {
      // The caller asks again, if it lives. The worker's own question waits for the registry.
      this.#check(evictions);
      throw error;
    });
    const { permitted, refusal } = judgeEvictions(evictions, known, caller);
    if (refusal) this.#gate.refuse(refusal);
    // The newer session has closed meanwhile, and nobody asks again: what is held here was superseded, or is to be known again.
    this.#check(evictions.filter(({ deviceId }) => !known.current.has(deviceId as DeviceId)));
    const closed = permitted.filter(({ deviceId, epoch, newerIsGone }) =>
      this.#links.evict(deviceId as DeviceId, epoch as Epoch, newerIsGone),
    );
    this.#logger.debug({ asked: evictions.length, closed: closed.length }, 'sessions taken over');
    return closed.length;
  }

  async #lookUp(evictions: readonly node.Eviction[], caller: Member | undefined): Promise<KnownSessions> {
    const current = await this.#sessions.findMany(evictions.map(({ deviceId }) => deviceId as DeviceId));
    const formerlyAtCaller = await this.#formerlyAt(caller, heldByThird(evictions, current, caller));
    return { current, formerlyAtCaller };
  }

  #check(evictions: readonly node.Eviction[]): void {
    for (const { deviceId } of evictions) this.#links.checkSession(deviceId as DeviceId);
  }
}

type EvictCall = ServerUnaryCall<node.EvictRequest, node.EvictResponse>;

type Target = node.PushTarget & Partial<Pick<node.PushCommand, 'redelivered' | 'trace'>>;

/** The fields that a push for one device and a push for many have in common. */
type Pushed = Pick<node.PushChunk, 'operation' | 'deliverWithinMs' | 'finishWithinMs'>;

function weightOf({ operation }: Pushed): number {
  return operation ? operationBytes(operation) : 0;
}

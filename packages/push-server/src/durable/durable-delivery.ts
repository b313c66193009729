import { type CommandId, type DeviceId, type Epoch, hasEnded, operationBytes } from '@pushfleet/protocol';
import type { Commands, StatusUpdate, StatusUpdateResult, StoredStatus, TakenCommand } from '@pushfleet/registry';
import { type Clock, type Logger, meter, metrics, traceOfCommand, tracing } from '@pushfleet/runtime';
import type { DeliveryTraces } from '../links/delivery-traces.ts';
import type { LinkEntry } from '../links/link.ts';
import type { PushedCommand, ReportTo } from '../session/command.ts';
import type { Report, ReportEffect } from '../session/session.ts';
import { CommandFetcher } from './command-fetcher.ts';
import { isApplied, statusUpdateOf } from './status-update.ts';
import type { QueuedUpdate } from './status-update-queue.ts';
import { StatusUpdateWriter } from './status-update-writer.ts';

/** The links, as far as durable commands need them. */
export interface DurableLinks {
  /** The epoch of the session that this worker holds for the device; 0: none. */
  epochOf(device: DeviceId): number;
  push(device: DeviceId, command: PushedCommand): void;
  cancel(device: DeviceId, command: CommandId, reason: string): void;
  /** The device that reported the result over this link may forget it. */
  acknowledge(link: LinkEntry, command: CommandId): void;
}

export interface DurableDeliveryOptions {
  commands: Pick<Commands, 'updateStatus' | 'take'>;
  links: DurableLinks;
  /** Reports to balancers. */
  report(report: Report, channel: ReportTo): void;
  traces: Pick<DeliveryTraces, 'begin'>;
  clock: Clock;
  logger: Logger;
}

/** Number of commands whose ends are remembered. */
const rememberedEnds = 8_192;

/**
 * Delivers durable commands from the registry over the links of this worker: fetches the commands that are to be sent, and stores
 * each change of their status before it is reported to balancers, and before a result is acknowledged to the device.
 */
export class DurableDelivery implements AsyncDisposable {
  readonly #options: DurableDeliveryOptions;
  readonly #updates: StatusUpdateWriter;
  readonly #fetcher: CommandFetcher;
  /** The commands whose end was stored last, by what reports of this worker have said; the oldest first. */
  readonly #ended = new Set<string>();

  constructor(options: DurableDeliveryOptions) {
    const { commands, links, clock, logger } = options;
    this.#options = options;
    this.#updates = new StatusUpdateWriter({
      commands,
      clock,
      logger,
      onWritten: (queued, written) => this.#onWritten(queued, written),
    });
    this.#fetcher = new CommandFetcher({
      ...{ commands, logger },
      epochOf: (device) => links.epochOf(device),
      onTaken: (device, epoch, taken) => this.#onTaken(device, epoch, taken),
    });
  }

  /** Number of status updates that are not stored yet. */
  get updatesWaiting(): number {
    return this.#updates.waiting;
  }

  /** Fetches the commands that wait for a device that has its session here. */
  fetch(device: DeviceId): void {
    this.#fetcher.fetch(device);
  }

  /**
   * Whether a push of the command comes too late: the device has reported its end, and has been told that this is kept, or is about to
   * be. Pushes of balancers are on their way for as long as the network wants. What the registry hands out is another matter: it knows.
   */
  hasEnded(device: DeviceId, id: CommandId): boolean {
    return this.#updates.hasEnd({ device, id }) || this.#ended.has(`${device} ${id}`);
  }

  /** Takes a session's report on a durable command. */
  onReport(effect: ReportEffect, from: LinkEntry): void {
    const update = statusUpdateOf(effect);
    if (update === undefined) return;
    const isResult = effect.report.report === 'result' && update.kind === 'ended';
    this.#updates.add(update, { effect, from: isResult ? from : undefined });
  }

  /** To be called about once a second. */
  tick(): void {
    this.#updates.tick();
    this.#fetcher.tick();
  }

  /** Stores again the ends that were stored lately: the registry may have lost them. */
  repeatEnds(): void {
    this.#updates.repeatEnds();
  }

  /** Resolves once every status update is stored, or the registry has failed. */
  flush(): Promise<void> {
    return this.#updates.flush();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#updates[Symbol.asyncDispose]();
  }

  #onTaken(device: DeviceId, epoch: Epoch, taken: TakenCommand): void {
    const { links, clock } = this.#options;
    const { id, redelivered, cancelRequested } = taken;
    // The session has ended while the registry was asked.
    if (links.epochOf(device) !== epoch) return this.#updates.add({ kind: 'released', device, id, epoch });
    // The device has reported the end while the registry was away: it need not get the command once more.
    if (this.#updates.hasEnd({ device, id })) return;
    if (!cancelRequested) {
      if (tracing.tracer) this.#beginTrace(device, taken);
      return links.push(device, pushedCommand(taken, clock.now()));
    }
    // Whether the device has the command only the device knows; if it says nothing, the command ends when its time is up.
    if (redelivered) links.cancel(device, id, '');
    else this.#updates.add({ kind: 'released', device, id, epoch });
  }

  #remember({ device, id }: StatusUpdate): void {
    this.#ended.add(`${device} ${id}`);
    if (this.#ended.size <= rememberedEnds) return;
    for (const oldest of this.#ended) return void this.#ended.delete(oldest);
  }

  /** Whoever submitted it may have done so days ago: a trace of its own, which names that one. */
  #beginTrace(device: DeviceId, taken: TakenCommand): void {
    const link = traceOfCommand(taken.id);
    if (link) this.#options.traces.begin(device, taken, { link });
  }

  #onWritten({ update, effect, from, retried }: QueuedUpdate, { verdict, status, more }: StatusUpdateResult): void {
    const { links, report } = this.#options;
    // A retried update may have been stored at the first attempt: then nobody has got a report.
    const isWritten = verdict === 'applied' || (verdict === 'stale' && retried && isApplied(update, status));
    // A command that goes back to the queue is nothing that a balancer reports.
    const isReported = isWritten && (update.kind !== 'attempt-failed' || (status && hasEnded(status.outcome)));
    if (isWritten) meterStatus(update, status);
    if (isReported && effect) report(effect.report, effect.channel);
    if (update.kind === 'ended') this.#remember(update);
    // Whatever the registry makes of the result: the device has nothing to add.
    if (from) links.acknowledge(from, update.id);
    if (!more) return;
    // There was no room on the link for this one a moment ago.
    if (update.kind === 'released') this.#fetcher.fetchLater(update.device);
    else this.#fetcher.fetch(update.device);
  }
}

function pushedCommand(taken: TakenCommand, nowMs: number): PushedCommand {
  const { id, operation, deliverWithinMs, finishWithinMs, redelivered, failedBefore } = taken;
  return {
    id,
    operation,
    payloadBytes: operationBytes(operation),
    deliverByMs: nowMs + deliverWithinMs,
    finishByMs: nowMs + finishWithinMs,
    channel: 'every',
    redelivered,
    isSuspect: failedBefore,
  };
}

function meterStatus(update: StatusUpdate, status: StoredStatus | undefined): void {
  const outcome = update.kind === 'delivered' ? 'OUTCOME_DELIVERED' : (status?.outcome ?? endOf(update));
  const counted = metrics.durableStatuses.values.find((value) => value === outcome);
  if (counted) meter.count(metrics.durableStatuses, counted);
}

function endOf(update: StatusUpdate): StoredStatus['outcome'] | undefined {
  return update.kind === 'ended' ? update.outcome : undefined;
}

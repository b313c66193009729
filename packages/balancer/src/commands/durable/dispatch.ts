import { type CommandId, type DeviceId, type Epoch, limits, type node, operationBytes } from '@pushfleet/protocol';
import type { Commands, NewCommand, SessionRef, StatusUpdate } from '@pushfleet/registry';
import { type Clock, concurrentBatches, type Logger, type TurnBatch } from '@pushfleet/runtime';
import { LRUCache } from 'lru-cache';
import type { CommandTrace } from '../command-trace.ts';
import type { CommandRef } from '../engine.ts';
import { type ChannelBatch, cancelItem, type OutboundItem, wakeupItem } from '../workers/channel-batch.ts';
import type { WorkerChannels } from '../workers/worker-channels.ts';
import type { ConfirmedCommands } from './confirmed-commands.ts';
import type { StatusSubscriptions } from './status-subscriptions.ts';

const maxReleases = 20_000;
/** Commands whose workers have not reported yet; beyond, the sweep finds what comes back. */
const maxRouted = 50_000;

export interface DurableDispatchOptions {
  commands: Pick<Commands, 'updateStatus'>;
  subscriptions: StatusSubscriptions;
  confirmed: Pick<ConfirmedCommands, 'onStatus'>;
  channels: Pick<WorkerChannels, 'send'>;
  findSession(device: DeviceId): Promise<SessionRef | undefined>;
  clock: Clock;
  logger: Logger;
}

/**
 * Sends durable commands to the workers that the registry named. What cannot be sent, or comes back, is given back
 * to the registry; if that fails too, the sweep finds it.
 */
export class DurableDispatch {
  readonly #options: DurableDispatchOptions;
  readonly #releases: TurnBatch<StatusUpdate>;
  /** For which session each command went out, so that it is given back for that one and no other. */
  readonly #routed = new LRUCache<CommandId, Epoch>({ max: maxRouted });

  constructor(options: DurableDispatchOptions) {
    this.#options = options;
    const run = (batch: StatusUpdate[]) => this.#release(batch);
    this.#releases = concurrentBatches({ capacity: maxReleases, batchItems: 256, concurrency: 2, run });
  }

  /** Sends a command that the registry has just ROUTED to the session. */
  send(command: NewCommand, session: SessionRef, trace?: CommandTrace | undefined): void {
    trace?.begin('channel');
    this.#routed.set(command.id, session.epoch);
    const { channels, clock } = this.#options;
    channels.send(session, new RoutedCommand(command, session.epoch, clock.now(), this, trace));
  }

  /** `true`: the command came back, and that is all that the report says. */
  onReport({ commandId, deviceId, report }: node.CommandReport): boolean {
    const id = commandId as CommandId;
    const epoch = this.#routed.peek(id);
    if (epoch !== undefined) this.#routed.delete(id);
    if (report !== 'notHere') return false;
    if (epoch !== undefined) this.release({ device: deviceId as DeviceId, id }, epoch);
    return true;
  }

  /** The command was never written to the link of the session with this epoch. */
  release({ device, id }: CommandRef, epoch: Epoch): void {
    this.#releases.add({ kind: 'released', device, id, epoch });
  }

  /** Tells the worker of the session, if it can be reached. */
  cancel({ device: deviceId, id: commandId }: CommandRef, session: SessionRef, reason: string): void {
    this.#options.channels.send(session, cancelItem({ deviceId, commandId, reason }));
  }

  /** Makes the worker of the session look for commands of the device, if it can be reached. */
  wake(deviceId: DeviceId, session: SessionRef): void {
    this.#options.channels.send(session, wakeupItem({ deviceId }));
  }

  /** Makes whatever worker has the device now look for its commands, where it can be reached. */
  async wakeWherever(device: DeviceId): Promise<void> {
    try {
      const session = await this.#options.findSession(device);
      if (session) this.wake(device, session);
    } catch {
      // The sweep finds it.
    }
  }

  async #release(updates: StatusUpdate[]): Promise<void> {
    const { commands, subscriptions, confirmed, logger } = this.#options;
    try {
      const results = await commands.updateStatus(updates, limits.durableWindow);
      results.forEach(({ status, more }, index) => {
        const { device, id } = updates[index] as StatusUpdate;
        if (status) {
          confirmed.onStatus({ device, id }, status);
          subscriptions.onStatus({ device, id }, status);
        }
        // The device may have come back on another link, before what it gets now waited for it again.
        if (more) void this.wakeWherever(device);
      });
      const failed = results.filter(({ verdict }) => verdict === 'failed').length;
      if (failed > 0) logger.debug({ commands: failed }, 'commands were not given back; the sweep finds them');
    } catch (error) {
      logger.debug({ err: error, commands: updates.length }, 'commands were not given back; the sweep finds them');
    }
  }
}

/** A durable command that the registry has ROUTED, on its way to the worker that holds the session. */
class RoutedCommand implements OutboundItem {
  readonly #command: NewCommand;
  readonly #epoch: Epoch;
  readonly #routedAtMs: number;
  readonly #dispatch: DurableDispatch;
  readonly #trace: CommandTrace | undefined;

  constructor(
    command: NewCommand,
    epoch: Epoch,
    routedAtMs: number,
    dispatch: DurableDispatch,
    trace?: CommandTrace | undefined,
  ) {
    this.#trace = trace;
    this.#command = command;
    this.#epoch = epoch;
    this.#routedAtMs = routedAtMs;
    this.#dispatch = dispatch;
  }

  get sizeBytes(): number {
    return operationBytes(this.#command.operation);
  }

  addTo(batch: ChannelBatch, nowMs: number): boolean {
    const { id: commandId, device: deviceId, operation, ttlMs, finishWithinMs } = this.#command;
    const waitedMs = nowMs - this.#routedAtMs;
    const deliverWithinMs = ttlMs - waitedMs;
    if (deliverWithinMs < 1) {
      this.onDropped();
      return false;
    }
    const left = { deliverWithinMs, finishWithinMs: finishWithinMs - waitedMs };
    const command = { commandId, deviceId, epoch: this.#epoch, operation, ...left };
    batch.push(this.#trace ? { ...command, trace: this.#trace.context } : command);
    return true;
  }

  onWritten(): void {
    this.#trace?.endStep();
  }

  onDropped(): void {
    this.#trace?.endStep('the worker cannot be reached');
    this.#dispatch.release(this.#command, this.#epoch);
  }
}

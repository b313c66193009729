import { type CommandId, type DeviceId, type Epoch, limits, type node } from '@pushfleet/protocol';
import type { Commands, NewCommand, SessionRef, StatusUpdate, WorkerRef } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { BatchRunner } from '../batch-runner.ts';
import { CancelParcel, WakeupParcel } from '../courier/orders.ts';
import type { Parcel } from '../courier/outgoing.ts';
import type { CommandRef } from '../push-desk.ts';
import type { Follows } from './follows.ts';
import { Handover } from './handover.ts';

const maxReleases = 20_000;
/** Of commands whose workers have said nothing yet; beyond, the sweep finds what comes back. */
const maxHandedOver = 50_000;

/** What is needed of a channel to a worker. */
export interface ParcelChannel {
  add(parcel: Parcel): boolean;
}

export interface DurableDispatchOptions {
  commands: Pick<Commands, 'updateStatus'>;
  follows: Follows;
  channelOf(worker: WorkerRef): ParcelChannel | undefined;
  findSession(device: DeviceId): Promise<SessionRef | undefined>;
  /** Looks for workers that have just started. */
  refreshDirectory(): Promise<unknown>;
  clock: Clock;
  logger: Logger;
}

/**
 * Hands durable commands to the workers that the registry named. What cannot be handed over, or comes back, is given back
 * to the registry; if that fails too, the sweep finds it.
 */
export class DurableDispatch {
  readonly #options: DurableDispatchOptions;
  readonly #releases: BatchRunner<StatusUpdate>;
  /** For which session each went out, so that it is given back for that one and no other. */
  readonly #handedOver = new Map<string, Epoch>();
  readonly #giveBack = (handover: Handover) => this.release(handover, handover.session);

  constructor(options: DurableDispatchOptions) {
    this.#options = options;
    const run = (batch: StatusUpdate[]) => this.#note(batch);
    this.#releases = new BatchRunner({ capacity: maxReleases, batchItems: 256, concurrency: 2, run });
  }

  /** A command that the registry has just ROUTED to the session. */
  handOver(command: NewCommand, session: SessionRef): void {
    const handover = new Handover(command, session, this.#options.clock.now(), this.#giveBack);
    const channel = this.#options.channelOf(session);
    this.#remember(handover);
    if (!channel) void this.#handOverToNewcomer(handover);
    else if (!channel.add(handover)) this.#giveBack(handover);
  }

  /** `true`: the command came back, and that is all that the report says. */
  onReport({ commandId, deviceId, report }: node.CommandReport): boolean {
    const epoch = this.#handedOver.get(commandId);
    if (epoch !== undefined) this.#handedOver.delete(commandId);
    if (report !== 'notHere') return false;
    const ref = { device: deviceId as DeviceId, id: commandId as CommandId };
    if (epoch !== undefined) this.release(ref, { epoch });
    return true;
  }

  /** It was never written to the link of that session. */
  release({ device, id }: CommandRef, { epoch }: Pick<SessionRef, 'epoch'>): void {
    this.#releases.add({ kind: 'released', device, id, epoch });
  }

  /** The channel was lost before it took these. */
  onUnwritten(parcels: readonly Parcel[]): void {
    for (const parcel of parcels) if (parcel instanceof Handover) this.#giveBack(parcel);
  }

  /** Tells the worker of the session, if it can be reached. */
  cancel({ device, id }: CommandRef, session: SessionRef, reason: string): void {
    this.#send(session, new CancelParcel(device, id, reason));
  }

  /** Makes the worker of the session look for commands of the device, if it can be reached. */
  poke(device: DeviceId, session: SessionRef): void {
    this.#send(session, new WakeupParcel(device));
  }

  #remember({ id, session }: Handover): void {
    this.#handedOver.set(id, session.epoch);
    if (this.#handedOver.size <= maxHandedOver) return;
    const [oldest] = this.#handedOver.keys();
    if (oldest !== undefined) this.#handedOver.delete(oldest);
  }

  #send(session: SessionRef, order: Parcel): void {
    const channel = this.#options.channelOf(session);
    if (channel) channel.add(order);
    else void this.#options.refreshDirectory().then(() => this.#options.channelOf(session)?.add(order));
  }

  async #handOverToNewcomer(handover: Handover): Promise<void> {
    await this.#options.refreshDirectory();
    if (!this.#options.channelOf(handover.session)?.add(handover)) this.#giveBack(handover);
  }

  async #note(notes: StatusUpdate[]): Promise<void> {
    const { commands, follows, logger } = this.#options;
    try {
      const noted = await commands.updateStatus(notes, limits.durableWindow);
      noted.forEach(({ status, more }, index) => {
        const note = notes[index] as StatusUpdate;
        if (status) follows.onStatus(note, status);
        if (more) void this.#pokeWherever(note.device);
      });
      const failed = noted.filter(({ verdict }) => verdict === 'failed').length;
      if (failed > 0) logger.debug({ notes: failed }, 'commands were not given back; the sweep finds them');
    } catch (error) {
      logger.debug({ err: error, notes: notes.length }, 'commands were not given back; the sweep finds them');
    }
  }

  /** The device may have come back on another link, before what it gets now waited for it again. */
  async #pokeWherever(device: DeviceId): Promise<void> {
    try {
      const session = await this.#options.findSession(device);
      if (session) this.poke(device, session);
    } catch {
      // The sweep finds it.
    }
  }
}

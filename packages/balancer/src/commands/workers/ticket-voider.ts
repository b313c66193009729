import type { DeviceId } from '@pushfleet/protocol';
import { isRefusedWrite, type Sessions, type VoidedTickets } from '@pushfleet/registry';
import { type Clock, Unanswered } from '@pushfleet/runtime';
import { LRUCache } from 'lru-cache';
import { type OutboundItem, sessionCheckItem, voidTicketsItem } from './channel-batch.ts';

/** A worker that was out of reach, or stood still, hears of it when its channel opens within this time. */
const rememberedMs = 300_000;
/** By then the registry has done or refused a change for certain. */
const changedAfterMs = 10_000;
/** The oldest are forgotten first: their links are found when their sessions are asserted. */
const mostRemembered = 50_000;
/** Those whose links end together come back together, each with a TLS handshake and a question to a balancer. */
const linksPerSecond = 200;

/** The part of a channel to a worker that the voider needs. */
export interface VoidingChannel {
  /** `false`: the worker cannot be reached. */
  add(item: OutboundItem): boolean;
}

export interface TicketVoiderOptions {
  channels(): Iterable<VoidingChannel>;
  sessions: Pick<Sessions, 'findMany'>;
  clock: Clock;
}

/**
 * Announces to every worker that tickets of a device are void: it closes links that came with them, and the device's
 * tunnels. All hear of it, because links that take no commands and tunnels are known to nobody else.
 *
 * A change whose answer is lost may have ended a session whose worker would not hear of it, so that nobody would find a device that is
 * there. Workers assert such sessions; what else came with those tickets ends when the change is made again.
 */
export class TicketVoider implements Disposable {
  readonly #options: TicketVoiderOptions;
  /** The generation of tickets up to which those of a device are void. */
  readonly #remembered: LRUCache<DeviceId, number>;
  /** Devices whose sessions are to be checked. */
  readonly #checked: LRUCache<DeviceId, true>;
  readonly #unanswered: Unanswered<DeviceId>;

  constructor(options: TicketVoiderOptions) {
    this.#options = options;
    const { clock: perf } = options;
    const cache = { max: mostRemembered, ttl: rememberedMs, ttlResolution: 0, perf };
    this.#remembered = new LRUCache(cache);
    this.#checked = new LRUCache(cache);
    this.#unanswered = new Unanswered({ ask: (devices) => this.#check(devices), clock: options.clock });
  }

  [Symbol.dispose](): void {
    this.#unanswered[Symbol.dispose]();
  }

  /**
   * To be called before a change that may void tickets of these devices: workers check their sessions once it is over, whether or not this
   * balancer lives to announce it.
   */
  prepare(devices: readonly DeviceId[]): void {
    this.checkSessions(devices, changedAfterMs);
  }

  announce(voided: readonly VoidedTickets[]): void {
    for (const { device, generation } of voided) this.#remembered.set(device, generation);
    for (const channel of this.#options.channels()) {
      for (const { device: deviceId, generation } of voided) channel.add(voidTicketsItem({ deviceId, generation }));
    }
  }

  /** Announces; resolves when it is time for the next ones, where many links end by it. */
  async announcePaced(voided: readonly VoidedTickets[]): Promise<void> {
    this.announce(voided);
    const links = voided.filter(({ session }) => session !== undefined).length;
    if (links > 0) await this.#options.clock.sleep((1_000 * links) / linksPerSecond);
  }

  /**
   * A change that may void tickets of these devices has failed: unless the registry said that it did not do it, workers check the
   * sessions of those that have none, as soon as it answers.
   */
  onFailed(devices: Iterable<DeviceId>, error: unknown): void {
    if (!isRefusedWrite(error)) this.#unanswered.add(devices);
  }

  /** Workers assert the sessions that they hold for these devices: what the registry has of them is another one, or none. */
  checkSessions(devices: readonly DeviceId[], afterMs = 0): void {
    const items = devices.map((deviceId) => sessionCheckItem({ deviceId, afterMs }));
    for (const channel of this.#options.channels()) for (const item of items) channel.add(item);
  }

  /** The answer comes after the writes of before, which may have been under way for long. */
  async #check(devices: readonly DeviceId[]): Promise<void> {
    const open = await this.#options.sessions.findMany(devices);
    const without = devices.filter((device) => !open.has(device));
    for (const deviceId of without) this.#checked.set(deviceId, true);
    this.checkSessions(without);
  }

  /** Announces what is remembered on a channel that has just opened. */
  onOpened(channel: VoidingChannel): void {
    this.#checked.rforEach((_, deviceId) => channel.add(sessionCheckItem({ deviceId })));
    this.#remembered.rforEach((generation, deviceId) => channel.add(voidTicketsItem({ deviceId, generation })));
  }
}

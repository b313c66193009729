import type { DeviceId } from '@pushfleet/protocol';
import type { VoidedTickets } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import { LRUCache } from 'lru-cache';
import { type OutboundItem, voidTicketsItem } from './channel-batch.ts';

/** A worker that was out of reach, or stood still, hears of it when its channel opens within this time. */
const rememberedMs = 300_000;
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
  clock: Clock;
}

/**
 * Announces to every worker that tickets of a device are void: it closes links that came with them, and the device's
 * tunnels. All hear of it, because links that take no commands and tunnels are known to nobody else.
 */
export class TicketVoider {
  readonly #options: TicketVoiderOptions;
  /** The generation of tickets up to which those of a device are void. */
  readonly #remembered: LRUCache<DeviceId, number>;

  constructor(options: TicketVoiderOptions) {
    this.#options = options;
    const { clock: perf } = options;
    this.#remembered = new LRUCache({ max: mostRemembered, ttl: rememberedMs, ttlResolution: 0, perf });
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

  /** Announces what is remembered on a channel that has just opened. */
  onOpened(channel: VoidingChannel): void {
    this.#remembered.rforEach((generation, deviceId) => channel.add(voidTicketsItem({ deviceId, generation })));
  }
}

import type { DeviceId } from '@pushfleet/protocol';
import type { VoidedTickets } from '@pushfleet/registry';
import type { Clock } from '@pushfleet/runtime';
import type { Outgoing, Parcel } from './outgoing.ts';

/** A worker that was out of reach, or stood still, is told again when its channel opens within this time. */
const rememberedMs = 300_000;
/** The oldest are forgotten first: their links are found when their sessions are asserted. */
const mostRemembered = 50_000;
/** Those whose links end together come back together, each with a TLS handshake and a question to a balancer. */
const linksPerSecond = 200;

const orderBytes = 128;

/** What the voider must know of a channel to a worker. */
export interface VoidingChannel {
  /** `false`: the worker cannot be reached. */
  add(parcel: Parcel): boolean;
}

export interface TicketVoiderOptions {
  channels(): Iterable<VoidingChannel>;
  clock: Clock;
}

/**
 * Tells every worker that tickets of a device are void: it closes links that came with them, and the device's tunnels. All
 * are told, because links that take no commands and tunnels are known to nobody else.
 */
export class TicketVoider {
  readonly #options: TicketVoiderOptions;
  readonly #remembered = new Map<DeviceId, { generation: number; untilMs: number }>();

  constructor(options: TicketVoiderOptions) {
    this.#options = options;
  }

  tell(voided: readonly VoidedTickets[]): void {
    for (const { device, generation } of voided) this.#remember(device, generation);
    for (const channel of this.#options.channels()) {
      for (const { device, generation } of voided) channel.add(new VoidParcel(device, generation));
    }
  }

  /** Resolves when it is time for the next ones, where many links end by it. */
  async tellPaced(voided: readonly VoidedTickets[]): Promise<void> {
    this.tell(voided);
    const links = voided.filter(({ session }) => session !== undefined).length;
    if (links === 0) return;
    await new Promise<void>((resolve) => {
      this.#options.clock.after((1_000 * links) / linksPerSecond, resolve);
    });
  }

  /** Of a channel that has just opened. */
  onOpened(channel: VoidingChannel): void {
    const nowMs = this.#options.clock.now();
    for (const [device, { generation, untilMs }] of this.#remembered) {
      if (nowMs < untilMs) channel.add(new VoidParcel(device, generation));
      else this.#remembered.delete(device);
    }
  }

  #remember(device: DeviceId, generation: number): void {
    this.#remembered.delete(device);
    this.#remembered.set(device, { generation, untilMs: this.#options.clock.now() + rememberedMs });
    if (this.#remembered.size <= mostRemembered) return;
    const [oldest] = this.#remembered.keys();
    if (oldest !== undefined) this.#remembered.delete(oldest);
  }
}

class VoidParcel implements Parcel {
  readonly sizeBytes = orderBytes;
  readonly #order: { deviceId: DeviceId; generation: number };

  constructor(deviceId: DeviceId, generation: number) {
    this.#order = { deviceId, generation };
  }

  pack(messages: Outgoing): boolean {
    messages.voidTickets(this.#order);
    return true;
  }
}

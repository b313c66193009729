import type { DeviceId } from '@pushfleet/protocol';
import type { Ticket } from '../tickets/ticket.ts';

/** Of so many devices; those of whom it was said first are forgotten first. */
const mostRemembered = 50_000;

/**
 * Which tickets are known to be void. The registry says so of one that opens a session; a link that only reports results
 * opens none.
 */
export class VoidGenerations {
  readonly #goodFrom = new Map<DeviceId, number>();

  /** Tickets of earlier generations than this one are void. */
  add(device: DeviceId, generation: number): void {
    const goodFrom = Math.max(generation, this.#goodFrom.get(device) ?? 0);
    this.#goodFrom.delete(device);
    this.#goodFrom.set(device, goodFrom);
    if (this.#goodFrom.size <= mostRemembered) return;
    const [oldest] = this.#goodFrom.keys();
    if (oldest !== undefined) this.#goodFrom.delete(oldest);
  }

  has({ device, generation }: Ticket): boolean {
    return generation < (this.#goodFrom.get(device) ?? 0);
  }
}

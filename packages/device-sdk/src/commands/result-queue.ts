import type { device } from '@pushfleet/protocol';
import type { Link } from '../link.ts';
import { outputBytes } from './ending.ts';

/** The most results in flight, and the most that wait. */
const maxResults = 256;
/** Output bytes of the results that wait. */
const maxWaitingBytes = 8_388_608;

/**
 * Results on their way to the server, one for each command. While the link is down they wait for the next one; those that
 * were in flight when it went down are sent again. When the queue is full, the oldest is dropped.
 */
export class ResultQueue {
  readonly #durable: boolean;
  #link: Link | undefined;
  #waiting = new Map<string, device.CommandResult>();
  #waitingBytes = 0;
  readonly #inFlight = new Map<string, device.CommandResult>();

  constructor(durable: boolean, link: Link | undefined) {
    this.#durable = durable;
    this.#link = link;
  }

  get size(): number {
    return this.#waiting.size + this.#inFlight.size;
  }

  send(result: device.CommandResult): void {
    const isInFlight = this.#inFlight.has(result.commandId);
    if (this.#link === undefined || (this.#inFlight.size >= maxResults && !isInFlight)) this.#wait(result);
    else this.#report(this.#link, result);
  }

  attach(link: Link): void {
    this.#link = link;
    this.#flush();
  }

  detach(): void {
    this.#link = undefined;
    const results = [...this.#inFlight.values(), ...this.#waiting.values()];
    this.#inFlight.clear();
    this.#waiting.clear();
    this.#waitingBytes = 0;
    for (const result of results) this.#wait(result);
  }

  #report(link: Link, result: device.CommandResult): void {
    this.#inFlight.set(result.commandId, result);
    const sent = () => {
      if (this.#link === link && this.#inFlight.delete(result.commandId)) this.#flush();
    };
    link.report(result, sent, this.#durable);
  }

  #flush(): void {
    while (this.#link !== undefined && this.#inFlight.size < maxResults) {
      const oldest = this.#take();
      if (oldest === undefined) return;
      this.#report(this.#link, oldest);
    }
  }

  #wait(result: device.CommandResult): void {
    this.#take(result.commandId);
    this.#waiting.set(result.commandId, result);
    this.#waitingBytes += outputBytes(result);
    while (this.#waiting.size > maxResults || this.#waitingBytes > maxWaitingBytes) this.#take();
  }

  #take(id = this.#waiting.keys().next().value): device.CommandResult | undefined {
    const result = id === undefined ? undefined : this.#waiting.get(id);
    if (result === undefined) return undefined;
    this.#waiting.delete(result.commandId);
    this.#waitingBytes -= outputBytes(result);
    return result;
  }
}

import type { device } from '@pushfleet/protocol';
import type { Link } from '../link.ts';
import { outputBytes } from './ending.ts';

/** Results under way and results that wait, each. */
const maxResults = 256;
/** Of the outputs of the results that wait. */
const maxWaitingBytes = 8_388_608;

/**
 * Results on their way to the server. While the link is down they wait for the next one; those that were under way when
 * it went down are sent again. Full: the oldest is dropped, its command then ends as OUTCOME_UNKNOWN.
 */
export class Outbox {
  #link: Link | undefined;
  #waiting: device.CommandResult[] = [];
  #waitingBytes = 0;
  readonly #underWay = new Set<device.CommandResult>();

  get size(): number {
    return this.#waiting.length + this.#underWay.size;
  }

  send(result: device.CommandResult): void {
    if (this.#link === undefined || this.#underWay.size >= maxResults) this.#wait(result);
    else this.#report(this.#link, result);
  }

  /** A sign of life, of use only now. */
  sendNow(result: device.CommandResult): void {
    if (this.#underWay.size < maxResults) this.#link?.report(result);
  }

  attach(link: Link): void {
    this.#link = link;
    this.#flush();
  }

  detach(): void {
    this.#link = undefined;
    const results = [...this.#underWay, ...this.#waiting];
    this.#underWay.clear();
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const result of results) this.#wait(result);
  }

  #report(link: Link, result: device.CommandResult): void {
    this.#underWay.add(result);
    link.report(result, () => {
      if (this.#underWay.delete(result)) this.#flush();
    });
  }

  #flush(): void {
    while (this.#link !== undefined && this.#waiting.length > 0 && this.#underWay.size < maxResults) {
      this.#report(this.#link, this.#take() as device.CommandResult);
    }
  }

  #wait(result: device.CommandResult): void {
    this.#waiting.push(result);
    this.#waitingBytes += outputBytes(result);
    while (this.#waiting.length > maxResults || this.#waitingBytes > maxWaitingBytes) this.#take();
  }

  #take(): device.CommandResult | undefined {
    const oldest = this.#waiting.shift();
    this.#waitingBytes -= oldest === undefined ? 0 : outputBytes(oldest);
    return oldest;
  }
}

import type { device } from '@pushfleet/protocol';
import type { Link } from '../link.ts';
import { outputBytes } from './ending.ts';

/** Results under way and results that wait, each. */
const maxResults = 256;
/** Of the outputs of the results that wait. */
const maxWaitingBytes = 8_388_608;

/**
 * Results on their way to the server, one of each command. While the link is down they wait for the next one; those that
 * were under way when it went down are sent again. Full: the oldest is dropped.
 */
export class ResultLane {
  readonly #durable: boolean;
  #link: Link | undefined;
  #waiting = new Map<string, device.CommandResult>();
  #waitingBytes = 0;
  readonly #underWay = new Map<string, device.CommandResult>();

  constructor(durable: boolean, link: Link | undefined) {
    this.#durable = durable;
    this.#link = link;
  }

  get size(): number {
    return this.#waiting.size + this.#underWay.size;
  }

  send(result: device.CommandResult): void {
    const isUnderWay = this.#underWay.has(result.commandId);
    if (this.#link === undefined || (this.#underWay.size >= maxResults && !isUnderWay)) this.#wait(result);
    else this.#report(this.#link, result);
  }

  attach(link: Link): void {
    this.#link = link;
    this.#flush();
  }

  detach(): void {
    this.#link = undefined;
    const results = [...this.#underWay.values(), ...this.#waiting.values()];
    this.#underWay.clear();
    this.#waiting.clear();
    this.#waitingBytes = 0;
    for (const result of results) this.#wait(result);
  }

  #report(link: Link, result: device.CommandResult): void {
    this.#underWay.set(result.commandId, result);
    const sent = () => {
      if (this.#link === link && this.#underWay.delete(result.commandId)) this.#flush();
    };
    link.report(result, sent, this.#durable);
  }

  #flush(): void {
    while (this.#link !== undefined && this.#underWay.size < maxResults) {
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

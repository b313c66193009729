import type { device } from '@pushfleet/protocol';
import type { Link } from '../link.ts';
import { ResultQueue } from './result-queue.ts';

/**
 * Results on their way to the server, each until the server has it: up to 256 in flight and 256 more (8 MiB of outputs)
 * that wait for the next link; then the oldest is dropped. A direct command whose result was dropped ends as
 * OUTCOME_UNKNOWN, a durable one is sent again and answered from the log. Results of durable commands wait for a registry that
 * may not answer for long, so they have a queue of their own and hold up no others.
 */
export class Outbox {
  #link: Link | undefined;
  /** Created by the first result. */
  #direct: ResultQueue | undefined;
  #durable: ResultQueue | undefined;

  get size(): number {
    return (this.#direct?.size ?? 0) + (this.#durable?.size ?? 0);
  }

  send(result: device.CommandResult, durable: boolean): void {
    if (durable) this.#durable ??= new ResultQueue(true, this.#link);
    else this.#direct ??= new ResultQueue(false, this.#link);
    (durable ? this.#durable : this.#direct)?.send(result);
  }

  /** Sends progress that is of use only now; left out where the link is down. */
  sendProgress(running: device.CommandResult): void {
    this.#link?.report(running);
  }

  /** The same for progress that is of little use: left out, too, where the link cannot take it at once. */
  offerProgress(running: device.CommandResult): void {
    if (this.#link?.congested === false) this.#link.report(running);
  }

  attach(link: Link): void {
    this.#link = link;
    this.#durable?.attach(link);
    this.#direct?.attach(link);
  }

  detach(): void {
    this.#link = undefined;
    this.#durable?.detach();
    this.#direct?.detach();
  }
}

import type { device } from '@pushfleet/protocol';
import type { Link } from '../link.ts';
import { ResultLane } from './result-lane.ts';

/**
 * Results on their way to the server, each until the server has it: up to 256 under way and 256 more (8 MiB of outputs)
 * that wait for the next link; then the oldest is dropped. A direct command whose result was dropped ends as
 * OUTCOME_UNKNOWN, a durable one is sent again and answered from the log. Durable ones wait for a registry that may not
 * answer for long, so they have a lane of their own and hold up no others.
 */
export class Outbox {
  #link: Link | undefined;
  /** Of devices that have nothing to say there is none. */
  #direct: ResultLane | undefined;
  #durable: ResultLane | undefined;

  get size(): number {
    return (this.#direct?.size ?? 0) + (this.#durable?.size ?? 0);
  }

  send(result: device.CommandResult, durable: boolean): void {
    if (durable) this.#durable ??= new ResultLane(true, this.#link);
    else this.#direct ??= new ResultLane(false, this.#link);
    (durable ? this.#durable : this.#direct)?.send(result);
  }

  /** Of use only now; left out where the link is down. */
  say(running: device.CommandResult): void {
    this.#link?.report(running);
  }

  /** Of use only now, and not much: left out, too, where the link cannot take it at once. */
  mention(running: device.CommandResult): void {
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

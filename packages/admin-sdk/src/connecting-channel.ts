import { type ChannelInterface, connectivityState, status } from '@grpc/grpc-js';
import { type Clock, systemClock } from './clock.ts';

type Call = ReturnType<ChannelInterface['createCall']>;

const connectWithinMs = 10_000;

/**
 * A channel whose calls do not wait for ever for a connection: what takes connections and says nothing — a frozen
 * balancer, a proxy that does not answer, a firewall — is given up after ten seconds, and connected anew for the next call.
 */
export class ConnectingChannel implements ChannelInterface {
  readonly #open: () => ChannelInterface;
  readonly #withinMs: number;
  readonly #clock: Clock;
  #channel: ChannelInterface;
  /** Calls that have no connection yet. */
  readonly #waiting = new Set<Call>();
  #deadline: Disposable | undefined;

  constructor(open: () => ChannelInterface, { withinMs = connectWithinMs, clock = systemClock } = {}) {
    this.#open = open;
    this.#withinMs = withinMs;
    this.#clock = clock;
    this.#channel = open();
  }

  createCall(...args: Parameters<ChannelInterface['createCall']>): Call {
    const call = this.#channel.createCall(...args);
    if (this.#channel.getConnectivityState(false) !== connectivityState.READY) this.#await(call);
    return call;
  }

  close(): void {
    this.#settle();
    this.#channel.close();
  }

  getTarget(): string {
    return this.#channel.getTarget();
  }

  getConnectivityState(tryToConnect: boolean): connectivityState {
    return this.#channel.getConnectivityState(tryToConnect);
  }

  watchConnectivityState(...args: Parameters<ChannelInterface['watchConnectivityState']>): void {
    this.#channel.watchConnectivityState(...args);
  }

  getChannelzRef() {
    return this.#channel.getChannelzRef();
  }

  #await(call: Call): void {
    this.#waiting.add(call);
    if (this.#deadline !== undefined) return;
    this.#deadline = this.#clock.after(this.#withinMs, () => this.#giveUp());
    this.#watch(this.#channel);
  }

  /** The attempt ends well or not; if not, the calls that wait have failed. */
  #watch(channel: ChannelInterface): void {
    channel.watchConnectivityState(channel.getConnectivityState(true), Number.POSITIVE_INFINITY, () => {
      if (channel !== this.#channel || this.#deadline === undefined) return;
      if (channel.getConnectivityState(false) === connectivityState.CONNECTING) this.#watch(channel);
      else this.#settle();
    });
  }

  #giveUp(): void {
    const details = `No connection established. Last error: nothing answered within ${this.#withinMs / 1_000} s`;
    const [given, waiting] = [this.#channel, [...this.#waiting]];
    this.#settle();
    this.#channel = this.#open();
    for (const call of waiting) call.cancelWithStatus(status.UNAVAILABLE, details);
    given.close();
  }

  #settle(): void {
    this.#deadline?.[Symbol.dispose]();
    this.#deadline = undefined;
    this.#waiting.clear();
  }
}

import type { ChannelInterface } from '@grpc/grpc-js';
import { invalidArgument } from '@pushfleet/protocol';

/** The one of several balancers that is asked, until it does not answer; then the next one. */
export class BalancerChoice {
  readonly addresses: readonly string[];
  #at = 0;

  /** @throws PushfleetError INVALID_ARGUMENT */
  constructor(addresses: readonly string[]) {
    if (addresses.length === 0) throw invalidArgument('address', 'host:port, or a list of at least one');
    for (const address of addresses) hostOf(address);
    this.addresses = addresses;
  }

  get at(): number {
    return this.#at;
  }

  get address(): string {
    return this.addresses[this.#at] as string;
  }

  /** The balancer at this address does not serve. Calls that failed together move on by one, not each. */
  moveOn(from: string): void {
    if (this.address === from) this.#at = (this.#at + 1) % this.addresses.length;
  }
}

/** @throws PushfleetError INVALID_ARGUMENT */
export function hostOf(address: string): string {
  const host = /^(?:\[(.+)\]|([^:]+)):\d{1,5}$/.exec(address);
  if (host === null) throw invalidArgument('address', 'host:port');
  return host[1] ?? host[2] ?? '';
}

/** A channel of grpc-js over one for each balancer: a call goes to the balancer of the moment and stays there. */
export class ChosenChannel implements ChannelInterface {
  readonly #choice: BalancerChoice;
  /** One for each address. They connect when they are first called. */
  readonly #channels: readonly ChannelInterface[];

  constructor(choice: BalancerChoice, open: (address: string) => ChannelInterface) {
    this.#choice = choice;
    this.#channels = choice.addresses.map(open);
  }

  createCall(...args: Parameters<ChannelInterface['createCall']>): ReturnType<ChannelInterface['createCall']> {
    return this.#current.createCall(...args);
  }

  close(): void {
    for (const channel of this.#channels) channel.close();
  }

  getTarget(): string {
    return this.#current.getTarget();
  }

  getConnectivityState(tryToConnect: boolean) {
    return this.#current.getConnectivityState(tryToConnect);
  }

  watchConnectivityState(...args: Parameters<ChannelInterface['watchConnectivityState']>): void {
    this.#current.watchConnectivityState(...args);
  }

  getChannelzRef(): ReturnType<ChannelInterface['getChannelzRef']> {
    return this.#current.getChannelzRef();
  }

  get #current(): ChannelInterface {
    return this.#channels[this.#choice.at] as ChannelInterface;
  }
}

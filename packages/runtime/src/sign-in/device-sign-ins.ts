import type { BlockList } from 'node:net';
import type { Clock } from '../clock.ts';
import { meter } from '../metrics/meter.ts';
import { metrics } from '../metrics/metric-table.ts';
import { isListed } from '../net/client-address.ts';
import { networkOf } from '../net/unauthenticated-connections.ts';
import { SignInLock, type SignInLockPolicy } from './sign-in-lock.ts';

const minuteMs = 60_000;
const common = { longestLockMs: 15 * minuteMs, forgetAfterMs: 120 * minuteMs, keys: 10_000 } as const;

/**
 * Locks begin short: whoever tries is slowed down first. An address has more than as many attempts as a process looks at in one moment, so that
 * devices behind one NAT that come together do not lock each other.
 */
export const deviceSignInPolicies = {
  /** One identity, from one address. */
  pair: { ...common, failures: 10, withinMs: minuteMs, firstLockMs: 2_000 },
  /** One address, whatever identity it claims. */
  address: { ...common, failures: 128, withinMs: minuteMs, firstLockMs: 2_000 },
  /** One identity, from all addresses. Never for long: whoever knows the id of a device can cause it. */
  identity: { ...common, failures: 50, withinMs: 5 * minuteMs, firstLockMs: 2_000, longestLockMs: minuteMs },
} as const satisfies Record<string, SignInLockPolicy>;

/** Devices that have signed in, with their addresses, that are remembered. */
const knownPairs = 50_000;

/** Who claims to be which device, and from where. */
export interface DeviceSignIn {
  address: string;
  /** The claim: nothing of it is proven. */
  identity: string;
}

/** The keys by which the failures of a sign-in are counted with those of others. */
interface Keys {
  pair: string;
  /** `undefined`: failures there are not counted by address. */
  address: string | undefined;
}

export type LockedBy = 'pair' | 'address' | 'identity';

export interface DeviceSignInsOptions {
  clock: Pick<Clock, 'now'>;
  /** Networks in which many devices share an address. Their failures are not counted by address. Absent: there are none. */
  shared?: BlockList | undefined;
  /** Called when a lock begins. */
  onLocked?: ((signIn: DeviceSignIn, by: LockedBy, lockedMs: number) => void) | undefined;
}

/**
 * Counts sign-ins of devices that fail, by the identity that is claimed and by address, and says before anything is spent on one whether it is
 * looked at. A device that has signed in from an address is looked at there whatever others do, behind that address or to its
 * identity. Bounded: some 15 MB where all tables are full.
 */
export class DeviceSignIns {
  readonly #options: DeviceSignInsOptions;
  readonly #pairs: SignInLock;
  readonly #addresses: SignInLock;
  readonly #identities: SignInLock;
  /** The one that signed in longest ago first. */
  readonly #known = new Set<string>();

  constructor(options: DeviceSignInsOptions) {
    const { clock } = options;
    this.#options = options;
    this.#pairs = new SignInLock(clock, deviceSignInPolicies.pair);
    this.#addresses = new SignInLock(clock, deviceSignInPolicies.address);
    this.#identities = new SignInLock(clock, deviceSignInPolicies.identity);
  }

  /**
   * @returns 0 where the credential may be looked at: then it counts as bad until `succeed` or `forgive`. Else the time until it may,
   * in milliseconds.
   */
  begin(signIn: DeviceSignIn): number {
    const keys = this.#keysOf(signIn);
    const isKnown = this.#known.has(keys.pair);
    const pairMs = this.#attempt(this.#pairs, keys.pair, signIn, 'pair');
    if (pairMs > 0) return this.#refuse(pairMs);
    const addressMs = keys.address === undefined ? 0 : this.#attempt(this.#addresses, keys.address, signIn, 'address');
    const identityMs =
      addressMs > 0 && !isKnown ? 0 : this.#attempt(this.#identities, signIn.identity, signIn, 'identity');
    const waitMs = Math.max(addressMs, identityMs);
    if (isKnown || waitMs === 0) return 0;
    this.#pairs.forgive(keys.pair);
    if (addressMs === 0 && keys.address !== undefined) this.#addresses.forgive(keys.address);
    return this.#refuse(waitMs);
  }

  /** The credential was good. */
  succeed(signIn: DeviceSignIn): void {
    const keys = this.#keysOf(signIn);
    this.#forgive(signIn, keys);
    const { pair } = keys;
    this.#known.delete(pair);
    this.#known.add(pair);
    if (this.#known.size > knownPairs) for (const oldest of this.#known.values().take(1)) this.#known.delete(oldest);
  }

  /** Whether the credential was good is not known, or it was bad through no fault of who has shown it. */
  forgive(signIn: DeviceSignIn): void {
    this.#forgive(signIn, this.#keysOf(signIn));
  }

  /** The time until the credential may be looked at, in milliseconds, without an attempt; 0: it may. */
  lockedForMs(signIn: DeviceSignIn): number {
    const keys = this.#keysOf(signIn);
    const pairMs = this.#pairs.lockedForMs(keys.pair);
    if (pairMs > 0) return this.#refuse(pairMs);
    if (this.#known.has(keys.pair)) return 0;
    const addressMs = keys.address === undefined ? 0 : this.#addresses.lockedForMs(keys.address);
    const waitMs = Math.max(addressMs, this.#identities.lockedForMs(signIn.identity));
    return waitMs === 0 ? 0 : this.#refuse(waitMs);
  }

  /** Whether sign-ins from the address are locked. */
  isSuspect(address: string): boolean {
    return this.#addresses.lockedForMs(networkOf(address)) > 0;
  }

  #forgive({ identity }: DeviceSignIn, { pair, address }: Keys): void {
    this.#pairs.forgive(pair);
    this.#identities.forgive(identity);
    if (address !== undefined) this.#addresses.forgive(address);
  }

  #keysOf({ address, identity }: DeviceSignIn): Keys {
    const network = networkOf(address);
    return { pair: `${network} ${identity}`, address: isListed(this.#options.shared, address) ? undefined : network };
  }

  #attempt(lock: SignInLock, key: string, signIn: DeviceSignIn, by: LockedBy): number {
    const wasLocked = lock.lockedForMs(key) > 0;
    const waitMs = lock.attempt(key);
    if (waitMs > 0 && !wasLocked) this.#options.onLocked?.(signIn, by, waitMs);
    return waitMs;
  }

  #refuse(waitMs: number): number {
    meter.count(metrics.lockedSignIns, 'device');
    return waitMs;
  }
}

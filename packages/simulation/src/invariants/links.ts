import type { DeviceStatus } from '@pushfleet/device-sdk';
import type { DeviceHost } from '../actors/device.ts';
import type { Disturbances } from '../faults/disturbances.ts';
import type { World } from '../world/world.ts';

/** How long after something was done to a host its links may still end of it: the longest keep-alive, answer and greeting. */
const afterwardsMs = 150_000;

/** Disturbances of a push server's host that may end its links. Steps of clocks and short pauses are not among them. */
const endLinks = ['crash', 'long pause', 'partition', 'settings', 'certificate'] as const;
/** Reasons with which the cluster may end a link at any time: the device is sent to where it has a place. */
const redirects: readonly string[] = ['useAnotherServer', 'serverShuttingDown', 'noCapacity'];

/**
 * A link ends for a cause: something was done to the device, to its path or to the processes that hold it. A clock that is set, a push
 * server that stands still for less than devices wait, a registry that is away or takes no writes are none.
 */
export class LinkRules {
  readonly #world: World;
  readonly #disturbances: Disturbances;
  readonly #servers = new Map<string, string>();

  constructor(world: World, disturbances: Disturbances) {
    this.#world = world;
    this.#disturbances = disturbances;
  }

  watch(device: DeviceHost): void {
    device.onStatus = (status) => this.#onStatus(device, status);
  }

  #onStatus({ id, isWanted, isFragile, isRekeyed }: DeviceHost, status: DeviceStatus): void {
    const server = this.#servers.get(id);
    if (status.kind === 'connected') {
      this.#servers.set(id, status.server.nodeId);
      return;
    }
    this.#servers.delete(id);
    if (status.kind === 'stopped' && isWanted && !isRekeyed) {
      const { reason, detail } = status.cause;
      this.#world.find('stopped for good', `${reason}: ${detail}`, { device: id });
    }
    const cause = status.kind === 'waiting' ? status.cause?.reason : undefined;
    // One that is sent on connects there at once, without waiting.
    const isRedirected = status.kind === 'connecting' || (cause !== undefined && redirects.includes(cause));
    if (server === undefined || isRedirected) return;
    const { nowMs } = this.#world;
    const fromMs = nowMs - afterwardsMs;
    const hasCause =
      isFragile ||
      this.#disturbances.touched(id, fromMs, nowMs) ||
      this.#disturbances.touched(server, fromMs, nowMs, endLinks);
    if (!hasCause) {
      this.#world.find('link ended without a cause', `on ${server}: ${cause ?? status.kind}`, {
        device: id,
        who: server,
      });
    }
  }
}

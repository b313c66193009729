import type { DeviceId, device, NodeId } from '@pushfleet/protocol';
import type { PushServerRegistry, ReservationRequest } from '@pushfleet/registry';
import type { RedirectDecision } from '../links/link-table.ts';
import type { RedirectTarget, Ticket } from '../session/session.ts';
import type { NodeCache } from './node-cache.ts';

/** A slot that is no further away has come: the device has to connect first. */
const aboutNowMs = 1_000;

/** Reserves places on other push servers for devices that must leave this one. */
export class RedirectReservations {
  readonly #assignments: PushServerRegistry['assignments'];
  readonly #nodes: NodeCache;
  readonly #self: NodeId;
  readonly #lapseMs: number;

  /** @param lapseMs Time until a reservation lapses where the device does not come. */
  constructor(assignments: PushServerRegistry['assignments'], nodes: NodeCache, self: NodeId, lapseMs: number) {
    this.#assignments = assignments;
    this.#nodes = nodes;
    this.#self = self;
    this.#lapseMs = lapseMs;
  }

  /**
   * Reserves a place on one of the other push servers that the ticket is good for, so that devices that leave together
   * spread evenly. `undefined`: there is none, or the registry does not answer; the device must ask a balancer.
   */
  async reserve(ticket: Ticket): Promise<RedirectTarget | undefined> {
    return (await this.#reserve(ticket))?.target;
  }

  /** The same for a device that is connected: it stays until its slot has come. The reservation is kept for it meanwhile. */
  async reserveInTurn(ticket: Ticket): Promise<RedirectDecision> {
    const reserved = await this.#reserve(ticket);
    return reserved && reserved.connectAfterMs > aboutNowMs ? 'stay' : reserved?.target;
  }

  /** Reserves a place on that push server, and nowhere else; `stay`: it is full, has a queue, is not ready, or is this one. */
  async reserveOn({ device }: Ticket, target: device.Server): Promise<RedirectDecision> {
    const node = target.nodeId as NodeId;
    if (node === this.#self) return 'stay';
    const reserved = await this.#assignments.reserve(this.#request(device, [node]));
    return reserved.kind === 'reserved' && reserved.connectAfterMs <= aboutNowMs ? target : 'stay';
  }

  async #reserve(ticket: Ticket): Promise<{ target: RedirectTarget; connectAfterMs: number } | undefined> {
    const others = ticket.nodes.filter((node) => node !== this.#self);
    if (others.length === 0) return undefined;
    try {
      const reserved = await this.#assignments.reserve(this.#request(ticket.device, others));
      if (reserved.kind !== 'reserved') return undefined;
      const node = await this.#nodes.find(reserved.primary);
      const { connectAfterMs } = reserved;
      return node && { target: { nodeId: node.nodeId, address: node.address, port: node.port }, connectAfterMs };
    } catch {
      return undefined;
    }
  }

  /** Excludes impaired and overloaded push servers: the device is connected, and better off here. */
  #request(device: DeviceId, nodes: readonly NodeId[]): ReservationRequest {
    return { device, tiers: [nodes], avoid: [], lapseMs: this.#lapseMs, backups: 0, onlySound: true };
  }
}

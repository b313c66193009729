import type { DeviceId, device, NodeId } from '@pushfleet/protocol';
import type { Assignments, ReservationRequest } from '@pushfleet/registry';
import type { RedirectDecision } from '../links/link-table.ts';
import type { RedirectTarget, Ticket } from '../session/session.ts';
import type { NodeCache } from './node-cache.ts';

/** Reserves places on other push servers for devices that must leave this one. */
export class RedirectReservations {
  readonly #assignments: Assignments;
  readonly #nodes: NodeCache;
  readonly #self: NodeId;
  readonly #lapseMs: number;

  /** @param lapseMs Time until a reservation lapses where the device does not come. */
  constructor(assignments: Assignments, nodes: NodeCache, self: NodeId, lapseMs: number) {
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
    const others = ticket.nodes.filter((node) => node !== this.#self);
    if (others.length === 0) return undefined;
    try {
      const reserved = await this.#assignments.reserve(this.#request(ticket.device, others));
      const node = reserved.kind === 'reserved' ? await this.#nodes.find(reserved.primary) : undefined;
      return node && { nodeId: node.nodeId, address: node.address, port: node.port };
    } catch {
      return undefined;
    }
  }

  /** Reserves a place on that push server, and nowhere else; `stay`: it is full, not ready, or this one. */
  async reserveOn({ device }: Ticket, target: device.Server): Promise<RedirectDecision> {
    const node = target.nodeId as NodeId;
    if (node === this.#self) return 'stay';
    const { kind } = await this.#assignments.reserve(this.#request(device, [node]));
    return kind === 'reserved' ? target : 'stay';
  }

  /** Excludes impaired push servers: the device is connected, and better off here. */
  #request(device: DeviceId, nodes: readonly NodeId[]): ReservationRequest {
    return { device, tiers: [nodes], avoid: [], lapseMs: this.#lapseMs, backups: 0, onlySound: true };
  }
}

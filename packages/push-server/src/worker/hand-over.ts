import type { DeviceId, device, NodeId } from '@pushfleet/protocol';
import type { Assignments, ReservationRequest } from '@pushfleet/registry';
import type { Elsewhere } from '../session/session.ts';
import type { Ticket } from '../tickets/ticket.ts';
import type { Destination } from './departures.ts';
import type { Roster } from './roster.ts';

/** Finds a place for a device that must leave this push server. */
export class HandOver {
  readonly #assignments: Assignments;
  readonly #roster: Roster;
  readonly #self: NodeId;
  readonly #lapseMs: number;

  constructor(assignments: Assignments, roster: Roster, self: NodeId, lapseMs: number) {
    this.#assignments = assignments;
    this.#roster = roster;
    this.#self = self;
    this.#lapseMs = lapseMs;
  }

  /**
   * Reserves a place on one of the other push servers that the ticket is good for, so that devices that leave together
   * spread evenly. `undefined`: there is none, or the registry does not answer; the device must ask a balancer.
   */
  async reserve(ticket: Ticket): Promise<Elsewhere | undefined> {
    const others = ticket.nodes.filter((node) => node !== this.#self);
    if (others.length === 0) return undefined;
    try {
      const reserved = await this.#assignments.reserve(this.#request(ticket.device, others));
      const node = reserved.kind === 'reserved' ? await this.#roster.find(reserved.primary) : undefined;
      return node && { nodeId: node.nodeId, address: node.address, port: node.port };
    } catch {
      return undefined;
    }
  }

  /** A place on that push server, and nowhere else; `stay`: it is full, not ready, or not another one. */
  async reserveOn({ device }: Ticket, target: device.Server): Promise<Destination> {
    const node = target.nodeId as NodeId;
    if (node === this.#self) return 'stay';
    const { kind } = await this.#assignments.reserve(this.#request(device, [node]));
    return kind === 'reserved' ? target : 'stay';
  }

  /** Not on one that is impaired: the device is connected, and better off here. */
  #request(device: DeviceId, nodes: readonly NodeId[]): ReservationRequest {
    return { device, tiers: [nodes], avoid: [], lapseMs: this.#lapseMs, backups: 0, onlySound: true };
  }
}

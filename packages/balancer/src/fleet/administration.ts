import type { admin } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import type { TicketVoider } from '../commands/courier/ticket-voider.ts';
import type { Roster } from '../roster.ts';
import { DeviceAdministration } from './devices.ts';
import { DistributionPointAdministration } from './distribution-points.ts';
import { GroupAdministration } from './groups.ts';
import { Rehoming, type RehomingCourier } from './rehoming.ts';
import { viewNode } from './view.ts';

/** What FleetService answers; `grpc.ts` puts it on the wire. */
export class FleetAdministration {
  readonly groups: GroupAdministration;
  readonly points: DistributionPointAdministration;
  readonly devices: DeviceAdministration;
  readonly #roster: Roster;

  constructor(
    registry: Pick<Registry, 'fleet' | 'sessions'>,
    roster: Roster,
    courier: RehomingCourier,
    voider: TicketVoider,
  ) {
    const rehoming = new Rehoming(registry, courier);
    this.groups = new GroupAdministration(registry.fleet, rehoming);
    this.points = new DistributionPointAdministration(registry.fleet, roster);
    this.devices = new DeviceAdministration(registry, roster, rehoming, voider);
    this.#roster = roster;
  }

  async listNodes(): Promise<admin.ListNodesResponseInit> {
    // While the registry does not answer, the last known push servers are shown; how long they were silent tells.
    await this.#roster.refreshSoon();
    return { nodes: [...this.#roster.nodes].map(viewNode) };
  }
}

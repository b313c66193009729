import type { admin } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import type { TicketVoider } from '../commands/workers/ticket-voider.ts';
import { takePage } from '../net/paging.ts';
import type { NodeDirectory } from '../node-directory.ts';
import { DeviceAdministration } from './devices.ts';
import { DistributionPointAdministration } from './distribution-points.ts';
import { GroupAdministration } from './groups.ts';
import { type Redirector, Rehoming } from './rehoming.ts';
import { viewNode } from './view.ts';

/** The operations of FleetService, apart from the wire: `grpc.ts` serves them. */
export class FleetAdministration {
  readonly groups: GroupAdministration;
  readonly points: DistributionPointAdministration;
  readonly devices: DeviceAdministration;
  readonly #directory: NodeDirectory;

  constructor(
    registry: Pick<Registry, 'fleet' | 'sessions'>,
    directory: NodeDirectory,
    redirector: Redirector,
    voider: TicketVoider,
  ) {
    const rehoming = new Rehoming(registry, redirector);
    this.groups = new GroupAdministration(registry.fleet, rehoming);
    this.points = new DistributionPointAdministration(registry.fleet, directory);
    this.devices = new DeviceAdministration(registry, directory, rehoming, voider);
    this.#directory = directory;
  }

  async listNodes(request: admin.ListNodesRequest): Promise<admin.ListNodesResponseInit> {
    // While the registry does not answer, the last known push servers are shown; how long they were silent tells.
    await this.#directory.refreshSoon();
    const nodes = [...this.#directory.nodes].sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
    const { page, nextPageToken } = takePage('nodes', nodes, ({ nodeId }) => nodeId, request);
    return { nodes: page.map(viewNode), nextPageToken };
  }
}

import { type admin, type NodeId, PushfleetError, parseNodeId } from '@pushfleet/protocol';
import type { DistributionPoint, Fleet } from '@pushfleet/registry';
import { takePage } from '../net/paging.ts';
import type { NodeDirectory } from '../node-directory.ts';
import { mergeMasked, parseMask, putConditionally } from './conditional-put.ts';
import { assertGroup } from './groups.ts';
import { parseDistributionPoint } from './parse.ts';
import { pointEtag, viewDistributionPoint, viewNode } from './view.ts';

/** Distribution points, and what their push servers are to be like. */
export class DistributionPointAdministration {
  readonly #fleet: Fleet;
  readonly #directory: NodeDirectory;

  constructor(fleet: Fleet, directory: NodeDirectory) {
    this.#fleet = fleet;
    this.#directory = directory;
  }

  async put(request: admin.PutDistributionPointRequest): Promise<admin.PutDistributionPointResponseInit> {
    const { distributionPoint: asked, updateMask } = request;
    const paths = parseMask(updateMask, maskedFields);
    if (!asked || (asked.etag === '' && !paths)) return this.#write(asked);
    const id = parseNodeId(asked.distributionPointId, 'distribution_point.distribution_point_id');
    return putConditionally({
      etag: asked.etag,
      read: () => this.#find(id),
      etagOf: pointEtag,
      replace: (stored) =>
        this.#write(mergeMasked(viewDistributionPoint(stored) as admin.DistributionPoint, asked, paths), stored),
    });
  }

  #write(asked: admin.DistributionPoint | null): Promise<admin.PutDistributionPointResponseInit>;
  #write(
    asked: admin.DistributionPoint,
    expected: DistributionPoint,
  ): Promise<admin.PutDistributionPointResponseInit | undefined>;
  async #write(
    asked: admin.DistributionPoint | null,
    expected?: DistributionPoint,
  ): Promise<admin.PutDistributionPointResponseInit | undefined> {
    const point = parseDistributionPoint(asked);
    const fields = point.groups.map((_, index) => `distribution_point.groups[${index}]`);
    await Promise.all(point.groups.map((group, index) => assertGroup(this.#fleet, group, fields[index] ?? '')));
    if (!expected) await this.#fleet.putDistributionPoint(point);
    else if (!(await this.#fleet.replaceDistributionPoint(expected, point))) return undefined;
    return { distributionPoint: viewDistributionPoint(point) };
  }

  async #find(id: NodeId): Promise<DistributionPoint> {
    const point = await this.#fleet.getDistributionPoint(id);
    if (!point) throw pointNotFound(id);
    return point;
  }

  async get(request: admin.GetDistributionPointRequest): Promise<admin.GetDistributionPointResponseInit> {
    const id = parseNodeId(request.distributionPointId, 'distribution_point_id');
    const point = await this.#find(id);
    const node = this.#directory.node(id);
    return { distributionPoint: viewDistributionPoint(point), ...(node ? { node: viewNode(node) } : {}) };
  }

  async list(request: admin.ListDistributionPointsRequest): Promise<admin.ListDistributionPointsResponseInit> {
    const points = await this.#fleet.listDistributionPoints();
    const { page, nextPageToken } = takePage('distribution points', points, ({ id }) => id, request);
    return { distributionPoints: page.map(viewDistributionPoint), nextPageToken };
  }

  async delete(request: admin.DeleteDistributionPointRequest): Promise<admin.DeleteDistributionPointResponseInit> {
    const id = parseNodeId(request.distributionPointId, 'distribution_point_id');
    await this.#directory.refreshSoon();
    const node = this.#directory.node(id);
    // One that is dead cannot be disabled any more; its distribution point would stay for ever.
    if (node && node.status !== 'disabled' && node.liveness !== 'dead') {
      const message = `a push server runs on distribution point "${id}" (${node.status}, ${node.live} links); disable it first`;
      throw new PushfleetError('IN_USE', message, { field: 'distribution_point_id' });
    }
    if (!(await this.#fleet.deleteDistributionPoint(id))) throw pointNotFound(id);
    return {};
  }
}

const maskedSettings = ['enabled', 'port', 'address', 'max_connections', 'weight', 'address_check'];
const maskedFields = ['groups', 'push_server', ...maskedSettings.map((name) => `push_server.${name}`)];

function pointNotFound(id: NodeId): PushfleetError {
  const message = `there is no distribution point "${id}"`;
  return new PushfleetError('DISTRIBUTION_POINT_NOT_FOUND', message, { field: 'distribution_point_id' });
}

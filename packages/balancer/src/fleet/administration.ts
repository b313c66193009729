import {
  type admin,
  type DeviceId,
  type GroupPath,
  PushfleetError,
  parseDeviceId,
  parseGroupPath,
  parseNodeId,
} from '@pushfleet/protocol';
import { type Device, hashSecret, type Registry, type SessionRef } from '@pushfleet/registry';
import type { Roster } from '../roster.ts';
import { encodePageToken, parseDeviceQuery, parseDistributionPoint, parsePutDevice, secretNeeded } from './parse.ts';
import { viewDevice, viewDistributionPoint, viewNode } from './view.ts';

/** What FleetService answers; `grpc.ts` puts it on the wire. */
export class FleetAdministration {
  readonly #registry: Pick<Registry, 'fleet' | 'sessions'>;
  readonly #roster: Roster;

  constructor(registry: Pick<Registry, 'fleet' | 'sessions'>, roster: Roster) {
    this.#registry = registry;
    this.#roster = roster;
  }

  async putGroup({ group }: admin.PutGroupRequest): Promise<admin.PutGroupResponseInit> {
    const path = parseGroupPath(group?.path, 'group.path');
    await this.#registry.fleet.putGroup(path);
    return { group: { path } };
  }

  async listGroups(): Promise<admin.ListGroupsResponseInit> {
    const groups = await this.#registry.fleet.listGroups();
    return { groups: groups.map((path) => ({ path })) };
  }

  async putDistributionPoint(
    request: admin.PutDistributionPointRequest,
  ): Promise<admin.PutDistributionPointResponseInit> {
    const point = parseDistributionPoint(request.distributionPoint);
    const fields = point.groups.map((_, index) => `distribution_point.groups[${index}]`);
    await Promise.all(point.groups.map((group, index) => this.#assertGroup(group, fields[index] ?? '')));
    await this.#registry.fleet.putDistributionPoint(point);
    return { distributionPoint: viewDistributionPoint(point) };
  }

  async getDistributionPoint(
    request: admin.GetDistributionPointRequest,
  ): Promise<admin.GetDistributionPointResponseInit> {
    const id = parseNodeId(request.distributionPointId, 'distribution_point_id');
    const point = await this.#registry.fleet.getDistributionPoint(id);
    if (!point) {
      const message = `there is no distribution point "${id}"`;
      throw new PushfleetError('DISTRIBUTION_POINT_NOT_FOUND', message, { field: 'distribution_point_id' });
    }
    const node = this.#roster.node(id);
    return { distributionPoint: viewDistributionPoint(point), ...(node ? { node: viewNode(node) } : {}) };
  }

  async listDistributionPoints(): Promise<admin.ListDistributionPointsResponseInit> {
    const points = await this.#registry.fleet.listDistributionPoints();
    return { distributionPoints: points.map(viewDistributionPoint) };
  }

  async putDevice(request: admin.PutDeviceRequest): Promise<admin.PutDeviceResponseInit> {
    const { id, group, secret } = parsePutDevice(request);
    await this.#assertGroup(group, 'device.group');
    const secretHash = secret === undefined ? await this.#knownHash(id) : hashSecret(secret);
    const device: Device = { id, group, secretHash };
    await this.#registry.fleet.putDevice(device);
    return { device: await this.#view(device) };
  }

  async getDevice(request: admin.GetDeviceRequest): Promise<admin.GetDeviceResponseInit> {
    const id = parseDeviceId(request.deviceId);
    const device = await this.#registry.fleet.getDevice(id);
    if (!device) throw deviceNotFound(id);
    return { device: await this.#view(device) };
  }

  async listDevices(request: admin.ListDevicesRequest): Promise<admin.ListDevicesResponseInit> {
    const query = parseDeviceQuery(request);
    if (query.group !== undefined) await this.#assertGroup(query.group, 'group');
    // One more than asked for tells whether there is another page.
    const found = await this.#registry.fleet.listDevices({ ...query, limit: query.limit + 1 });
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    return {
      devices: await this.#viewAll(page),
      nextPageToken: found.length > page.length && last ? encodePageToken(last.id) : '',
    };
  }

  async deleteDevice(request: admin.DeleteDeviceRequest): Promise<admin.DeleteDeviceResponseInit> {
    const id = parseDeviceId(request.deviceId);
    if (!(await this.#registry.fleet.deleteDevice(id))) throw deviceNotFound(id);
    return {};
  }

  async listNodes(): Promise<admin.ListNodesResponseInit> {
    // While the registry does not answer, the last known push servers are shown; how long they were silent tells.
    await this.#roster.refreshSoon();
    return { nodes: [...this.#roster.nodes].map(viewNode) };
  }

  async #assertGroup(path: GroupPath, field: string): Promise<void> {
    if (await this.#registry.fleet.hasGroup(path)) return;
    const message = `${field}: there is no group "${path}"; PutGroup creates it`;
    throw new PushfleetError('GROUP_NOT_FOUND', message, { field });
  }

  async #knownHash(id: DeviceId): Promise<string> {
    const known = await this.#registry.fleet.getDevice(id);
    if (!known) throw secretNeeded();
    return known.secretHash;
  }

  async #view(device: Device): Promise<admin.DeviceInit> {
    return viewDevice(device, this.#valid(await this.#registry.sessions.find(device.id)));
  }

  async #viewAll(devices: readonly Device[]): Promise<admin.DeviceInit[]> {
    const sessions = await this.#registry.sessions.findMany(devices.map(({ id }) => id));
    return devices.map((device) => viewDevice(device, this.#valid(sessions.get(device.id))));
  }

  /** A session is void when its worker has ended or begun another life, or its push server is dead. */
  #valid(session: SessionRef | undefined): SessionRef | undefined {
    return session && this.#roster.hasWorker(session) ? session : undefined;
  }
}

function deviceNotFound(id: DeviceId): PushfleetError {
  return new PushfleetError('DEVICE_NOT_FOUND', `there is no device "${id}"`, { field: 'device_id' });
}

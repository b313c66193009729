import { type admin, type DeviceId, parseDeviceId } from '@pushfleet/protocol';
import type { Device, DeviceQuery, FoundDevices, Registry, SessionRef } from '@pushfleet/registry';
import type { TicketVoider } from '../commands/workers/ticket-voider.ts';
import { deviceNotFound, overloaded } from '../errors.ts';
import { encodePageToken } from '../net/paging.ts';
import type { NodeDirectory } from '../node-directory.ts';
import { mergeMasked, parseMask, putConditionally } from './conditional-put.ts';
import { assertGroup } from './groups.ts';
import { importDevices } from './import-devices.ts';
import {
  parseDeviceQuery,
  parseDeviceWishes,
  parseMoveDevices,
  parsePutDevice,
  resolveHash,
  secretNeeded,
} from './parse.ts';
import type { Rehoming } from './rehoming.ts';
import { sessionCondition } from './session-condition.ts';
import { deviceEtag, viewDevice, viewMove } from './view.ts';

/** Each holds its rows in memory until the last one is checked. */
const importsAtOnce = 2;
const movesAtOnce = 64;

const maskedFields = ['group', 'labels', 'link_kinds'];

/** Managed devices. */
export class DeviceAdministration {
  readonly #registry: Pick<Registry, 'fleet' | 'sessions'>;
  readonly #directory: NodeDirectory;
  readonly #rehoming: Rehoming;
  readonly #voider: TicketVoider;
  #imports = 0;

  constructor(
    registry: Pick<Registry, 'fleet' | 'sessions'>,
    directory: NodeDirectory,
    rehoming: Rehoming,
    voider: TicketVoider,
  ) {
    this.#voider = voider;
    this.#rehoming = rehoming;
    this.#registry = registry;
    this.#directory = directory;
  }

  async put(request: admin.PutDeviceRequest): Promise<admin.PutDeviceResponseInit> {
    const { device: asked, updateMask } = request;
    const paths = parseMask(updateMask, maskedFields);
    if (!asked || (asked.etag === '' && !paths)) return this.#write(request);
    const id = parseDeviceId(asked.deviceId, 'device.device_id');
    return putConditionally({
      etag: asked.etag,
      read: () => this.#find(id),
      etagOf: deviceEtag,
      replace: (stored) =>
        this.#write(
          { ...request, device: mergeMasked(viewDevice(stored, undefined) as admin.Device, asked, paths) },
          stored,
        ),
    });
  }

  #write(request: admin.PutDeviceRequest): Promise<admin.PutDeviceResponseInit>;
  #write(request: admin.PutDeviceRequest, expected: Device): Promise<admin.PutDeviceResponseInit | undefined>;
  async #write(request: admin.PutDeviceRequest, expected?: Device): Promise<admin.PutDeviceResponseInit | undefined> {
    const { secret, ...parsed } = parsePutDevice(request);
    const { fleet } = this.#registry;
    await assertGroup(fleet, parsed.group, 'device.group');
    const device: Device = { ...parsed, secretHash: await this.#hashOf(parsed.id, secret) };
    const written = await this.#voiding(device.id, async () =>
      expected ? fleet.replaceDevice(expected, device) : { voided: await fleet.putDevice(device) },
    );
    if (written === 'changed') return undefined;
    if (written.voided) this.#voider.announce([written.voided]);
    await this.#rehoming.of([device]);
    return { device: await this.#view(device) };
  }

  async #find(id: DeviceId): Promise<Device> {
    const device = await this.#registry.fleet.getDevice(id);
    if (!device) throw deviceNotFound(id);
    return device;
  }

  async import(rows: AsyncIterable<admin.ImportDevicesRequest>): Promise<admin.ImportDevicesResponseInit> {
    if (this.#imports >= importsAtOnce) throw overloaded(`${importsAtOnce} imports are in flight on this balancer`);
    this.#imports += 1;
    try {
      return await importDevices(rows, this.#registry.fleet, this.#rehoming, this.#voider);
    } finally {
      this.#imports -= 1;
    }
  }

  async move(request: admin.MoveDevicesRequest): Promise<admin.MoveDevicesResponseInit> {
    const { ids, group } = parseMoveDevices(request);
    const { fleet } = this.#registry;
    await assertGroup(fleet, group, 'group');
    const known = await fleet.getDevices(ids);
    const unknown = ids.findIndex((id) => !known.has(id));
    if (unknown >= 0) throw deviceNotFound(ids[unknown] as DeviceId, `device_ids[${unknown}]`);
    for (let at = 0; at < ids.length; at += movesAtOnce) {
      await Promise.all(ids.slice(at, at + movesAtOnce).map((id) => fleet.moveDevice(id, group)));
    }
    await this.#rehoming.of(ids.map((id) => ({ id, group })));
    return {};
  }

  async get(request: admin.GetDeviceRequest): Promise<admin.GetDeviceResponseInit> {
    const id = parseDeviceId(request.deviceId);
    const device = await this.#registry.fleet.getDevice(id);
    if (!device) throw deviceNotFound(id);
    return { device: await this.#view(device) };
  }

  async history(request: admin.GetDeviceHistoryRequest): Promise<admin.GetDeviceHistoryResponseInit> {
    const id = parseDeviceId(request.deviceId);
    const moves = await this.#registry.sessions.history(id);
    if (moves.length === 0) await this.#find(id);
    return { moves: moves.map(viewMove) };
  }

  async list(request: admin.ListDevicesRequest): Promise<admin.ListDevicesResponseInit> {
    const query = parseDeviceQuery(request);
    if (query.group !== undefined) await assertGroup(this.#registry.fleet, query.group, 'group');
    // One more than asked for tells whether there is another page.
    const found = await this.#search({ ...query, limit: query.limit + 1 }, request);
    const page = fitting(found.devices.slice(0, query.limit));
    const next = found.devices.length > page.length ? page.at(-1)?.id : found.next;
    return { devices: await this.#viewAll(page), nextPageToken: next ? encodePageToken(next) : '' };
  }

  async #search(query: DeviceQuery, request: admin.ListDevicesRequest): Promise<FoundDevices> {
    const { fleet } = this.#registry;
    const { search, ...wishes } = parseDeviceWishes(request);
    const session = sessionCondition(wishes, this.#directory.nodes);
    return fleet.searchDevices({ ...query, ...(search === '' ? {} : { search }), ...(session ? { session } : {}) });
  }

  async delete(request: admin.DeleteDeviceRequest): Promise<admin.DeleteDeviceResponseInit> {
    const id = parseDeviceId(request.deviceId);
    const { absent, voided } = await this.#voiding(id, () => this.#registry.fleet.deleteDevice(id));
    if (voided) this.#voider.announce([voided]);
    if (absent) throw deviceNotFound(id);
    return {};
  }

  async disconnect(request: admin.DisconnectDeviceRequest): Promise<admin.DisconnectDeviceResponseInit> {
    const id = parseDeviceId(request.deviceId);
    const voided = await this.#voiding(id, () => this.#registry.fleet.voidTickets(id));
    if (!voided) throw deviceNotFound(id);
    this.#voider.announce([voided]);
    return { wasConnected: this.#valid(voided.session) !== undefined };
  }

  async #voiding<Answer>(id: DeviceId, write: () => Promise<Answer>): Promise<Answer> {
    this.#voider.prepare([id]);
    try {
      return await write();
    } catch (error) {
      this.#voider.onFailed([id], error);
      throw error;
    }
  }

  async #hashOf(id: DeviceId, secret: string | undefined): Promise<string> {
    const hash = resolveHash(secret, (await this.#registry.fleet.getDevice(id))?.secretHash);
    if (hash === undefined) throw secretNeeded();
    return hash;
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
    return session && this.#directory.hasWorker(session) ? session : undefined;
  }
}

/** Largest page. Every client takes it: gRPC libraries refuse messages of more than 4 MiB by default. */
const pageBytes = 2_097_152;
/** The size of a device with its session, without group and labels. */
const deviceBytes = 768;

/** The first of them, at least one, that go in one message. */
function fitting(devices: readonly Device[]): readonly Device[] {
  let bytes = 0;
  const tooMany = devices.findIndex(({ group, labels }) => {
    bytes += deviceBytes + Buffer.byteLength(group) + JSON.stringify(labels).length;
    return bytes > pageBytes;
  });
  return tooMany <= 0 ? devices : devices.slice(0, tooMany);
}

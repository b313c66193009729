import { once } from 'node:events';
import type { ClientWritableStream } from '@grpc/grpc-js';
import { type admin, linkKinds as linkKindNames } from '@pushfleet/protocol';
import type { FleetService } from '@pushfleet/protocol/admin';
import { type BeginCall, type CallOptions, callOnce, Deadline, type PutOptions } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { allItems, eachItem, pageSize, promised, ServiceCalls } from './service-calls.ts';

export interface NewDevice {
  deviceId: string;
  /** Path of its administration group, which must exist. */
  group: string;
  /** 16 to 256 bytes. Absent: an existing device keeps its secret, a new one is refused. */
  secret?: string;
  /** At most 32; keys and values of 1 to 63 of A-Z a-z 0-9 . _ / -. */
  labels?: Record<string, string>;
  /** The etag that was read: ETAG_MISMATCH where somebody has changed the device since. Absent: not checked. Not in imports: a row that carries one is refused. */
  etag?: string;
  /** How it may be linked: `grpc`, `mqtt`. Absent or empty: both. */
  linkKinds?: ('grpc' | 'mqtt')[];
}

export type NewDevices = AsyncIterable<NewDevice> | Iterable<NewDevice>;

export interface DeviceFilter {
  /** Path of a group; absent: all. */
  group?: string;
  excludeSubgroups?: boolean;
  /** Only devices that have all of these labels. */
  labels?: Record<string, string>;
  /** Only devices whose id has this in it, in large or small letters. */
  search?: string;
  /** Only devices that have a live link (`true`), or that have none. */
  connected?: boolean;
  /** Only devices with a live link to this push server. */
  nodeId?: string;
  /** Only devices with a live link of this kind. */
  linkKind?: 'grpc' | 'mqtt';
  /** Devices per call, 1 to 1,000. Default 1,000. */
  pageSize?: number;
}

export interface DeviceMove {
  /** At most 1,000. */
  deviceIds: readonly string[];
  /** Path of the group that they go to. */
  group: string;
}

export interface NewEnrollmentToken {
  /** Path of the group in which its devices are registered, which must exist. */
  group: string;
  /** How many devices may register with it, 1 to 100,000. */
  count: number;
  /** Time until it expires, in milliseconds: 1 minute to 1 year. Default 1 day. */
  lifetimeMs?: number;
}

/** An enrollment token that was made. The secret, which devices show, is told this once. */
export interface CreatedEnrollmentToken {
  enrollmentToken: admin.EnrollmentToken;
  secret: string;
}

type ImportStream = ClientWritableStream<admin.ImportDevicesRequestInit>;

/** Managed devices. Every method rejects with a PushfleetError. */
export class Devices {
  readonly #calls: ServiceCalls<InstanceType<typeof FleetService>>;

  constructor(channel: AdminChannel) {
    this.#calls = new ServiceCalls(channel, channel.fleet);
  }

  /** Creates or replaces a device. */
  async put(newDevice: NewDevice, { updateMask = [], ...options }: PutOptions = {}): Promise<admin.Device> {
    const request = { ...toRow(newDevice), updateMask: { paths: [...updateMask] } };
    const { device } = await this.#calls.unary('putDevice', request, options);
    return promised(device);
  }

  async get(deviceId: string, options: CallOptions = {}): Promise<admin.Device> {
    const { device } = await this.#calls.unary('getDevice', { deviceId }, options);
    return promised(device);
  }

  /** The last changes of where it was connected, newest first. */
  async history(deviceId: string, options: CallOptions = {}): Promise<admin.DeviceMove[]> {
    return (await this.#calls.unary('getDeviceHistory', { deviceId }, options)).moves;
  }

  /**
   * Devices in the order of their ids; a page is asked for when the one before it has been taken. The deadline is that of
   * each page.
   */
  list(filter: DeviceFilter = {}, options: CallOptions = {}): AsyncGenerator<admin.Device, void, undefined> {
    const { pageSize: size = pageSize, linkKind, ...rest } = filter;
    const request = { ...rest, pageSize: size, ...(linkKind ? { linkKind: linkKindNames[linkKind] } : {}) };
    return eachItem(
      (pageToken) => this.#calls.unary('listDevices', { ...request, pageToken }, options),
      ({ devices }) => devices,
    );
  }

  /**
   * Creates or replaces any number of devices; they are pulled only as fast as the balancer reads them. Every row is
   * checked before the first is written: where `errors` are answered, `imported` is 0 and nothing was applied. Where
   * writing broke off, `imported` says how many are in, and asking again is safe. If `devices` throws, nothing is applied,
   * and so does this.
   */
  async import(devices: NewDevices, options: CallOptions = {}): Promise<admin.ImportDevicesResponse> {
    const { channel, service } = this.#calls;
    const over = new AbortController();
    let failure: { error: unknown } | undefined;
    const begin: BeginCall<admin.ImportDevicesResponse> = (done, grpcOptions) => {
      const stream: ImportStream = service.importDevices(channel.metadata, grpcOptions, done);
      // The callback is told what went wrong as well.
      stream.on('error', () => undefined);
      writeRows(stream, devices, over.signal).catch((error: unknown) => {
        if (over.signal.aborted) return;
        failure = { error };
        stream.cancel();
      });
      return stream;
    };
    try {
      return await callOnce(channel, options.signal, new Deadline(channel.clock, options.timeoutMs), begin);
    } catch (error) {
      throw failure ? failure.error : error;
    } finally {
      over.abort();
    }
  }

  /** Puts devices into another group: all, or none where one does not exist. */
  async move({ deviceIds, group }: DeviceMove, options: CallOptions = {}): Promise<void> {
    await this.#calls.unary('moveDevices', { deviceIds: [...deviceIds], group }, options);
  }

  /** Forgets a device: its link ends within 2 s, its tickets are void, its durable commands end. */
  async delete(deviceId: string, options: CallOptions = {}): Promise<void> {
    await this.#calls.unary('deleteDevice', { deviceId }, options);
  }

  /**
   * Ends the device's link within 2 s and makes its tickets void: it comes back only by asking a balancer, with its secret.
   * `false`: it had no link.
   */
  async disconnect(deviceId: string, options: CallOptions = {}): Promise<boolean> {
    const { wasConnected } = await this.#calls.unary('disconnectDevice', { deviceId }, options);
    return wasConnected;
  }

  /** Makes a token with which new devices register themselves, each with a secret of its own. */
  async createEnrollmentToken(
    { group, count, lifetimeMs = 0 }: NewEnrollmentToken,
    options: CallOptions = {},
  ): Promise<CreatedEnrollmentToken> {
    const request = { group, count, lifetimeMs };
    const { enrollmentToken, secret } = await this.#calls.unary('createEnrollmentToken', request, options);
    return { enrollmentToken: promised(enrollmentToken), secret };
  }

  /** The tokens for a group and its subgroups, by default all; those that have ended among them as long as there is room. */
  listEnrollmentTokens(group = '', options: CallOptions = {}): Promise<admin.EnrollmentToken[]> {
    return allItems(
      (pageToken) => this.#calls.unary('listEnrollmentTokens', { group, pageSize, pageToken }, options),
      (page) => page.enrollmentTokens,
    );
  }

  /** Ends an enrollment token; devices that have registered with it stay. Rejects with ENROLLMENT_TOKEN_NOT_FOUND. */
  async revokeEnrollmentToken(enrollmentTokenId: string, options: CallOptions = {}): Promise<void> {
    await this.#calls.unary('revokeEnrollmentToken', { enrollmentTokenId }, options);
  }
}

function toRow({ deviceId, group, secret = '', labels = {}, linkKinds = [], etag = '' }: NewDevice) {
  return { device: { deviceId, group, labels, linkKinds: linkKinds.map((kind) => linkKindNames[kind]), etag }, secret };
}

async function writeRows(stream: ImportStream, devices: NewDevices, over: AbortSignal): Promise<void> {
  for await (const device of devices) {
    if (over.aborted) return;
    if (!stream.write(toRow(device))) await once(stream, 'drain', { signal: over });
  }
  stream.end();
}

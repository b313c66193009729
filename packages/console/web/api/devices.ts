import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { client, type Query } from './client.ts';
import type { Device, ListDevicesResponse, PutDeviceRequest } from './messages.ts';

export const deviceKey = (deviceId: string) => ['device', deviceId] as const;
export const devicesKey = ['devices'] as const;

export const devicePath = (deviceId: string) => `/v1/devices/${encodeURIComponent(deviceId)}`;

/** How often what is shown of devices is read anew, in milliseconds. */
const refreshMs = 5_000;

/** One page of the devices that fit; while the next one is read, the one before stays. */
export function useDevices(query: Query) {
  return useQuery({
    queryKey: [...devicesKey, query],
    queryFn: ({ signal }) => client.get<ListDevicesResponse>('/v1/devices', query, signal),
    placeholderData: keepPreviousData,
    refetchInterval: refreshMs,
  });
}

export function useDevice(deviceId: string) {
  return useQuery({
    queryKey: deviceKey(deviceId),
    queryFn: ({ signal }) => client.get<Device>(devicePath(deviceId), {}, signal),
    refetchInterval: refreshMs,
  });
}

export interface DeviceChange {
  device: Partial<Device> & { deviceId: string };
  /** Empty: an existing device keeps its own. */
  secret?: string;
  /** Fields of the device that are changed; absent: all. */
  updateMask?: string;
}

/** @throws Problem ETAG_MISMATCH where `device.etag` is no longer the device's */
export function putDevice({ device: { deviceId, ...device }, ...rest }: DeviceChange): Promise<Device> {
  const body: Partial<Omit<PutDeviceRequest, 'device'>> & { device: Partial<Device> } = { device, ...rest };
  return client.request('PUT', devicePath(deviceId), { body });
}

const secretBytes = 32;

/** @returns A secret that nobody can guess, for a device to prove by who it is. */
export function makeDeviceSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(secretBytes));
  return btoa(String.fromCharCode(...bytes)).replace(/[+/=]/g, (char) => ({ '+': '-', '/': '_' })[char] ?? '');
}

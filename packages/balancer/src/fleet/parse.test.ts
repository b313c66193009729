import type { admin } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { encodePageToken } from '../net/paging.ts';
import { parseDeviceQuery, parseDistributionPoint, parsePutDevice } from './parse.ts';
import { statusOf } from './view.ts';

type PutRequest = Pick<admin.PutDeviceRequest, 'device' | 'secret'>;

const point: admin.DistributionPoint = {
  distributionPointId: 'dp-1',
  groups: ['HQ', 'Branch', 'HQ'],
  pushServer: {
    ...{ enabled: true, port: 0, address: 'dp-1.example', maxConnections: 0, weight: 0 },
    addressCheck: 'ADDRESS_CHECK_UNSPECIFIED',
  },
  etag: '',
};
const withPushServer = (change: Partial<admin.PushServerSettings>): admin.DistributionPoint => ({
  ...point,
  pushServer: {
    ...{ enabled: true, port: 0, address: '10.0.0.1', maxConnections: 0, weight: 0 },
    addressCheck: 'ADDRESS_CHECK_UNSPECIFIED',
    ...change,
  },
});

describe('a distribution point', () => {
  it('gets the defaults of its push server', () => {
    expect(parseDistributionPoint(point)).toEqual({
      id: 'dp-1',
      groups: ['HQ', 'Branch'],
      pushServer: { enabled: true, port: 13_295, address: 'dp-1.example', maxConnections: 50_000, weight: 100 },
    });
  });

  it.each([
    ['ADDRESS_CHECK_WARN', 'warn'],
    ['ADDRESS_CHECK_UNSPECIFIED', undefined],
  ] as const)('keeps %s', (addressCheck, kept) => {
    expect(parseDistributionPoint(withPushServer({ addressCheck })).pushServer.addressCheck).toBe(kept);
  });

  it('needs no push server', () => {
    expect(parseDistributionPoint({ ...point, pushServer: null }).pushServer.enabled).toBe(false);
  });

  it.each(['10.0.0.1', '2001:db8::1', 'dp.example.com', 'localhost', 'dp_1'])('is reached at %s', (address) => {
    expect(parseDistributionPoint(withPushServer({ address })).pushServer.address).toBe(address);
  });

  it.each<[string, admin.DistributionPoint | null]>([
    ['distribution_point', null],
    ['distribution_point.distribution_point_id', { ...point, distributionPointId: 'a/b' }],
    ['distribution_point.groups', { ...point, groups: [] }],
    ['distribution_point.groups[1]', { ...point, groups: ['HQ', 'HQ//x'] }],
    ['distribution_point.push_server.port', withPushServer({ port: 65_536 })],
    ['distribution_point.push_server.address', withPushServer({ address: '' })],
    ['distribution_point.push_server.address', withPushServer({ address: 'https://dp.example' })],
    ['distribution_point.push_server.address', withPushServer({ address: '10.0.0.256' })],
    ['distribution_point.push_server.address', withPushServer({ address: '2001:db8::1::2' })],
    ['distribution_point.push_server.address', withPushServer({ address: 'dp..example' })],
    ['distribution_point.push_server.address', withPushServer({ address: '0.0.0.0' })],
    ['distribution_point.push_server.address', withPushServer({ address: '::' })],
    ['distribution_point.push_server.address', withPushServer({ address: '::', enabled: false })],
    ['distribution_point.push_server.address', withPushServer({ address: 'dp.example:13295' })],
    ['distribution_point.push_server.address_check', withPushServer({ addressCheck: 7 as never })],
    ['distribution_point.push_server.weight', withPushServer({ weight: 1_001 })],
    ['distribution_point.push_server.max_connections', withPushServer({ maxConnections: 10_000_001 })],
  ])('names %s where it is wrong', (field, message) => {
    expect(() => parseDistributionPoint(message)).toThrow(expect.objectContaining({ field }));
  });
});

describe('a device', () => {
  const device: admin.Device = { deviceId: 'laptop', group: 'HQ', session: null, labels: {}, linkKinds: [], etag: '' };

  it('may keep its secret', () => {
    expect(parsePutDevice({ device, secret: '' })).toEqual({
      id: 'laptop',
      group: 'HQ',
      labels: {},
      linkKinds: [],
      secret: undefined,
    });
  });

  it.each<[string, PutRequest]>([
    ['device', { device: null, secret: '' }],
    ['device.device_id', { device: { ...device, deviceId: '#' }, secret: '' }],
    ['device.group', { device: { ...device, group: '' }, secret: '' }],
    ['device.labels', { device: { ...device, labels: { größe: 'x' } }, secret: '' }],
    ['device.labels', { device: { ...device, labels: { os: '' } }, secret: '' }],
    ['device.link_kinds[0]', { device: { ...device, linkKinds: ['LINK_KIND_UNSPECIFIED' as const] }, secret: '' }],
    ['secret', { device, secret: 'too short' }],
    ['secret', { device, secret: 'x'.repeat(257) }],
  ])('names %s where it is wrong', (field, request) => {
    expect(() => parsePutDevice(request)).toThrow(expect.objectContaining({ field }));
  });
});

describe('a page of devices', () => {
  const request: admin.ListDevicesRequest = {
    group: '',
    excludeSubgroups: false,
    pageSize: 0,
    pageToken: '',
    labels: {},
    search: '',
    nodeId: '',
    linkKind: 'LINK_KIND_UNSPECIFIED',
  };

  it('continues after the last device of the page before', () => {
    const pageToken = encodePageToken('laptop:7');
    expect(parseDeviceQuery({ ...request, pageToken })).toEqual({
      includeSubgroups: true,
      labels: {},
      after: 'laptop:7',
      limit: 100,
    });
  });

  it.each([
    ['page_token', { pageToken: '!!!' }],
    ['page_token', { pageToken: 'bGFwdG9w\0' }],
    ['page_token', { pageToken: 'bGFw dG9w' }],
    ['labels', { labels: { os: '=' } }],
    ['group', { group: '/' }],
  ])('names %s where it is wrong', (field, change) => {
    expect(() => parseDeviceQuery({ ...request, ...change })).toThrow(expect.objectContaining({ field }));
  });
});

it.each([
  ['ready', 'alive', 'NODE_STATUS_READY'],
  ['starting', 'alive', 'NODE_STATUS_STARTING'],
  ['draining', 'alive', 'NODE_STATUS_DRAINING'],
  ['disabled', 'alive', 'NODE_STATUS_DISABLED'],
  ['failed', 'alive', 'NODE_STATUS_FAILED'],
  ['unreachable', 'alive', 'NODE_STATUS_UNREACHABLE'],
  ['ready', 'suspect', 'NODE_STATUS_SUSPECT'],
  ['draining', 'dead', 'NODE_STATUS_DEAD'],
] as const)('shows a push server that says %s and is %s as %s', (status, liveness, shown) => {
  expect(statusOf({ status, liveness, overloaded: false })).toBe(shown);
  const isHidden = status !== 'ready' || liveness !== 'alive';
  expect(statusOf({ status, liveness, overloaded: true })).toBe(isHidden ? shown : 'NODE_STATUS_OVERLOADED');
});

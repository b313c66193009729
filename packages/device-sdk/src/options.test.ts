import { expect, it } from 'vitest';
import { type DeviceOptions, parseOptions } from './options.ts';

const good: DeviceOptions = {
  deviceId: 'laptop-1',
  secret: 'a secret of some length',
  balancers: ['https://balancer:13000'],
  link: 'mqtt',
};

it.each([
  ['deviceId', { deviceId: 'not/a/topic/level' }],
  ['secret', { secret: 'short' }],
  ['identityToken', { identityToken: () => 'a.b.c' }],
  ['balancers', { balancers: [] }],
  ['balancers', { balancers: ['balancer:13000'] }],
  ['balancers', { balancers: ['http://balancer:13000'] }],
  ['link', { link: 'carrier pigeon' as 'grpc' }],
])('names the option %s where it is wrong', (field, wrong) => {
  expect(() => parseOptions({ ...good, ...wrong })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', field }),
  );
});

it('allows balancers without TLS where the link has none', () => {
  const { balancers } = parseOptions({ ...good, balancers: ['http://127.0.0.1:13000'], plaintextLink: true });
  expect(balancers.map(String)).toEqual(['http://127.0.0.1:13000/']);
});

it('speaks JSON over MQTT 3.1.1, which cannot declare anything else', () => {
  expect(parseOptions({ ...good, payloadEncoding: 'protobuf' }).payloadEncoding).toBe('protobuf');
  expect(parseOptions({ ...good, link: 'mqtt3', payloadEncoding: 'protobuf' }).payloadEncoding).toBe('json');
});

import { DeviceLinkService } from '@pushfleet/protocol/device';
import { expect, it } from 'vitest';
import { fieldBytes, fieldsOf } from './fields.ts';
import { MessageReader, messages } from './messages.ts';

const { Connect } = DeviceLinkService.service;
const prefixBytes = 5;

function decode(framed: Buffer): unknown {
  expect(framed.readUInt32BE(1)).toBe(framed.length - prefixBytes);
  return Connect.requestDeserialize(framed.subarray(prefixBytes));
}

it.each([
  ['hello', messages.hello('t'.repeat(900)), { hello: { ticket: 't'.repeat(900) } }],
  ['ping', messages.ping, { ping: {} }],
  ['goodbye', messages.goodbye, { goodbye: {} }],
  ['success', messages.succeeded('c-1'), { result: { commandId: 'c-1', succeeded: {} } }],
  ['failure', messages.failed('c-1', 'why'), { result: { commandId: 'c-1', failed: { reason: 'why' } } }],
])('writes %s as the schema has it', (_name, framed, expected) => {
  expect(decode(framed)).toMatchObject(expected);
});

it('reads a command as the schema writes it', () => {
  const command = { commandId: 'c-1', operation: { openTunnel: { target: '127.0.0.1:22', token: 'secret' } } };
  const message = Connect.responseSerialize({ command } as never);
  const openTunnel = fieldBytes(fieldBytes(fieldBytes(message, 2), 2), 5);
  expect(fieldBytes(openTunnel, 2).toString()).toBe('127.0.0.1:22');
  expect(fieldBytes(openTunnel, 3).toString()).toBe('secret');
});

it('reads numbers of any length', () => {
  const message = Connect.responseSerialize({
    welcome: { deviceId: 'd', nodeId: 'n', keepAliveMs: 3_600_000 },
  } as never);
  const values = [...fieldsOf(fieldBytes(message, 1))].map(({ number, value }) => [number, value]);
  expect(values).toEqual([
    [1, 0],
    [2, 0],
    [3, 3_600_000],
  ]);
});

it.each([['0a05'], ['ff'], ['0b'], ['08ffffffffffffffffffff']])('refuses %s', (hex) => {
  expect(() => [...fieldsOf(Buffer.from(hex, 'hex'))]).toThrow(RangeError);
});

it('cuts messages out of any chunks', () => {
  const stream = Buffer.concat([messages.hello('t'), messages.ping, messages.succeeded('c')]);
  for (let at = 0; at <= stream.length; at += 1) {
    const sizes: number[] = [];
    const reader = new MessageReader((message) => sizes.push(message.length));
    reader.read(stream.subarray(0, at));
    reader.read(stream.subarray(at));
    expect(sizes).toEqual([5, 2, 7]);
  }
});

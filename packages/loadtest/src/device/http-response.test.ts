import { expect, it } from 'vitest';
import { readAnswer } from './assigner.ts';
import { HttpResponseReader } from './http-response.ts';

const body = JSON.stringify({
  primary: { nodeId: 'ä', address: '127.0.0.1', port: 1 },
  ticket: 't',
  ticketLifetimeMs: 1_000,
});
const response = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);

it('reads a response in any two pieces, and then the next one', () => {
  for (let at = 0; at < response.length; at += 1) {
    const reader = new HttpResponseReader();
    expect(reader.read(response.subarray(0, at))).toBeUndefined();
    expect(reader.read(response.subarray(at))).toEqual({ status: 200, body, keepsAlive: true });
    expect(reader.read(response)?.status).toBe(200);
  }
});

it('takes all that comes until the end of the connection where no length is given', () => {
  const reader = new HttpResponseReader();
  expect(reader.read(Buffer.from('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\nsorry'))).toBeUndefined();
  expect(reader.finish()).toEqual({ status: 502, body: 'sorry', keepsAlive: false });
  expect(new HttpResponseReader().finish()).toBeUndefined();
});

it('does not keep what is larger than any answer', () => {
  expect(() => new HttpResponseReader().read(Buffer.alloc(70_000))).toThrow('too large');
});

const refusal = { error: { code: 'NO_PUSH_SERVER', message: 'none', retryAfterMs: 700 } };
it.each([
  ['an assignment', 200, body, { kind: 'assigned', goodForMs: 900, connectAfterMs: 0 }],
  ['a later turn', 200, body.replace('{', '{"connectAfterMs":4000,'), { kind: 'assigned', connectAfterMs: 4_000 }],
  ['a refusal', 503, JSON.stringify(refusal), { kind: 'refused', reason: 'NO_PUSH_SERVER', retryAfterMs: 700 }],
  ['an answer of a proxy', 502, '<html>', { kind: 'refused', reason: 'HTTP 502', retryAfterMs: 0 }],
  ['an assignment to nothing', 200, 'null', { kind: 'refused', reason: 'HTTP 200' }],
])('understands %s', (_name, status, text, expected) => {
  expect(readAnswer({ status, body: text, keepsAlive: true })).toMatchObject(expected);
});

import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { CloseReason } from './close-reason.ts';
import { loadTypes } from './descriptors.ts';
import { ErrorCode, PushfleetError } from './error.ts';
import { limits } from './limits.ts';
import {
  closeReasonOf,
  closeStatus,
  fromRpcStatus,
  fromStatus,
  plainReason,
  statusDetailsKey,
  toRpcStatus,
  toStatus,
} from './status.ts';

const asServiceError = (sent: object) => Object.assign(new Error('sent'), sent) as ServiceError;

const types = loadTypes();
const rpcStatus = types.lookupType('google.rpc.Status');

function readDetails(metadata: Metadata) {
  const { code, message, details } = rpcStatus.toObject(rpcStatus.decode(metadata.get(statusDetailsKey)[0] as Buffer));
  const read = details.map(({ type_url: url, value }: { type_url: string; value: Buffer }) => {
    const name = url.replace('type.googleapis.com/', '');
    const type = types.lookupType(name);
    return [name, type.toObject(type.decode(value), { longs: Number })];
  });
  return { code, message, details: read };
}

function encodeDetails(...details: object[]): Buffer {
  return Buffer.from(rpcStatus.encode(rpcStatus.fromObject({ code: 3, message: 'why', details })).finish());
}

function packInfo(reason: string, domain: string): Buffer {
  const type = types.lookupType('google.rpc.ErrorInfo');
  return Buffer.from(type.encode(type.fromObject({ reason, domain })).finish());
}

describe('errors over gRPC', () => {
  it.each(Object.keys(ErrorCode) as ErrorCode[])('%s comes back as it was sent', (code) => {
    const error = new PushfleetError(code, 'why', { field: 'device_id', retryAfterMs: 1_500 });
    const received = fromStatus(asServiceError(toStatus(error)));
    expect(received).toMatchObject({
      code,
      message: 'why',
      field: 'device_id',
      retryAfterMs: 1_500,
      retry: error.retry,
    });
  });

  it.each([
    ['a field that is not ASCII', 'why', 'labels["größe"]', 'labels["größe"]'],
    ['a field with a line break', 'why', 'a\r\nb', 'a\r\nb'],
    ['a field with NUL', 'why', 'a\0b', 'a\0b'],
    ['a field with half of a surrogate pair', 'why', 'a\ud83d', 'a\ufffd'],
    ['a field of any length', 'why', 'f'.repeat(100_000), 'f'.repeat(limits.fieldBytes)],
  ])('take %s', (_what, message, field, seen) => {
    const sent = toStatus(new PushfleetError('INVALID_ARGUMENT', message, { field }));
    expect(fromStatus(asServiceError(sent))).toMatchObject({ field: seen });
  });

  it.each([
    ['half of a surrogate pair', 'a\ud83d', 'a\ufffd'],
    ['NUL', 'a\0b', 'a\0b'],
    ['a hundred thousand characters', '😀'.repeat(50_000), '😀'.repeat(limits.errorBytes / 4)],
  ])('take a message with %s, which grpc-js can write', (_what, message, seen) => {
    const { details } = toStatus(new PushfleetError('INTERNAL', message));
    expect(details).toBe(seen);
    // What grpc-js does with it; it throws where the text is not well-formed.
    expect(decodeURI(encodeURI(details))).toBe(seen);
  });

  it('never carry the cause', () => {
    const sent = toStatus(new PushfleetError('INTERNAL', 'why', { cause: new Error('the secret is hunter2') }));
    const trailers = sent.metadata.toHttp2Headers();
    const sentBytes = Object.values(trailers)
      .flat()
      .map((value) => `${value}${Buffer.from(`${value}`, 'base64')}`);
    expect(JSON.stringify(sent) + sentBytes.join()).not.toContain('hunter2');
  });

  it('have the details that clients of every language read', () => {
    const error = new PushfleetError('INVALID_ARGUMENT', 'pace.jitter: must be less', {
      field: 'pace.jitter',
      retryAfterMs: 1_500,
    });
    const { code, metadata } = toStatus(error);
    expect(readDetails(metadata)).toEqual({
      code,
      message: 'pace.jitter: must be less',
      details: [
        ['google.rpc.ErrorInfo', { reason: 'INVALID_ARGUMENT', domain: 'pushfleet' }],
        ['google.rpc.BadRequest', { fieldViolations: [{ field: 'pace.jitter', description: 'must be less' }] }],
        ['google.rpc.RetryInfo', { retryDelay: { seconds: 1, nanos: 500_000_000 } }],
      ],
    });
  });

  it('have no more details than they need', () => {
    const { metadata } = toStatus(new PushfleetError('DEVICE_NOT_FOUND', 'there is no device "a"'));
    expect(readDetails(metadata).details).toEqual([
      ['google.rpc.ErrorInfo', { reason: 'DEVICE_NOT_FOUND', domain: 'pushfleet' }],
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 0.4, 1e300])('take %s as time to wait', (retryAfterMs) => {
    const sent = toStatus(new PushfleetError('OVERLOADED', 'why', { retryAfterMs }));
    expect(fromStatus(asServiceError(sent)).retryAfterMs).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['ASCII', 'x'],
    ['what takes three times as many bytes', '語'],
  ])('fit with everything in them into the 8 KiB of trailers that clients take, in %s', (_what, character) => {
    const text = character.repeat(10_000);
    const { details, metadata } = toStatus(
      new PushfleetError('INVALID_ARGUMENT', text, { field: text, retryAfterMs: 1e12 }),
    );
    const trailers = { ...metadata.toHttp2Headers(), 'grpc-status': 3, 'grpc-message': encodeURI(details) };
    // As HTTP/2 counts a list of headers.
    const bytes = Object.entries(trailers).map(([name, value]) => name.length + String(value).length + 32);
    expect(bytes.reduce((sum, one) => sum + one)).toBeLessThan(8_192);
  });

  it('are the same in an answer as in trailers', () => {
    const error = new PushfleetError('QUEUE_FULL', 'too many wait', { field: 'device_id', retryAfterMs: 250 });
    const { code, message, field, retryAfterMs } = fromRpcStatus(toRpcStatus(error));
    expect({ code, message, field, retryAfterMs }).toEqual({
      code: 'QUEUE_FULL',
      message: 'too many wait',
      field: 'device_id',
      retryAfterMs: 250,
    });
  });

  const errorInfo = 'type.googleapis.com/google.rpc.ErrorInfo';
  it.each([
    ['no status', Buffer.from([0xff, 0xff])],
    ['empty', Buffer.alloc(0)],
    ['a detail that is none', encodeDetails({ type_url: errorInfo, value: Buffer.from([0xff]) })],
    ['a detail of another name', encodeDetails({ type_url: 'nothing', value: Buffer.from([1]) })],
    ['another domain', encodeDetails({ type_url: errorInfo, value: packInfo('QUEUE_FULL', 'example.com') })],
    ['a reason that is none', encodeDetails({ type_url: errorInfo, value: packInfo('toString', 'pushfleet') })],
  ])('with a trailer that is %s give the nearest code', (_what, trailer) => {
    const metadata = new Metadata();
    metadata.set(statusDetailsKey, trailer);
    const error = fromStatus(asServiceError({ code: status.INVALID_ARGUMENT, details: 'why', metadata }));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: 'why', field: undefined });
  });

  it.each([
    [status.UNAVAILABLE, 'Connection dropped', 'UNREACHABLE'],
    [status.UNAUTHENTICATED, 'x', 'BAD_TOKEN'],
    [status.RESOURCE_EXHAUSTED, 'Bandwidth exhausted or memory limit exceeded', 'OVERLOADED'],
    [status.RESOURCE_EXHAUSTED, 'Received message larger than max (1500000 vs 1441792)', 'PAYLOAD_TOO_LARGE'],
    [status.RESOURCE_EXHAUSTED, 'Received message that decompresses to a size larger than 9', 'PAYLOAD_TOO_LARGE'],
    [status.INTERNAL, 'Received RST_STREAM with code 2 (Internal server error)', 'UNREACHABLE'],
    [status.INTERNAL, 'Received RST_STREAM with code 0 (Call ended without gRPC status)', 'UNREACHABLE'],
    [status.INTERNAL, 'Error deserializing request', 'INTERNAL'],
    [status.CANCELLED, 'Call cancelled', 'UNREACHABLE'],
    [status.DEADLINE_EXCEEDED, 'Deadline exceeded', 'DEADLINE_EXCEEDED'],
    [status.UNIMPLEMENTED, 'x', 'INTERNAL'],
  ])('of others, status %s, "%s", give the nearest code', (code, details, expected) => {
    expect(fromStatus(asServiceError({ code, details, metadata: new Metadata() })).code).toBe(expected);
  });
});

it.each([
  [
    '14 UNAVAILABLE: No connection established. Last error: Error: connect EHOSTUNREACH 192.0.2.7:41075. Resolution note: ',
    'connect EHOSTUNREACH 192.0.2.7:41075',
  ],
  ['No connection established. Last error: nothing answered within 10 s', 'nothing answered within 10 s'],
  [
    '14 UNAVAILABLE: Name resolution failed for target dns:x.invalid:1',
    'Name resolution failed for target dns:x.invalid:1',
  ],
  ['the worker ended the channel', 'the worker ended the channel'],
])('%j is, for people, %j', (message, reason) => {
  expect(plainReason(message)).toBe(reason);
});

it.each(Object.keys(CloseReason) as CloseReason[])('close reason %s comes back as it was sent', (reason) => {
  expect(closeReasonOf(closeStatus(reason))).toBe(reason);
});

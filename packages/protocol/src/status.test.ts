import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { CloseReason } from './close-reason.ts';
import { ErrorCode, PushfleetError } from './error.ts';
import { closeReasonOf, closeStatus, fromStatus, toStatus } from './status.ts';

const asServiceError = (sent: object) => Object.assign(new Error('sent'), sent) as ServiceError;

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

  it('never carry the cause', () => {
    const sent = toStatus(new PushfleetError('INTERNAL', 'why', { cause: new Error('the secret is hunter2') }));
    expect(JSON.stringify([sent, sent.metadata.getMap()])).not.toContain('hunter2');
  });

  it.each([
    [status.UNAVAILABLE, 'UNREACHABLE'],
    [status.UNAUTHENTICATED, 'BAD_TOKEN'],
    [status.RESOURCE_EXHAUSTED, 'OVERLOADED'],
    [status.UNIMPLEMENTED, 'INTERNAL'],
  ])('of others, status %s, give the nearest code', (code, expected) => {
    expect(fromStatus(asServiceError({ code, details: 'x', metadata: new Metadata() })).code).toBe(expected);
  });
});

it.each(Object.keys(CloseReason) as CloseReason[])('close reason %s comes back as it was sent', (reason) => {
  expect(closeReasonOf(closeStatus(reason))).toBe(reason);
});

import { expect, it } from 'vitest';
import { ErrorCode, fromErrorReason, toErrorReason } from './error.ts';
import { ErrorReason } from './gen/common.ts';

/** Codes that no server sends over gRPC: of HTTP paths, and of clients that nobody answers. */
const neverSent: readonly ErrorCode[] = ['NOT_FOUND', 'METHOD_NOT_ALLOWED', 'UNREACHABLE'];

it('each error code has its reason in the proto files, and each reason there its code', () => {
  const codes = (Object.keys(ErrorCode) as ErrorCode[]).filter((code) => !neverSent.includes(code));
  expect(codes.map(toErrorReason).toSorted()).toEqual(Object.keys(ErrorReason).slice(1).toSorted());
  expect(codes.map(toErrorReason).map(fromErrorReason)).toEqual(codes);
});

it('a reason of a newer peer is INTERNAL', () => {
  expect(fromErrorReason('ERROR_REASON_OF_TOMORROW' as ErrorReason)).toBe('INTERNAL');
});

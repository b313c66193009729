import { packOperation, unpackOperation } from '@pushfleet/protocol';
import type { GroupPushRecord } from './group-pushes.ts';

/** For how long one that has ended is kept. */
export const keepEndedPushMs = 24 * 3_600_000;

/** `list` answers no more than this. */
export const listedPushes = 1_000;

/** A record as stores keep it: its operation may hold any bytes, and JSON holds none. */
export interface PackedGroupPush {
  json: string;
  operation: Buffer;
}

export function packGroupPush(record: GroupPushRecord): PackedGroupPush {
  const { operation, ...request } = record.request;
  return { json: JSON.stringify({ ...record, request }), operation: packOperation(operation) };
}

export function unpackGroupPush(json: string, operation: Uint8Array): GroupPushRecord {
  const record = JSON.parse(json);
  return { ...record, request: { ...record.request, operation: unpackOperation(operation) } };
}

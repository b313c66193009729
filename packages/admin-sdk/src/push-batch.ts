import { type admin, limits } from '@pushfleet/protocol';

const batchPushes = 128;

/** Of one message: a balancer takes no larger one, and ends the stream of whoever sends it. */
export const batchBytes = limits.frameBytes;

/** Commands that go in one message. */
export class PushBatch {
  readonly pushes: admin.StreamedPushInit[] = [];
  #bytes = 0;

  /** `false`: there is no room, and it was not taken. */
  add(correlationId: number, push: admin.PushRequestInit, bytes: number): boolean {
    if (this.pushes.length >= batchPushes || this.#bytes + bytes > batchBytes) return false;
    this.pushes.push({ correlationId, push });
    this.#bytes += bytes;
    return true;
  }
}

/** Around a command, and around each of its fields; more than it takes. */
const envelopeBytes = 64;
const fieldBytes = 8;
/** A request, its operation, its kind, a map, what is in it. */
const maxDepth = 6;

/** At least what the command takes in a message. What is not as it should be has a size like anything else: a balancer says what is wrong with it. */
export function pushBytes(push: admin.PushRequestInit): number {
  return envelopeBytes + valueBytes(push, 0);
}

function valueBytes(value: unknown, depth: number): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null || depth > maxDepth) return 0;
  let bytes = 0;
  for (const [name, field] of Object.entries(value)) {
    // In a map the name counts, too.
    bytes += fieldBytes + Buffer.byteLength(name) + valueBytes(field, depth + 1);
  }
  return bytes;
}

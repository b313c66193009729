import type { admin } from '@pushfleet/protocol';

const batchPushes = 128;
/** Together with one payload of the largest size it stays well below the 4 MiB that gRPC takes in one message. */
const batchBytes = 1_048_576;

/** Commands that go in one message. */
export class PushBatch {
  readonly pushes: admin.StreamedPushInit[] = [];
  #bytes = 0;

  get isFull(): boolean {
    return this.pushes.length >= batchPushes || this.#bytes >= batchBytes;
  }

  add(correlationId: number, push: admin.PushRequestInit): void {
    this.pushes.push({ correlationId, push });
    this.#bytes += payloadBytes(push);
  }
}

/** Of the operations that can be large; the others are bounded by the number of commands. */
function payloadBytes({ operation }: admin.PushRequestInit): number {
  if (operation?.custom) return operation.custom.payload?.length ?? 0;
  if (!operation?.runTask?.parameters) return 0;
  let bytes = 0;
  for (const value of Object.values(operation.runTask.parameters)) bytes += value.length;
  return bytes;
}

import { VariableLength } from './variable-length.ts';

const length = new VariableLength();
/** Longer than what a push server sends. */
const maxPacketBytes = 2_097_152;

/**
 * Cuts a stream of bytes into MQTT packets. A packet that came whole in one chunk, as nearly all do, is handed on without a
 * copy; of others only what has come is kept.
 */
export class PacketReader {
  readonly #onPacket: (firstByte: number, body: Buffer) => void;
  #rest: Buffer | undefined;

  constructor(onPacket: (firstByte: number, body: Buffer) => void) {
    this.#onPacket = onPacket;
  }

  /** Calls back for each packet that is whole now. @throws TypeError where it is no packet. */
  read(chunk: Buffer): void {
    const source = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at < source.length) {
      const bodyBytes = length.read(source, at + 1);
      const bodyAt = length.end;
      if (bodyBytes > maxPacketBytes) throw new TypeError(`a packet of ${bodyBytes} bytes`);
      if (bodyBytes < 0 || bodyAt + bodyBytes > source.length) break;
      const firstByte = source[at] ?? 0;
      at = bodyAt + bodyBytes;
      this.#onPacket(firstByte, source.subarray(bodyAt, at));
    }
    this.#rest = at < source.length ? source.subarray(at) : undefined;
  }
}

// The messages of DeviceLinkService.Connect, framed and written by hand: the encoder and decoder of the protocol package make
// objects for every field, and devices of a load test must cost less than what is measured. Field numbers: device_link.proto.

/** Prefix of a gRPC message: not compressed, then the length. */
const prefixBytes = 5;

const pingMessage = frame(lengthDelimited(4, Buffer.alloc(0)));
const goodbyeMessage = frame(lengthDelimited(5, Buffer.alloc(0)));

export const messages = {
  ping: pingMessage,
  goodbye: goodbyeMessage,
  hello: (ticket: string): Buffer => frame(lengthDelimited(1, textField(1, ticket))),
  /** A result says that the command has come, too. */
  succeeded: (commandId: string): Buffer =>
    frame(lengthDelimited(3, Buffer.concat([textField(1, commandId), lengthDelimited(3, Buffer.alloc(0))]))),
  failed: (commandId: string, reason: string): Buffer =>
    frame(lengthDelimited(3, Buffer.concat([textField(1, commandId), lengthDelimited(4, textField(1, reason))]))),
} as const;

function frame(message: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(prefixBytes + message.length);
  framed.writeUInt8(0, 0);
  framed.writeUInt32BE(message.length, 1);
  message.copy(framed, prefixBytes);
  return framed;
}

function textField(field: number, text: string): Buffer {
  return lengthDelimited(field, Buffer.from(text));
}

function lengthDelimited(field: number, content: Buffer): Buffer {
  const head = [(field << 3) | 2];
  let rest = content.length;
  for (; rest >= 0x80; rest >>>= 7) head.push((rest & 0x7f) | 0x80);
  head.push(rest);
  return Buffer.concat([Buffer.from(head), content]);
}

/** Longer than what a push server sends. */
const maxMessageBytes = 2_097_152;

/** Cuts the data of a call into messages; those that came whole are handed on without a copy. */
export class MessageReader {
  readonly #onMessage: (message: Buffer) => void;
  #rest: Buffer | undefined;

  constructor(onMessage: (message: Buffer) => void) {
    this.#onMessage = onMessage;
  }

  /** @throws TypeError where a message is longer than any that a push server sends. */
  read(chunk: Buffer): void {
    const source = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at + prefixBytes <= source.length) {
      const bytes = source.readUInt32BE(at + 1);
      if (bytes > maxMessageBytes) throw new TypeError(`a message of ${bytes} bytes`);
      const end = at + prefixBytes + bytes;
      if (end > source.length) break;
      this.#onMessage(source.subarray(at + prefixBytes, end));
      at = end;
    }
    this.#rest = at < source.length ? source.subarray(at) : undefined;
  }
}

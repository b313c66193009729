/** Follows MQTT packet boundaries through a byte stream, so that a packet is refused by its length, before it is read. */
export interface FrameLimit {
  maxBytes: number;
  /** Bytes of the current packet's body still to come. */
  remaining: number;
  /** Undefined between packets; else what is read of the length so far. */
  length: { value: number; shift: number } | undefined;
}

export function createFrameLimit(maxBytes: number): FrameLimit {
  return { maxBytes, remaining: 0, length: undefined };
}

/** `ok`, or why the stream must not be read further. Give every chunk once, in order. */
export function checkFrames(limit: FrameLimit, chunk: Uint8Array): 'ok' | 'too-large' | 'malformed' {
  let at = 0;
  while (at < chunk.length) {
    if (limit.remaining > 0) {
      const skipped = Math.min(limit.remaining, chunk.length - at);
      limit.remaining -= skipped;
      at += skipped;
    } else if (limit.length === undefined) {
      limit.length = { value: 0, shift: 0 };
      at += 1;
    } else {
      const verdict = readLengthByte(limit, limit.length, chunk[at] as number);
      if (verdict !== 'ok') return verdict;
      at += 1;
    }
  }
  return 'ok';
}

/** One byte of a Variable Byte Integer, 7 bits each, least significant first, at most four. */
function readLengthByte(
  limit: FrameLimit,
  length: { value: number; shift: number },
  byte: number,
): 'ok' | 'too-large' | 'malformed' {
  length.value += (byte & 0x7f) * 2 ** length.shift;
  length.shift += 7;
  if (length.value > limit.maxBytes) return 'too-large';
  if ((byte & 0x80) === 0) {
    limit.remaining = length.value;
    limit.length = undefined;
    return 'ok';
  }
  return length.shift > 21 ? 'malformed' : 'ok';
}

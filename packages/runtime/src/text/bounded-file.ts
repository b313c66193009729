import { closeSync, openSync, readSync } from 'node:fs';
import { PushfleetError } from '@pushfleet/protocol';

const chunkBytes = 65_536;

/**
 * The bytes of a file, or of a pipe up to its end.
 * @throws PushfleetError INVALID_ARGUMENT that names the file: it has more than `maxBytes`. Errors of the system as they are
 */
export function readBoundedFile(path: string, maxBytes: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let length = 0; ; ) {
      const chunk = Buffer.alloc(chunkBytes);
      const read = readSync(file, chunk);
      if (read === 0) return Buffer.concat(chunks);
      chunks.push(chunk.subarray(0, read));
      length += read;
      if (length > maxBytes) throw new PushfleetError('INVALID_ARGUMENT', `${path} is larger than ${maxBytes} bytes`);
    }
  } finally {
    closeSync(file);
  }
}

import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

const block = randomBytes(1_000_003);

/** Writes so many bytes and ends; answers their hash. */
export async function send(stream: Writable, bytes: number): Promise<string> {
  const hash = createHash('sha256');
  for (let left = bytes; left > 0; ) {
    const chunk = block.subarray(0, Math.min(left, block.length));
    hash.update(chunk);
    left -= chunk.length;
    if (!stream.write(chunk)) await once(stream, 'drain');
  }
  stream.end();
  return hash.digest('hex');
}

/** Reads to the end; the other direction goes on. */
export async function receive(stream: Readable): Promise<{ bytes: number; hash: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, hash: hash.digest('hex') };
}

/** Writes until nothing has been taken for `quietMs`; answers how much was taken. */
export async function sendUntilStalled(stream: Writable, atMost: number, quietMs = 1_000): Promise<number> {
  let sent = 0;
  while (sent < atMost) {
    sent += block.length;
    if (stream.write(block)) continue;
    const drained = once(stream, 'drain').then(() => true);
    if (!(await Promise.race([drained, sleep(quietMs).then(() => false)]))) break;
  }
  return sent;
}

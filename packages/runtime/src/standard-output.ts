import { writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

/** Writes bytes and returns how many were written. @throws Error of the system. */
type Write = (bytes: Uint8Array) => number;

/**
 * Lines on standard output. One that it does not take — the disk is full, the reader or the terminal is gone, a pipe has
 * no room — is lost, and nothing else: no process ends of its log, and none keeps what it cannot write.
 */
export function createStandardOutput(write: Write = (bytes) => writeSync(1, bytes)): DestinationStream {
  /** The last line was written in part. */
  let isTorn = false;
  return {
    write(line) {
      let rest: Uint8Array = Buffer.from(isTorn ? `\n${line}` : line);
      const { length } = rest;
      try {
        while (rest.length > 0) rest = rest.subarray(write(rest));
        isTorn = false;
      } catch {
        isTorn ||= rest.length < length;
      }
    },
  };
}

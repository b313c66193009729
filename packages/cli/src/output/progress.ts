/** A line on standard error that counts, where that is a terminal. */
export interface Progress {
  show(done: number): void;
  clear(): void;
}

export function createProgress(label: string, total: number): Progress {
  const stream = process.stderr;
  if (!stream.isTTY) return { show: () => undefined, clear: () => undefined };
  return {
    show: (done) => void stream.write(`\r\x1b[K${label}: ${done} of ${total}`),
    clear: () => void stream.write('\r\x1b[K'),
  };
}

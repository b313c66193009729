import { expect, it } from 'vitest';
import type { DeviceStatus } from './status.ts';
import { type StatusSource, statusStream } from './status.ts';

/** A source that a test drives. */
class Source implements StatusSource {
  currentStatus: DeviceStatus = { kind: 'idle' };
  readonly listeners = new Set<(status: DeviceStatus) => void>();

  onStatus(listener: (status: DeviceStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  become(kind: 'assigning' | 'idle'): void {
    this.currentStatus = { kind };
    for (const listener of this.listeners) listener(this.currentStatus);
  }
}

it('gives the present status, then each change, and listens no more when its reader leaves', async () => {
  const source = new Source();
  const stream = statusStream(source);
  expect((await stream.next()).value).toEqual({ kind: 'idle' });
  const next = stream.next();
  source.become('assigning');
  expect((await next).value).toEqual({ kind: 'assigning' });
  await stream.return();
  expect(source.listeners.size).toBe(0);
});

it('gives a slow reader the latest status, once', async () => {
  const source = new Source();
  const abort = new AbortController();
  const stream = statusStream(source, abort.signal);
  await stream.next();
  for (const kind of ['assigning', 'idle', 'assigning'] as const) source.become(kind);
  expect((await stream.next()).value).toEqual({ kind: 'assigning' });
  const next = stream.next();
  abort.abort();
  expect(await next).toEqual({ done: true, value: undefined });
});

it('ends when its signal aborts', async () => {
  const source = new Source();
  expect(await Array.fromAsync(statusStream(source, AbortSignal.abort()))).toEqual([]);
  expect(source.listeners.size).toBe(0);
});

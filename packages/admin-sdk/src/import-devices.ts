import { once } from 'node:events';
import type { ClientWritableStream } from '@grpc/grpc-js';
import type { admin } from '@pushfleet/protocol';
import { type CallOptions, unaryOnce } from './call.ts';
import type { AdminChannel } from './channel.ts';

export interface NewDevice {
  deviceId: string;
  /** Path of its administration group, which must exist. */
  group: string;
  /** 16 to 256 bytes. Absent: an existing device keeps its secret, a new one is refused. */
  secret?: string;
  /** At most 32; keys and values of 1 to 63 of A-Z a-z 0-9 . _ / -. */
  labels?: Record<string, string>;
  /** How it may be linked: `grpc`, `mqtt`. Absent or empty: both. */
  linkKinds?: ('grpc' | 'mqtt')[];
}

export type NewDevices = AsyncIterable<NewDevice> | Iterable<NewDevice>;

type ImportStream = ClientWritableStream<admin.ImportDevicesRequestInit>;

/**
 * Creates or replaces any number of devices; they are pulled only as fast as the balancer reads them. Every row is
 * checked before the first is written: where `errors` are answered, `imported` is 0 and nothing was applied. Where
 * writing broke off, `imported` says how many are in, and asking again is safe. If `devices` throws, nothing is applied,
 * and so does this.
 */
export async function importDevices(
  channel: AdminChannel,
  devices: NewDevices,
  options: CallOptions,
): Promise<admin.ImportDevicesResponse> {
  const { fleet, metadata } = channel;
  const over = new AbortController();
  let failure: { error: unknown } | undefined;
  try {
    return await unaryOnce<admin.ImportDevicesResponse>(channel, options, (done) => {
      const stream: ImportStream = fleet.importDevices(metadata, done);
      // What went wrong is told by the callback as well.
      stream.on('error', () => undefined);
      writeRows(stream, devices, over.signal).catch((error: unknown) => {
        if (over.signal.aborted) return;
        failure = { error };
        stream.cancel();
      });
      return stream;
    });
  } catch (error) {
    throw failure ? failure.error : error;
  } finally {
    over.abort();
  }
}

export function toRow({ deviceId, group, secret = '', labels = {}, linkKinds = [] }: NewDevice) {
  return { device: { deviceId, group, labels, linkKinds }, secret };
}

async function writeRows(stream: ImportStream, devices: NewDevices, over: AbortSignal): Promise<void> {
  for await (const device of devices) {
    if (over.aborted) return;
    if (!stream.write(toRow(device))) await once(stream, 'drain', { signal: over });
  }
  stream.end();
}

// The far end of benchmarks/tunnel.ts: a device, and the TCP server to which its tunnels lead.
import { createHash, randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createDevice } from '@pushfleet/device-sdk';

export interface FarEndTask {
  deviceId: string;
  link: 'grpc' | 'mqtt';
  balancers: string[];
  ca: string;
  secret: string;
}

/** Says first what it wants: `u` sends until its end and gets the hash back, a number gets so many bytes. */
async function serve(socket: Socket): Promise<void> {
  const reader = socket.iterator({ destroyOnReturn: false });
  const { value } = await reader.next();
  const head = value as Buffer;
  const wish = head.subarray(0, 16).toString().trim();
  if (wish !== 'u') return give(socket, Number(wish));
  const hash = createHash('sha256').update(head.subarray(16));
  for await (const chunk of reader) hash.update(chunk as Buffer);
  socket.end(hash.digest('hex'));
}

async function give(socket: Socket, bytes: number): Promise<void> {
  const block = randomFillSync(Buffer.alloc(1_048_576));
  const hash = createHash('sha256');
  for (let left = bytes; left > 0; left -= block.length) {
    const chunk = block.subarray(0, Math.min(left, block.length));
    hash.update(chunk);
    if (!socket.write(chunk)) await once(socket, 'drain');
  }
  // The hash is the last 64 bytes.
  socket.end(hash.digest('hex'));
}

const [task] = (await once(process, 'message')) as [FarEndTask];
const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
  socket.on('error', () => undefined);
  serve(socket).catch(() => socket.destroy());
}).listen(0, '127.0.0.1');
await once(server, 'listening');
const device = createDevice({ ...task, tunnels: { allow: ['127.0.0.1:*'] } });
device.start();
await device.connected(AbortSignal.timeout(30_000));
process.send?.((server.address() as AddressInfo).port);
process.once('disconnect', () => process.exit());

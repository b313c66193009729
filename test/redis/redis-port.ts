import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const startWithinMs = 20_000;

/** Lower than `below`, where that matters. */
export async function findFreePort(host: string, below = 65_536): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port < below ? port : findFreePort(host, below);
}

/** Resolves once what listens there answers as Redis does. */
export async function waitForPong(host: string, port: number): Promise<void> {
  const deadline = Date.now() + startWithinMs;
  while (!(await ping(host, port))) {
    if (Date.now() > deadline) throw new Error(`Redis at ${host}:${port} does not answer`);
    await delay(20);
  }
}

async function ping(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: 1_000 });
  socket.once('timeout', () => socket.destroy(new Error('timeout')));
  try {
    await once(socket, 'connect');
    socket.write('PING\r\n');
    const [reply] = await once(socket, 'data');
    return String(reply).startsWith('+PONG');
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

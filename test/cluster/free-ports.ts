import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** Ports of the loopback address on which nobody listens. All are held until all are found, so that they differ. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** The first of so many ports in a row on which nobody listens. */
export async function findAdjacentPorts(count: number): Promise<number> {
  for (;;) {
    const [first = 0] = await findFreePorts(1);
    const rest = Array.from({ length: count - 1 }, (_, index) => first + index + 1);
    if ((await Promise.all(rest.map(isFree))).every(Boolean)) return first;
  }
}

async function isFree(port: number): Promise<boolean> {
  if (port > 65_535) return false;
  const server = net.createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

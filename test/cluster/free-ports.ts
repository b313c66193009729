import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';

/**
 * Below those that the system gives to whoever asks for any port, and to connections: between the time a port is found and the
 * time a process listens on it, nobody else gets it.
 */
const lowest = 14_000;
const highest = 32_767;

export interface WantedPorts {
  host?: string;
  /** None is greater. */
  upTo?: number;
  /** This much above each of them, nobody listens either. */
  twinAt?: number;
}

/** Ports on which nobody listens, and that no test process of this machine has found that still runs. */
export async function findFreePorts(
  count: number,
  { host = '127.0.0.1', upTo = highest, twinAt = 0 }: WantedPorts = {},
): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = lowest + Math.floor(Math.random() * (upTo - lowest + 1));
    if ((await take(port, host)) && (twinAt === 0 || (await take(port + twinAt, host)))) ports.push(port);
  }
  return ports;
}

/** The first of so many ports in a row on which nobody listens. */
export async function findAdjacentPorts(count: number): Promise<number> {
  for (;;) {
    const [first = 0] = await findFreePorts(1);
    const rest = Array.from({ length: count - 1 }, (_, index) => first + index + 1);
    if ((await Promise.all(rest.map((port) => take(port)))).every(Boolean)) return first;
  }
}

/** False: somebody listens on it, or has taken it. */
async function take(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await claim(port)) && (await isFree(port, host));
}

/**
 * Claims the port among all test processes, until this one ends: by its namesake of UDP, which nobody uses. Several of them start
 * clusters at the same time, whose processes listen seconds after their ports were found.
 */
async function claim(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref();
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true));
  });
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = net.createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, host, () => resolve(true));
  });
  if (isListening) await once(server.close(), 'close');
  return isListening;
}

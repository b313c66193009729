import { once } from 'node:events';
import net from 'node:net';

/**
 * Below those that the system gives to whoever asks for any port, and to connections: between the time a port is found and the
 * time a process listens on it, nobody else gets it.
 */
const lowest = 14_000;
const highest = 32_767;
/** Ports that were found by this process. Another one of them may be in use later. */
const found = new Set<number>();

/** Ports on which nobody listens, and that were not found before. With `upTo`, none is greater. */
export async function findFreePorts(count: number, { host = '127.0.0.1', upTo = highest } = {}): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const port = lowest + Math.floor(Math.random() * (upTo - lowest + 1));
    if (found.has(port)) continue;
    found.add(port);
    if (await isFree(port, host)) ports.push(port);
  }
  return ports;
}

/** The first of so many ports in a row on which nobody listens. */
export async function findAdjacentPorts(count: number): Promise<number> {
  for (;;) {
    const [first = 0] = await findFreePorts(1);
    const rest = Array.from({ length: count - 1 }, (_, index) => first + index + 1);
    if ((await Promise.all(rest.map((port) => isFree(port)))).every(Boolean)) return first;
  }
}

async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const server = net.createServer();
  const isListening = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, host, () => resolve(true));
  });
  if (isListening) await once(server.close(), 'close');
  return isListening;
}

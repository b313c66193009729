import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const startWithinMs = 40_000;

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

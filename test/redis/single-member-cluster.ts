import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const slotCount = 16_384;
const formWithinMs = 20_000;

/** Makes a server that runs in cluster mode a whole cluster: all slots are its own. */
export async function formSingleMemberCluster(url: string): Promise<void> {
  const slots = Array.from({ length: slotCount }, (_, slot) => String(slot));
  await ask(url, ['CLUSTER', 'ADDSLOTS', ...slots]);
  const deadline = Date.now() + formWithinMs;
  while (!(await ask(url, ['CLUSTER', 'INFO'])).includes('cluster_state:ok')) {
    if (Date.now() > deadline) throw new Error(`the cluster of ${url} does not form`);
    await delay(50);
  }
}

/** The first bytes of the answer: enough for short ones. */
async function ask(url: string, args: string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
    const parts = args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`);
    socket.write(`*${args.length}\r\n${parts.join('')}`);
    const [answer] = await once(socket, 'data');
    return String(answer);
  } finally {
    socket.destroy();
  }
}

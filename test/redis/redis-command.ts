import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const answerWithinMs = 40_000;

/** The first bytes of the answer: enough for short ones. */
export async function askRedis(url: string, args: readonly string[]): Promise<string> {
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

/** Asks until the answer has `wanted` in it. */
export async function eventuallyAnswers(url: string, args: readonly string[], wanted: string): Promise<void> {
  const deadline = Date.now() + answerWithinMs;
  for (;;) {
    const answer = await askRedis(url, args);
    if (answer.includes(wanted)) return;
    if (Date.now() > deadline) throw new Error(`${url} does not answer ${args.join(' ')} with ${wanted}:\n${answer}`);
    await delay(50);
  }
}

import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { visibleText } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';

const answerWithinMs = 10_000;

/**
 * A fleet whose devices ask nobody would try for minutes: one of the balancers must answer over TLS, with a certificate of the CAs.
 * @param balancers Their URLs
 * @param ca PEM
 * @throws CommandFailure that says what became of the first one
 */
export async function checkBalancers(balancers: readonly string[], ca: string): Promise<void> {
  const attempts = balancers.map((url) => reach(new URL(url), ca));
  try {
    await Promise.any(attempts);
  } catch (cause) {
    const [first] = (cause as AggregateError).errors as Error[];
    const remedy = 'name it with --balancer, or its port in PUSHFLEET_ASSIGN_PORT';
    throw new CommandFailure(
      `devices cannot ask the balancer at ${balancers[0]} (${visibleText(String(first?.message))}): ${remedy}`,
      { cause },
    );
  }
}

async function reach({ hostname, port }: URL, ca: string): Promise<void> {
  // An IPv6 address stands in brackets.
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(port || 443), ca, ...(isIP(host) === 0 ? { servername: host } : {}) });
  const late = new Error(`no answer in ${answerWithinMs / 1_000} s`);
  socket.setTimeout(answerWithinMs, () => socket.destroy(late));
  try {
    await once(socket, 'secureConnect');
  } finally {
    // Whatever else becomes of it does not matter.
    socket.on('error', () => {}).destroy();
  }
}

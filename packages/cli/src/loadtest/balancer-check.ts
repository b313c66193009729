import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { visibleText } from '@pushfleet/runtime';
import { CommandFailure } from '../output/failure.ts';

const answerWithinMs = 10_000;

/**
 * A fleet whose devices ask nobody would try for minutes: one of the balancers must answer as they
 * do, over TLS, with a certificate of the CAs.
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

/** Asks without saying which device. @throws Error unless a balancer says that it cannot tell where that belongs */
async function reach(url: URL, ca: string): Promise<void> {
  const question = request(new URL('/v1/assignment', url), {
    ...{ method: 'POST', ca, agent: false, timeout: answerWithinMs },
    headers: { 'content-type': 'application/json' },
  });
  question.on('timeout', () => question.destroy(new Error(`no answer in ${answerWithinMs / 1_000} s`)));
  question.end('{}');
  const [response] = (await once(question, 'response')) as [IncomingMessage];
  if (isOfBalancer(await text(response))) return;
  throw new Error(`it answers with HTTP ${response.statusCode}, and not as a balancer does to devices`);
}

function isOfBalancer(body: string): boolean {
  try {
    return typeof (JSON.parse(body) as { error: { code: unknown } }).error.code === 'string';
  } catch {
    return false;
  }
}

import { createServer } from 'node:http';
import { PushfleetError } from '@pushfleet/protocol';
import { expect, it } from 'vitest';
import { testTls } from '../../../../test/certificates/test-tls.ts';
import { secureContextOf } from '../tls.ts';
import { startHttpsBalancer } from './balancer.fixture.ts';
import { askOverHttps } from './balancer.ts';

const ask = askOverHttps(secureContextOf(testTls.ca));
const question = { deviceId: 'd1', secret: 's', unreachableNodeIds: ['a'] };
const never = new AbortController().signal;

it('posts the JSON form of AssignRequest', async () => {
  await using balancer = await startHttpsBalancer(() => ({ ticket: 't' }), testTls);
  expect(await ask(new URL(balancer.url), question, never)).toEqual({ ticket: 't' });
  expect(balancer.asked).toEqual([question]);
});

it('reads the error that a balancer answers', async () => {
  const error = new PushfleetError('NO_CAPACITY', 'full', { retryAfterMs: 1_500 });
  await using balancer = await startHttpsBalancer(() => error);
  const asked = ask(new URL(balancer.url), question, never);
  await expect(asked).rejects.toMatchObject({ code: 'NO_CAPACITY', message: 'full', retryAfterMs: 1_500 });
});

it.each([
  ['an error that is not of a balancer', 502, 'Bad Gateway', 'answered 502 Bad Gateway'],
  ['an answer without end', 200, 'x'.repeat(100_000), 'larger than 65536 bytes'],
])('does not take %s for a refusal', async (_what, status, body, message) => {
  const server = createServer((_request, response) => void response.writeHead(status).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const asked = ask(new URL(`http://127.0.0.1:${port}`), question, never);
  await expect(asked).rejects.toThrow(message);
  await expect(asked).rejects.not.toBeInstanceOf(PushfleetError);
  server.close();
});

it('gives up with its signal', async () => {
  await using balancer = await startHttpsBalancer(() => ({}));
  await expect(ask(new URL(balancer.url), question, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
});

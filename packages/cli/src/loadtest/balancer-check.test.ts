import { once } from 'node:events';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { CommandFailure } from '../output/failure.ts';
import { checkBalancers } from './balancer-check.ts';

const [authority, stranger] = await Promise.all(['one', 'another'].map((name) => MadeAuthority.create(name)));

async function listen(body: string | undefined): Promise<string> {
  const { chain, key } = (await authority?.issue({ names: ['127.0.0.1'] })) ?? { chain: '', key: '' };
  const server =
    body === undefined
      ? createPlainServer((socket) => socket.on('error', () => {}).end('hello\r\n'))
      : createServer({ cert: chain, key }, (_, response) => response.writeHead(401).end(body));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ofBalancer = '{"error":{"code":"INVALID_ARGUMENT"}}';
const nobody = 'https://127.0.0.1:1';
const ca = authority?.pem ?? '';

it('passes where one of the balancers answers', async () => {
  await checkBalancers([nobody, await listen(ofBalancer)], ca);
});

it('says which one does not, why, and how to name another', async () => {
  await expect(checkBalancers([nobody], ca)).rejects.toThrow(CommandFailure);
  await expect(checkBalancers([nobody], ca)).rejects.toThrow(
    /at https:\/\/127\.0\.0\.1:1 \(.*ECONNREFUSED.*\): name it with --balancer, or its port in PUSHFLEET_ASSIGN_PORT/,
  );
  await expect(checkBalancers([await listen(ofBalancer)], stranger?.pem ?? '')).rejects.toThrow(/certificate/);
  await expect(checkBalancers([await listen(undefined)], ca)).rejects.toThrow(CommandFailure);
});

it('takes no other program for a balancer because it speaks TLS', async () => {
  for (const body of ['', '{}', '{"error":null}', '{"code":"BAD_TOKEN"}']) {
    await expect(checkBalancers([await listen(body)], ca), body).rejects.toThrow(
      /answers with HTTP 401, and not as a balancer does to devices/,
    );
  }
});

import { once } from 'node:events';
import { type AddressInfo, createServer as createPlainServer } from 'node:net';
import { createServer } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { MadeAuthority } from '../../../../test/certificates/made-authority.ts';
import { CommandFailure } from '../output/failure.ts';
import { checkBalancers } from './balancer-check.ts';

const [authority, stranger] = await Promise.all(['one', 'another'].map((name) => MadeAuthority.create(name)));

async function listen(isTls: boolean): Promise<string> {
  const { chain, key } = (await authority?.issue({ names: ['127.0.0.1'] })) ?? { chain: '', key: '' };
  const server = isTls ? createServer({ cert: chain, key }) : createPlainServer((socket) => socket.end('hello\r\n'));
  server.on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const nobody = 'https://127.0.0.1:1';
const ca = authority?.pem ?? '';

it('passes where one of the balancers answers', async () => {
  await checkBalancers([nobody, await listen(true)], ca);
});

it('says which one does not, why, and how to name another', async () => {
  await expect(checkBalancers([nobody], ca)).rejects.toThrow(CommandFailure);
  await expect(checkBalancers([nobody], ca)).rejects.toThrow(
    /at https:\/\/127\.0\.0\.1:1 \(.*ECONNREFUSED.*\): name it with --balancer, or its port in PUSHFLEET_ASSIGN_PORT/,
  );
  await expect(checkBalancers([await listen(true)], stranger?.pem ?? '')).rejects.toThrow(/certificate/);
  await expect(checkBalancers([await listen(false)], ca)).rejects.toThrow(CommandFailure);
});

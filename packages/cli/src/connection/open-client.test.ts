import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeFailure } from '../output/failure.ts';
import { createStateDirectory } from '../state/state-directory.ts';
import { openClient } from './open-client.ts';

let dir: string;
let environment: Record<string, string>;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'pushfleet-client-'));
  environment = { PUSHFLEET_STATE_DIR: join(dir, 'ours') };
  for (const name of ['ours', 'theirs']) await createStateDirectory({ path: join(dir, name) });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it.each(['https://127.0.0.1:13299', 'admin@host:13299', 'host', 'host:1,', '::1:13299', 'host:1;host:2', 'host:port'])(
  'takes %j for no address, and names the variable',
  (address) => {
    expect(() => openClient({ ...environment, PUSHFLEET_ADMIN_ADDRESS: address })).toThrow(
      'PUSHFLEET_ADMIN_ADDRESS: must be host:port, or several with commas; it is "',
    );
  },
);

it.each(['host:13299', '[::1]:13299', 'host:1,other:2', 'host:1, other:2 ,[::1]:3'])('takes %j', (address) => {
  using _client = openClient({ ...environment, PUSHFLEET_ADMIN_ADDRESS: address });
});

it('names a token file that has no end, and one that is not there', () => {
  const file = join(dir, 'endless');
  writeFileSync(file, 'x'.repeat(1_048_577));
  const open = (path: string) => () => openClient({ ...environment, PUSHFLEET_ADMIN_TOKEN_FILE: path });
  expect(open(file)).toThrow(`PUSHFLEET_ADMIN_TOKEN_FILE: ${file} is larger than 1048576 bytes`);
  expect(open(dir)).toThrow(`PUSHFLEET_ADMIN_TOKEN_FILE: cannot read ${dir} (EISDIR)`);
  expect(open('/nowhere')).toThrow('PUSHFLEET_ADMIN_TOKEN_FILE: cannot read /nowhere; there is no such file');
  expect(() => openClient({ PUSHFLEET_STATE_DIR: '/nowhere' })).toThrow(
    'PUSHFLEET_CA_FILE is not set: cannot read /nowhere/ca.crt; run this where `pushfleet dev` runs, or set PUSHFLEET_CA_FILE',
  );
});

it('says which CA does not know the balancer', async () => {
  const [cert, key] = ['server.crt', 'server.key'].map((name) => readFileSync(join(dir, 'theirs', name)));
  const server = tls.createServer({ cert, key, ALPNProtocols: ['h2'] }).on('tlsClientError', () => {});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  using client = openClient({ ...environment, PUSHFLEET_ADMIN_ADDRESS: address });
  const failure = await client.nodes.list().then(() => undefined, describeFailure);
  expect(failure).toBe(
    `cannot reach the balancer at ${address}: its certificate does not come from a CA that is trusted here ` +
      '(the CA is read from PUSHFLEET_CA_FILE or the state directory)',
  );
  server.close();
});

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { binary, runTool } from './cluster/tools.ts';

const dir = mkdtempSync(join(tmpdir(), 'pushfleet-pem-'));
const run = (command: string, environment: Record<string, string> = {}) =>
  runTool(process.execPath, [binary, command], { PUSHFLEET_STATE_DIR: dir, ...environment });

beforeAll(async () => {
  await run('init');
  await runTool(process.execPath, [binary, 'enroll', 'dp-0'], { PUSHFLEET_STATE_DIR: dir });
});
afterAll(() => rmSync(dir, { recursive: true }));

it.each<[command: string, environment: Record<string, string>]>([
  ['balancer', {}],
  ['push-server', { PUSHFLEET_DISTRIBUTION_POINT: 'dp-0' }],
])('a %s with the key of another certificate ends at once, in words that name both files', async (command, more) => {
  const key = join(dir, 'cluster.key');
  const ended = await run(command, { PUSHFLEET_TLS_KEY_FILE: key, ...more });
  const [place, name] = command === 'balancer' ? ['server.crt', 'pushfleet'] : ['push-servers/dp-0/server.crt', 'dp-0'];
  const cert = join(dir, place as string);
  expect(ended).toEqual({
    status: 1,
    output: '',
    errors: `pushfleet: PUSHFLEET_TLS_KEY_FILE: ${key} has a private key that does not belong to the certificate of CN=${name} in ${cert} (PUSHFLEET_TLS_CERT_FILE)\n`,
  });
});

it('a command that is to trust a key instead of a CA says so', async () => {
  const file = join(dir, 'ca.pem');
  copyFileSync(join(dir, 'ca.key'), file);
  const ended = await run('nodes', { PUSHFLEET_CA_FILE: file });
  expect(ended).toMatchObject({ status: 1, output: '' });
  expect(ended.errors).toMatch(
    `pushfleet: PUSHFLEET_CA_FILE: ${file} holds PRIVATE KEY, and no certificate; PEM begins`,
  );
});

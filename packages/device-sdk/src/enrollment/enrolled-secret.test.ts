import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EnrolledSecret } from './enrolled-secret.ts';
import { fileSecretStore } from './secret-store.ts';

let directory: string;
let file: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'pushfleet-secret-'));
  file = join(directory, 'state', 'secret.json');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('registers once, and shows the same secret after a restart', async () => {
  const registered: string[] = [];
  const register = async (secret: string) => registered.push(secret);
  const first = new EnrolledSecret(fileSecretStore(file));
  const secret = await first.show(register);
  expect(await first.show(register)).toBe(secret);
  expect(await new EnrolledSecret(fileSecretStore(file)).show(register)).toBe(secret);
  expect(registered).toEqual([secret]);
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
});

it('asks again with the same secret where the answer was lost, also after a restart', async () => {
  const registered: string[] = [];
  const lost = async (secret: string) => {
    registered.push(secret);
    throw new Error('the connection broke');
  };
  const first = new EnrolledSecret(fileSecretStore(file));
  await expect(first.show(lost)).rejects.toThrow('broke');
  await expect(first.show(lost)).rejects.toThrow('broke');
  const secret = await new EnrolledSecret(fileSecretStore(file)).show(async (one) => registered.push(one));
  expect(registered).toEqual([secret, secret, secret]);
});

it('tells nobody of a secret that it could not keep', async () => {
  const store = { load: async () => undefined, save: () => Promise.reject(new Error('no space left')) };
  const register = () => Promise.reject(new Error('was asked'));
  await expect(new EnrolledSecret(store).show(register)).rejects.toThrow('no space left');
});

it('keeps the file for its owner alone, and leaves no other beside it', async () => {
  await new EnrolledSecret(fileSecretStore(file)).show(async () => undefined);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readdir(join(directory, 'state'))).toEqual(['secret.json']);
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ secret: expect.any(String), registered: true });
});

it.each(['', 'not json', '[]', 'null', '{"secret": 5, "registered": true}', '{"secret": "x"}'])(
  'takes nothing for a secret that is none: %j',
  async (content) => {
    const path = join(directory, 'secret.json');
    await writeFile(path, content);
    await expect(fileSecretStore(path).load()).rejects.toThrow("the device's secret cannot be read");
  },
);

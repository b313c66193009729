import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memberOf } from '@pushfleet/runtime';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { enrollPushServer } from './enrollment.ts';
import { IssuedCertificates } from './issued-certificates.ts';
import { createStateDirectory } from './state-directory.ts';

let stateDir: string;
beforeEach(async () => {
  stateDir = mkdtempSync(join(tmpdir(), 'pushfleet-enrollment-'));
  await createStateDirectory({ path: stateDir });
});
afterEach(() => rmSync(stateDir, { recursive: true }));

const enroll = (keep = false) => enrollPushServer({ stateDir, distributionPoint: 'dp-1', keep });
const userNames = () =>
  readFileSync(join(stateDir, 'redis-users.acl'), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' ')[1]);

it('makes a bundle with all that a push server needs, and no key of anybody else', async () => {
  const { path } = await enroll();
  expect(readdirSync(path).sort()).toEqual([
    ...['ca.crt', 'cluster-ca.crt', 'cluster.crt', 'cluster.key', 'redis-password', 'server.crt', 'server.key'],
    'tls-ticket-secret',
  ]);
  const secrets = ['cluster.key', 'server.key', 'redis-password', 'tls-ticket-secret'];
  const own = new Set(secrets.map((name) => readFileSync(join(path, name), 'utf8')));
  for (const name of ['ca.key', 'push-server-ca.key', 'cluster-ca.key', 'cluster.key', 'server.key', 'admin-token']) {
    expect(own).not.toContain(readFileSync(join(stateDir, name), 'utf8'));
  }
  for (const name of ['redis-password', 'tls-ticket-secret']) {
    expect(own).not.toContain(readFileSync(join(stateDir, name), 'utf8'));
  }
  const certificate = new X509Certificate(readFileSync(join(path, 'cluster.crt')));
  expect(memberOf(certificate)).toEqual({ role: 'push-server', name: 'dp-1' });
});

it('gives each push server a user in Redis, beside that of the balancers, and lets nobody else in', async () => {
  expect(userNames()).toEqual(['default', 'pushfleet-balancer']);
  const { redisUser } = await enroll();
  expect(redisUser).toMatch(/^user pushfleet-push-server-dp-1 on #[0-9a-f]{64} resetchannels resetkeys -@all /);
  await enrollPushServer({ stateDir, distributionPoint: 'dp-2', redisKeyPrefix: 'other' });
  const names = ['default', 'pushfleet-balancer', 'pushfleet-push-server-dp-1', 'other-push-server-dp-2'];
  expect(userNames()).toEqual(names);
});

it('replaces key, certificate and password when it runs again, unless it is to keep them', async () => {
  const { path, redisUser } = await enroll();
  const read = () =>
    ['cluster.crt', 'server.key', 'redis-password'].map((name) => readFileSync(join(path, name), 'utf8'));
  const first = read();
  expect(await enroll(true)).toMatchObject({ made: [], redisUser: undefined });
  expect(read()).toEqual(first);
  const again = await enroll();
  expect(again.redisUser).not.toBe(redisUser);
  for (const [index, text] of read().entries()) expect(text).not.toBe(first[index]);
  expect(userNames()).toHaveLength(3);
});

it('keeps nothing of a bundle that was revoked', async () => {
  const { path } = await enroll();
  const read = () =>
    ['cluster.crt', 'server.key', 'redis-password'].map((name) => readFileSync(join(path, name), 'utf8'));
  const [first, certificate] = [read(), new X509Certificate(readFileSync(join(path, 'cluster.crt')))];
  new IssuedCertificates(stateDir).markRevoked(new Set([certificate.serialNumber]), 1);
  const again = await enroll(true);
  expect(again.made).toEqual(['server.crt', 'server.key', 'cluster.crt', 'cluster.key']);
  expect(again.redisUser).toMatch(/^user pushfleet-push-server-dp-1 /);
  for (const [index, text] of read().entries()) expect(text).not.toBe(first[index]);
  expect(await enroll(true)).toMatchObject({ made: [], redisUser: undefined });
});

it('replaces nothing of anybody else', async () => {
  const everything = () => readdirSync(stateDir).map((name) => [name, statSync(join(stateDir, name)).mtimeMs]);
  const before = everything();
  const link = join(tmpdir(), `pushfleet-link-${process.pid}`);
  symlinkSync(stateDir, link);
  onTestFinished(() => rmSync(link));
  for (const out of [stateDir, link, `${stateDir}/.`]) {
    const wish = { stateDir, distributionPoint: 'dp-1', out };
    await expect(enrollPushServer(wish)).rejects.toThrow('the state directory itself: name another directory in --out');
  }
  const balancer = mkdtempSync(join(tmpdir(), 'pushfleet-balancer-'));
  onTestFinished(() => rmSync(balancer, { recursive: true }));
  await createStateDirectory({ path: balancer });
  const wish = { stateDir, distributionPoint: 'dp-1', out: balancer };
  await expect(enrollPushServer(wish)).rejects.toThrow('which has the certificate of balancer balancer');
  expect(everything()).toEqual(before);
  const { path } = await enroll();
  await expect(enrollPushServer({ ...wish, distributionPoint: 'dp-2', out: path })).rejects.toThrow(
    `the bundle of dp-2 cannot be in ${path}, which has the certificate of push server dp-1`,
  );
});

it('repairs a bundle whose files are damaged', async () => {
  const { path } = await enroll();
  for (const name of ['cluster.crt', 'server.key', 'redis-password']) writeFileSync(join(path, name), 'garbage');
  expect((await enroll()).made).toContain('cluster.crt');
  expect(memberOf(new X509Certificate(readFileSync(join(path, 'cluster.crt'))))?.name).toBe('dp-1');
});

it('repairs a bundle with the certificates of another push server', async () => {
  const [{ path }, other] = [await enroll(), await enrollPushServer({ stateDir, distributionPoint: 'dp-2' })];
  for (const name of ['cluster.crt', 'cluster.key']) copyFileSync(join(other.path, name), join(path, name));
  await enroll();
  expect(memberOf(new X509Certificate(readFileSync(join(path, 'cluster.crt'))))?.name).toBe('dp-1');
});

it('asks for the state directory where there is none', async () => {
  const nowhere = join(stateDir, 'nowhere');
  await expect(enrollPushServer({ stateDir: nowhere, distributionPoint: 'dp-1' })).rejects.toThrow(
    `there is no ${nowhere}: \`pushfleet init\` makes it`,
  );
});

it('leaves nothing behind where it fails', async () => {
  writeFileSync(join(stateDir, 'ca.key'), 'garbage');
  await expect(enroll()).rejects.toThrow(/ca\.key holds no private key/);
  expect(existsSync(join(stateDir, 'push-servers'))).toBe(false);
});

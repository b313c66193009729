import 'reflect-metadata';
import { createPrivateKey, KeyObject, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls, { type TLSSocket } from 'node:tls';
import { X509CertificateGenerator } from '@peculiar/x509';
import { clusterServerName } from '@pushfleet/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createStateDirectory } from './state-directory.ts';

let path: string;
const read = (name: string) => readFileSync(join(path, name), 'utf8');

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'pushfleet-state-'));
});
afterEach(() => rmSync(path, { recursive: true }));

/** One TLS handshake; what the client and the server thought of each other. */
async function shakeHands(server: tls.TlsOptions, client: tls.ConnectionOptions): Promise<string> {
  const listener = tls.createServer(server).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  const accepted = once(listener, 'secureConnection') as Promise<[TLSSocket]>;
  const socket = tls.connect({ host: '127.0.0.1', port, ...client });
  // By TLS 1.3 the client has done its part before the server has judged it.
  const failed = once(socket, 'error').then(([error]) => Promise.reject(error));
  failed.catch(() => {});
  try {
    await once(socket, 'secureConnect');
    const [peer] = await Promise.race([accepted, failed]);
    const seen = `${socket.authorized ? 'server trusted' : 'server unknown'}, ${peer.authorized ? 'client trusted' : 'no client'}`;
    peer.destroy();
    return seen;
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code);
  } finally {
    socket.destroy();
    listener.close();
  }
}

describe('createStateDirectory', () => {
  it('makes certificates that devices trust by the names of this machine', async () => {
    await createStateDirectory({ path, hosts: ['push.example.org', '192.0.2.7'] });
    const server = { cert: read('server.crt'), key: read('server.key') };
    for (const servername of ['localhost', 'push.example.org']) {
      expect(await shakeHands(server, { ca: read('ca.crt'), servername })).toBe('server trusted, no client');
    }
    // Without a server name, the address that was connected to must be in the certificate.
    expect(await shakeHands(server, { ca: read('ca.crt') })).toBe('server trusted, no client');
    const stranger = await shakeHands(server, { ca: read('ca.crt'), servername: 'another.example.org' });
    expect(stranger).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('makes cluster certificates for both ends of mutual TLS, which the other CA does not vouch for', async () => {
    await createStateDirectory({ path });
    const member = { cert: read('cluster.crt'), key: read('cluster.key') };
    const mutual = { ...member, ca: read('cluster-ca.crt'), requestCert: true, rejectUnauthorized: true };
    const client = { ...member, ca: read('cluster-ca.crt'), servername: clusterServerName };
    expect(await shakeHands(mutual, client)).toBe('server trusted, client trusted');
    expect(await shakeHands(mutual, { ...client, ca: read('ca.crt') })).toBe('SELF_SIGNED_CERT_IN_CHAIN');
  });

  it('keeps what is there', async () => {
    const first = await createStateDirectory({ path });
    const token = read('admin-token');
    expect(first.made).toContain('server.crt');
    expect((await createStateDirectory({ path })).made).toEqual([]);
    expect(read('admin-token')).toBe(token);
  });

  it('makes the server certificate anew for a further name, by the same CA and with the earlier names', async () => {
    await createStateDirectory({ path, hosts: ['first.example.org'] });
    const ca = read('ca.crt');
    const { made } = await createStateDirectory({ path, hosts: ['second.example.org'] });
    expect(made).toEqual(['server.crt', 'server.key']);
    expect(read('ca.crt')).toBe(ca);
    const server = { cert: read('server.crt'), key: read('server.key') };
    for (const servername of ['first.example.org', 'second.example.org']) {
      expect(await shakeHands(server, { ca, servername })).toBe('server trusted, no client');
    }
  });

  it('renews a leaf before it ends, and the CA with all that it signed before that ends', async () => {
    await createStateDirectory({ path });
    const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
    expect((await createStateDirectory({ path, now: inDays(700) })).made).toEqual([]);
    const leaves = ['server.crt', 'server.key', 'cluster.crt', 'cluster.key'];
    expect((await createStateDirectory({ path, now: inDays(800) })).made).toEqual(leaves);
    expect((await createStateDirectory({ path, now: inDays(3_640) })).made).toHaveLength(10);
  });

  it('replaces a certificate that does not belong to its key', async () => {
    await createStateDirectory({ path });
    writeFileSync(join(path, 'server.key'), read('cluster.key'));
    expect((await createStateDirectory({ path })).made).toEqual(['server.crt', 'server.key']);
  });

  it('takes a CA whose key is elsewhere, as long as nothing is to be signed', async () => {
    await createStateDirectory({ path });
    for (const name of ['ca.key', 'cluster-ca.key']) rmSync(join(path, name));
    const ca = read('ca.crt');
    expect((await createStateDirectory({ path })).made).toEqual([]);
    await expect(createStateDirectory({ path, hosts: ['push.example.org'] })).rejects.toThrow(
      `${join(path, 'server.crt')} is to be made anew: ${join(path, 'ca.key')} is needed, and not there`,
    );
    expect(read('ca.crt')).toBe(ca);
  });

  const encrypted = (key: string) =>
    createPrivateKey(key).export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' });
  it.each<[what: string, file: string, content: () => string | Uint8Array, problem: string]>([
    [
      'an encrypted key of the CA',
      'ca.key',
      () => encrypted(read('ca.key')) as string,
      'ca.key has an encrypted private key',
    ],
    [
      'the key of another CA',
      'ca.key',
      () => read('cluster-ca.key'),
      'ca.key does not belong to the certificate beside it: put',
    ],
    [
      'a CA in DER',
      'ca.crt',
      () => new X509Certificate(read('ca.crt')).raw,
      'ca.crt is a certificate in DER; PEM is wanted',
    ],
    ['an empty file', 'cluster-ca.crt', () => '', 'cluster-ca.crt is empty; it must hold a certificate in PEM'],
    [
      'an encrypted key of the server',
      'server.key',
      () => encrypted(read('server.key')) as string,
      'server.key has an encrypted',
    ],
  ])('replaces nothing where there is %s', async (_what, file, content, problem) => {
    await createStateDirectory({ path });
    writeFileSync(join(path, file), content());
    const before = readFileSync(join(path, file));
    await expect(createStateDirectory({ path })).rejects.toThrow(problem);
    expect(readFileSync(join(path, file))).toEqual(before);
  });

  it('does not replace a certificate of somebody else', async () => {
    await createStateDirectory({ path });
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
    const signingAlgorithm = { name: 'ECDSA', hash: 'SHA-256' };
    const cert = await X509CertificateGenerator.createSelfSigned({ name: 'CN=a shop', keys, signingAlgorithm });
    writeFileSync(join(path, 'server.crt'), cert.toString('pem'));
    writeFileSync(join(path, 'server.key'), KeyObject.from(keys.privateKey).export({ format: 'pem', type: 'pkcs8' }));
    const problem =
      'server.crt is not of pushfleet, and is to be replaced: name your own certificate in PUSHFLEET_TLS_CERT_FILE';
    await expect(createStateDirectory({ path })).rejects.toThrow(problem);
  });

  it('shows keys, tokens and passwords to nobody else', async () => {
    path = join(path, 'new');
    await createStateDirectory({ path });
    const mode = (name: string) => statSync(join(path, name)).mode & 0o777;
    expect(mode('.')).toBe(0o700);
    for (const name of [
      'ca.key',
      'server.key',
      'cluster-ca.key',
      'cluster.key',
      'admin-token',
      'redis-password',
      'tls-ticket-secret',
    ]) {
      expect([name, mode(name)]).toEqual([name, 0o600]);
      expect(existsSync(join(path, name))).toBe(true);
    }
    expect(read('admin-token')).toMatch(/^[\w-]{43}$/);
    path = join(path, '..');
  });
});

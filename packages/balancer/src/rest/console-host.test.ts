import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { consoleFiles } from '@pushfleet/console';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestBalancer } from '../balancer.fixture.ts';
import { reactAriaStyles } from './console-host.ts';

let test: TestBalancer;
beforeAll(async () => {
  test = await TestBalancer.start();
});
afterAll(() => test[Symbol.asyncDispose]());

function get(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`http://127.0.0.1:${test.balancer.ports.rest}${path}`, { redirect: 'manual', ...init });
}

/** Sends the path as it is written: no client has tidied it. */
async function getRaw(path: string): Promise<string> {
  const socket = connect(test.balancer.ports.rest, '127.0.0.1');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  return text(socket);
}

const document = readFileSync(`${consoleFiles}/index.html`, 'utf8');
/** The script that the document loads: not one of the small ones, which no compression makes smaller. */
const script = readdirSync(`${consoleFiles}/assets`).find((name) => /^index-.*\.js$/.test(name)) ?? '';

describe('the console', () => {
  it('is where a browser is sent that names no path', async () => {
    for (const path of ['/', '/console']) {
      const { status, headers } = await get(path);
      expect([status, headers.get('location')]).toEqual([302, '/console/']);
    }
  });

  it('shows its document at every path of a page, kept by nobody and closed to other sites', async () => {
    for (const path of [
      '/console/',
      '/console/index.html',
      '/console/devices/a.b%2Fc?x=1',
      '/console/sign-in?code=a',
    ]) {
      const response = await get(path);
      expect(await response.text(), path).toBe(document);
      const { status, headers } = response;
      expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
        ...[200, 'text/html; charset=utf-8', 'no-store'],
      ]);
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self' 'sha256-/);
      expect(policy).not.toContain('unsafe');
      expect(policy).toContain("frame-ancestors 'none'; base-uri 'none'");
    }
    expect((await get('/console/devices', { method: 'HEAD' })).status).toBe(200);
    expect((await get('/console/devices', { method: 'POST' })).status).toBe(404);
  });

  it('has files that browsers keep, compressed beforehand', async () => {
    const plain = readFileSync(`${consoleFiles}/assets/${script}`);
    const lengths: number[] = [];
    for (const encoding of ['identity', 'gzip', 'br']) {
      const response = await get(`/console/assets/${script}`, { headers: { 'accept-encoding': encoding } });
      const { headers } = response;
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('content-type')).toMatch(/javascript/);
      expect(headers.get('content-encoding')).toBe(encoding === 'identity' ? null : encoding);
      expect(Buffer.from(await response.arrayBuffer()).equals(plain)).toBe(true);
      lengths.push(Number(headers.get('content-length')));
    }
    expect(lengths[0]).toBeGreaterThan(2 * (lengths[1] ?? 0));
    expect(lengths[1]).toBeGreaterThan(lengths[2] ?? 0);
  });

  it('says that a file is missing, and shows no page for it', async () => {
    const { status, headers } = await get('/console/assets/gone-0000.js');
    expect([status, headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });

  it('shows nothing beside its directory', async () => {
    const paths = [
      '/console/../index.js',
      '/console/%2e%2e/index.js',
      '/console/..%2findex.js',
      '/console/assets/../../index.js',
    ];
    paths.push(
      '/console/assets/%2e%2e/%2e%2e/index.js',
      '/console//etc/passwd',
      '/console/..\\index.js',
      '/console/%00',
    );
    paths.push(
      '/console/assets/..%2f..%2findex.js',
      '/console/%c0%ae%c0%ae/index.js',
      '/../../etc/passwd',
      '/console/%',
    );
    for (const path of paths) {
      const answer = await getRaw(path);
      expect(answer, path).toMatch(/^HTTP\/1\.1 (200|302|4\d\d) /);
      expect(answer, path).not.toMatch(/consoleFiles|root:/);
      if (answer.startsWith('HTTP/1.1 200')) expect(answer, path).toContain(document);
      if (/^HTTP\/1\.1 4/.test(answer)) {
        expect(answer, path).toContain('application/problem+json');
        expect(answer, path).not.toContain('"field":"body"');
      }
    }
  });

  it('permits the style sheets that its components put into the page', () => {
    const sources = ['interactions/usePress', 'overlays/usePreventScroll'].map((name) => {
      const main = createRequire(import.meta.resolve('@pushfleet/console')).resolve('react-aria');
      return readFileSync(main.replace(/react-aria\/.*$/, `react-aria/dist/private/${name}.mjs`), 'utf8');
    });
    const styles = sources.flatMap((source) => [...source.matchAll(/textContent = `\s*(@layer[^`]*?)\s*`/g)]);
    const written = styles.map(([, style = '']) => style.replace(/\$\{.*?\}/, 'data-react-aria-pressable'));
    expect(written).toEqual(reactAriaStyles);
  });
});

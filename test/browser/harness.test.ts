import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { assertAccessible, assertReadable } from './accessibility.ts';
import { browser, contextOptions } from './browser.ts';
import { PageWatch } from './page-watch.ts';

let server: Server;
let origin: string;
let html = '';

beforeAll(async () => {
  server = createServer(({ url }, response) => {
    const isPage = url === '/';
    response.writeHead(isPage ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'self'; script-src 'nonce-x'; img-src 'self' data:; connect-src *",
    });
    response.end(
      isPage
        ? `<!doctype html><html lang="en"><title>Test · harness</title><link rel="icon" href="data:,">${html}`
        : '',
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
});

/** Shows a page of its own and hands it over with what was noted about it. */
async function show(body: string, use: (page: Page, watch: PageWatch) => Promise<void> | void): Promise<void> {
  html = body;
  await using context = await (await browser()).newContext(contextOptions('desktop', 'light'));
  const page = await context.newPage();
  const watch = new PageWatch(page, origin);
  await page.goto(origin);
  await use(page, watch);
}

const script = (text: string) => `<script nonce="x">${text}</script>`;

describe('the watch over a page', () => {
  it.each([
    ['an error in the console', script("console.error('oh no')"), 'oh no'],
    ['an exception', script("throw new Error('unforeseen')"), 'unforeseen'],
    ['a violation of the content security policy', "<script>console.log('inline')</script>", 'Content Security Policy'],
    ['an image of another host', '<img alt="x" src="http://127.0.0.2:1/x.png">', 'Content Security Policy'],
    ['a request to another host', script("fetch('http://127.0.0.2:1/x').catch(() => {})"), 'request to another host'],
    ['a refused request', script("fetch('/gone')"), '404'],
  ])('fails on %s', async (_what, body, text) => {
    await show(body, (_page, watch) => vi.waitFor(() => expect(() => watch.assertClean()).toThrow(text)));
  });

  it('lets pass what is as it should be, and a refusal that was announced', async () => {
    await show(script("console.log('fine')"), async (page, watch) => {
      watch.expect({ status: 404, path: '/gone' });
      await page.evaluate("fetch('/gone').then(() => 1)");
      watch.assertClean();
    });
  });
});

describe('the check of what can be read', () => {
  /** A page of 2,000 px that becomes as wide as its window some time after that has changed, or never. */
  const wide = (onResize: string) =>
    `<h1>Test</h1><main>Wide</main>${script(`
      const { style } = document.querySelector('main');
      style.width = '2000px';
      addEventListener('resize', () => ${onResize});
    `)}`;

  it('waits for a page that becomes narrow after its window, and does nothing there that its policy forbids', async () => {
    await show(wide("setTimeout(() => (style.width = 'auto'), 500)"), async (page, watch) => {
      await assertReadable(page);
      watch.assertClean();
    });
  });

  it('fails on a page that never becomes narrow', async () => {
    await show(wide('{}'), async (page) => {
      await expect(assertReadable(page, { timeout: 500 })).rejects.toThrow('pixels beside a window of 640 px');
    });
  });

  it('waits for a title that follows its heading, and fails on one that never does', async () => {
    const renamed = (later: string) => `<h1>Renamed</h1>${script(`setTimeout(() => ${later}, 500)`)}`;
    await show(renamed("(document.title = 'Renamed · harness')"), (page) => assertReadable(page));
    await show(renamed('{}'), async (page) => {
      await expect(assertReadable(page, { timeout: 500 })).rejects.toThrow('to deeply equal []');
    });
  });
});

describe('the check of accessibility', () => {
  it('fails on a picture without a text', async () => {
    await show('<main><h1>Test</h1><img src="data:,"></main>', async (page) => {
      await expect(assertAccessible(page)).rejects.toThrow('critical image-alt');
    });
  });

  it('passes a page that is accessible', async () => {
    await show('<main><h1>Test</h1></main>', (page) => assertAccessible(page));
  });
});

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import type { TestCluster } from '../cluster/index.ts';
import { assertAccessible, assertReadable } from './accessibility.ts';
import { browser, contextOptions, type Scheme, type Size } from './browser.ts';
import { PageWatch, type Refusal } from './page-watch.ts';

export interface ConsoleOptions {
  /** Shown at sign-in; absent: the cluster's first one, of an admin. */
  token?: string;
  /** Path below `/console` to begin with, with its search. */
  path?: string;
  size?: Size;
  scheme?: Scheme;
  /** Refusals that its pages meet in the ordinary course. */
  refusals?: readonly Refusal[];
}

/** One person's browser that shows the console of a cluster. Its disposal fails where a page did what no page may do. */
export class Console implements AsyncDisposable {
  readonly page: Page;
  readonly watch: PageWatch;
  readonly #context: BrowserContext;
  readonly #base: string;

  /** Signed in, on the page of `path`. */
  static async signedIn(cluster: TestCluster, options: ConsoleOptions = {}): Promise<Console> {
    const console = await Console.open(cluster, options);
    await signIn(console.page, options.token ?? (await cluster.token));
    return console;
  }

  /** Nobody signed in: the sign-in page, which leads to `path`. */
  static async open(cluster: TestCluster, options: ConsoleOptions = {}): Promise<Console> {
    const { path = '/', size = 'desktop', scheme = 'light', refusals = [] } = options;
    const origin = originOf(cluster);
    const context = await (await browser()).newContext(contextOptions(size, scheme));
    const page = await context.newPage();
    const console = new Console(context, page, origin);
    // Whoever is not signed in is told so by this.
    for (const refusal of [{ status: 401, path: '/v1/session' }, ...refusals]) console.watch.expect(refusal);
    await page.goto(`${origin}/console${path}`);
    return console;
  }

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.#context = context;
    this.page = page;
    this.#base = `${origin}/console`;
    this.watch = new PageWatch(page, origin);
  }

  /** Shows another page, as a link from elsewhere would. */
  async goTo(path: string): Promise<void> {
    await this.page.goto(this.#base + path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#context.close();
    this.watch.assertClean();
  }
}

/** The console's address at a balancer: the way that `npm start` prints. */
export function originOf(cluster: TestCluster, balancer = 0): string {
  return `https://127.0.0.1:${cluster.balancerPorts[balancer]?.rest}`;
}

export async function signIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('main#content').waitFor();
}

const pictures = join(import.meta.dirname, '../../docs/console');

/** Both schemes, both sizes: each must be accessible, and readable when it is zoomed. Written to docs/console where PUSHFLEET_TEST_SCREENSHOTS is set. */
export async function lookAt(console: Console, name: string): Promise<void> {
  const { page } = console;
  const isWritten = Boolean(process.env.PUSHFLEET_TEST_SCREENSHOTS);
  if (isWritten) await mkdir(pictures, { recursive: true });
  const before = page.viewportSize();
  await assertReadable(page);
  for (const size of ['desktop', 'phone'] as const) {
    await page.setViewportSize(contextOptions(size, 'light').viewport ?? { width: 1280, height: 800 });
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme });
      await assertAccessible(page);
      if (isWritten) await page.screenshot({ path: join(pictures, `${name}-${scheme}-${size}.png`) });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  if (before) await page.setViewportSize(before);
}

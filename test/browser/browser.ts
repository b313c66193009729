import { type Browser, type BrowserContextOptions, chromium } from 'playwright-core';
import { inject } from 'vitest';

let connected: Promise<Browser> | undefined;

/** The browser of this test run. */
export function browser(): Promise<Browser> {
  connected ??= connect();
  return connected;
}

async function connect(): Promise<Browser> {
  const url = inject('browserUrl');
  if (url === '') {
    throw new Error(
      'No browser for the tests of the console. Install Chromium (apt-get install chromium), or name one in PUSHFLEET_TEST_CHROMIUM.',
    );
  }
  return chromium.connect(url);
}

export const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;
export type Size = keyof typeof sizes;
export type Scheme = 'light' | 'dark';

/** Settings of a browser of one person: one language and one time zone, so that tests may compare texts. */
export function contextOptions(size: Size, scheme: Scheme): BrowserContextOptions {
  return {
    ...{ viewport: sizes[size], colorScheme: scheme, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce' },
    ...(size === 'phone' && { deviceScaleFactor: 2, isMobile: true, hasTouch: true }),
    // The authority of a test cluster is its own.
    ignoreHTTPSErrors: true,
  };
}

import { type BrowserServer, chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { installDebianPackage, isExecutable } from '../debian-packages.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the browser of this run; empty: there is none. */
    browserUrl: string;
  }
}

const debianChromium = '/usr/bin/chromium';

/** Starts one browser for all test files, and installs it first where that can be done without asking. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const executablePath = process.env.PUSHFLEET_TEST_CHROMIUM ?? debianChromium;
  let server: BrowserServer | undefined;
  try {
    if (executablePath === debianChromium && !isExecutable(debianChromium)) installDebianPackage('chromium');
    // Chromium's sandbox does not run as root; what is shown to it here comes from our own processes alone.
    server = await chromium.launchServer({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
  } catch (error) {
    console.warn(`${executablePath} does not start: ${error instanceof Error ? error.message : error}`);
  }
  provide('browserUrl', server?.wsEndpoint() ?? '');
  return async () => server?.close();
}

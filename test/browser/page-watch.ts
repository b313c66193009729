import type { Page, Request, Response } from 'playwright-core';

/** A refusal that a test provokes: the browser's console names each one. */
export interface Refusal {
  status: number;
  /** Part of the URL. */
  path: string;
}

/**
 * Notes whatever no page may do: an error in the console, an exception, a violation of the content security policy, a
 * request that fails or goes to another host.
 */
export class PageWatch {
  readonly #faults: string[] = [];
  readonly #origin: string;
  readonly #expected: Refusal[] = [];

  constructor(page: Page, origin: string) {
    this.#origin = origin;
    page.on('pageerror', (error) => this.#faults.push(`exception: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() !== 'error' || this.#isExpected(message.location().url, message.text())) return;
      this.#faults.push(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('request', (request) => this.#onRequest(request));
    page.on('requestfailed', (request) => this.#onFailed(request));
    page.on('response', (response) => this.#onResponse(response));
  }

  /** From now on the page may be refused so. */
  expect(refusal: Refusal): void {
    this.#expected.push(refusal);
  }

  /** @throws AssertionError that names all faults so far */
  assertClean(): void {
    if (this.#faults.length > 0) {
      throw new Error(`the page did what no page may do:\n${this.#faults.join('\n')}`);
    }
  }

  #onRequest(request: Request): void {
    const url = new URL(request.url());
    if (url.origin === this.#origin || url.protocol === 'data:' || url.protocol === 'blob:') return;
    this.#faults.push(`request to another host: ${url}`);
  }

  #onFailed(request: Request): void {
    const error = request.failure()?.errorText ?? '';
    // The page itself gives up what it no longer needs, streams above all.
    if (error !== 'net::ERR_ABORTED') this.#faults.push(`request failed: ${request.url()}: ${error}`);
  }

  #onResponse(response: Response): void {
    const status = response.status();
    if (status < 400 || this.#expected.some((one) => one.status === status && response.url().includes(one.path))) {
      return;
    }
    this.#faults.push(`refused: ${response.request().method()} ${response.url()}: ${status}`);
  }

  #isExpected(url: string, text: string): boolean {
    return this.#expected.some(({ status, path }) => url.includes(path) && text.includes(`status of ${status}`));
  }
}

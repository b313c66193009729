import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { type ExpectPollOptions, expect } from 'vitest';

interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Fails on what axe-core does not look at: a tab's title that does not name the page, other than one heading of the first
 * level, parts that move though the person has asked for none, and content beside a narrow window or one that is zoomed to 200 %.
 * Waits for a page to become right: a title follows its heading, and charts follow the width of the window.
 */
export async function assertReadable(page: Page, patience: ExpectPollOptions = {}): Promise<void> {
  // Polled from here: `waitForFunction` evaluates in the page, which its content security policy refuses.
  await expect.poll(() => page.evaluate(headingFaults), { ...patience, message: page.url() }).toEqual([]);
  const before = page.viewportSize();
  for (const size of narrowSizes) {
    await page.setViewportSize(size);
    const message = `${page.url()}: pixels beside a window of ${size.width} px`;
    await expect.poll(() => page.evaluate(pixelsBeside), { ...patience, message }).toBe(0);
  }
  if (before) await page.setViewportSize(before);
}

const pixelsBeside = 'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)';

/** 1280 px zoomed to 200 %, and the narrowest that WCAG 1.4.10 asks for. */
const narrowSizes = [
  { width: 640, height: 400 },
  { width: 320, height: 640 },
] as const;

const headingFaults = `(() => {
  const headings = [...document.querySelectorAll('h1')].map((one) => one.textContent);
  const moving = [...document.querySelectorAll('*')].filter((one) => {
    const { transitionDuration, animationName } = getComputedStyle(one);
    return animationName !== 'none' || transitionDuration.split(', ').some((time) => parseFloat(time) > 0);
  });
  return [
    ...(headings.length === 1 ? [] : ['headings of the first level: ' + headings.join(', ')]),
    ...(document.title.startsWith(headings[0] + ' · ') ? [] : ['the title "' + document.title + '" does not name ' + headings[0]]),
    ...moving.map((one) => 'moves: ' + one.outerHTML.slice(0, 200)),
  ];
})()`;

/** @throws Error that names each serious or critical violation that axe-core finds on the page as it is now */
export async function assertAccessible(page: Page): Promise<void> {
  // Evaluated past the page's content security policy, which has no place for it.
  await page.evaluate(await source);
  const violations = (await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)",
  )) as Violation[];
  const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  if (grave.length > 0) throw new Error(`${page.url()} is not accessible:\n${grave.map(describeViolation).join('\n')}`);
}

function describeViolation({ id, impact, help, nodes }: Violation): string {
  return `${impact} ${id}: ${help}\n${nodes.map(({ html, failureSummary }) => `  ${html}\n  ${failureSummary}`).join('\n')}`;
}

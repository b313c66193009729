import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

interface Violation {
  id: string;
  impact: string | null;
  help: string;
  nodes: { html: string; failureSummary: string }[];
}

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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

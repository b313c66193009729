import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import type { LoadReport } from '../load-report.ts';
import { syntheticReport } from '../synthetic-report.fixture.ts';
import { renderHtml } from './render-html.ts';

const report = syntheticReport({
  seconds: 60,
  devices: 900,
  nodes: 3,
  thresholds: ['links.lost > 0', 'spread > 1.02'],
});
const page = renderHtml(report);

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? match[0]);

const tag = /<(\/?)([a-z0-9]+)((?:\s+[a-zA-Z-]+(?:="[^"<>]*")?)*)\s*(\/?)>/g;
const withoutRawText = (html: string) => html.replace(/<(style|script)\b[^>]*>[\s\S]*?<\/\1>/g, '');

/** Names of elements that were opened and not closed, or closed and not opened. */
function unbalanced(html: string): string[] {
  const open: string[] = [];
  for (const [, end, name = '', , self] of withoutRawText(html)
    .replace(/<meta\b[^>]*>/g, '')
    .matchAll(tag)) {
    if (self === '/') continue;
    if (end === '') open.push(name);
    else if (open.at(-1) === name) open.pop();
    else return [...open, `/${name}`];
  }
  return open;
}

function attributeNames(html: string): Set<string> {
  const attributes = [...withoutRawText(html).matchAll(tag)].map(([, , , text = '']) => text);
  return new Set(attributes.flatMap((text) => matches(text, /([a-zA-Z-]+)(?:="[^"]*")?/g)));
}

it('closes what it opens, and nothing that looks like an element is none', () => {
  expect(unbalanced(page)).toEqual([]);
  expect(withoutRawText(page).replace('<!doctype html>', '').replace(tag, '').includes('<')).toBe(false);
});

it('gives each id once, and refers to none that is not there', () => {
  const ids = matches(page, /\sid="([^"]+)"/g);
  expect(new Set(ids).size).toBe(ids.length);
  const references = matches(page, /\s(?:for|aria-labelledby|aria-describedby)="([^"]+)"/g);
  expect(references.length).toBeGreaterThan(10);
  for (const reference of references) expect(ids).toContain(reference);
});

it('asks nobody for anything', () => {
  const harmful = /^(?:src|href|action|srcset|style|on.*)$/;
  expect([...attributeNames(page)].filter((name) => harmful.test(name))).toEqual([]);
  expect(matches(page, /url\(|@import|https?:|\bfetch\(|XMLHttpRequest|sendBeacon|WebSocket/g)).toEqual([]);
  const policy = matches(page, /http-equiv="Content-Security-Policy" content="([^"]+)"/g)[0];
  expect(policy).toMatch(/^default-src 'none'; /);
  expect(policy).not.toContain("'unsafe-inline'");
});

it('permits exactly its own script and style', () => {
  const policy = matches(page, /http-equiv="Content-Security-Policy" content="([^"]+)"/g)[0] ?? '';
  const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  const scripts = matches(page, /<script>([\s\S]*?)<\/script>/g);
  const styles = matches(page, /<style>([\s\S]*?)<\/style>/g);
  expect([scripts.length, styles.length]).toEqual([1, 1]);
  expect(policy).toContain(`script-src ${hashOf(scripts[0] ?? '')}`);
  expect(policy).toContain(`style-src ${hashOf(styles[0] ?? '')}`);
});

it('has a table behind every chart, with a column for each line', () => {
  const charts = matches(page, /<figure class="chart"[\s\S]*?<\/figure>/g);
  expect(charts.length).toBeGreaterThanOrEqual(12);
  for (const chart of charts) {
    const lines = matches(chart, /<li><svg class="key/g).length;
    expect(lines).toBeGreaterThan(0);
    const [head = '', ...rows] = matches(chart, /<tr>([\s\S]*?)<\/tr>/g);
    expect(matches(head, /<th scope="col">/g)).toHaveLength(lines + 1);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(matches(row, /<td>/g)).toHaveLength(lines);
    const data = JSON.parse(matches(chart, /<script type="application\/json">([\s\S]*?)<\/script>/g)[0] ?? '');
    expect(data.lines).toHaveLength(lines);
    for (const [, values] of data.lines) expect(values).toHaveLength(data.x.length);
    expect(matches(chart, /NaN|Infinity|undefined/g)).toEqual([]);
  }
});

it('says the verdict, each threshold and the figures that count', () => {
  for (const text of [
    '<span class="verdict failed">Failed</span>',
    'links.lost is 300: more than 0.',
    "<code>--fail-if 'links.lost &gt; 0'</code>",
    '<dt>Devices connected</dt><dd class="good">900</dd>',
  ]) {
    expect(page.includes(text), text).toBe(true);
  }
});

it.each([
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></style></svg><marquee>',
  '\u202egnp.exe\u0000\u001b[2J',
  '&lt;b&gt; ]]> <!--',
])('shows %j as text wherever a peer may put it', (hostileText) => {
  const errors = [{ operation: hostileText, reason: hostileText, count: 3, sample: hostileText, firstAtMs: 5 }];
  const counts = { [hostileText]: 7 };
  const base = syntheticReport({ seconds: 20, devices: 90, nodes: 3, hostileText, thresholds: ['links.lost > 0'] });
  const hostile: LoadReport = {
    ...{ ...base, errors, outcomes: counts, endedEarly: hostileText, options: { [hostileText]: hostileText } },
    summary: { ...base.summary, closes: counts, connectFailures: counts },
    phases: base.phases.map((phase) => ({ ...phase, name: hostileText })),
    thresholds: base.thresholds.map((threshold) => ({ ...threshold, expression: hostileText, sentence: hostileText })),
    machine: { ...base.machine, cpuModel: hostileText, kernel: hostileText, nodeVersion: hostileText },
    pushfleetVersion: hostileText,
  };
  const html = renderHtml(hostile);
  expect(unbalanced(html)).toEqual([]);
  const scripts = (text: string) => matches(text, /<script\b/gi).length;
  expect(scripts(html)).toBe(matches(html, /<figure class="chart"/g).length + 1);
  expect(attributeNames(html)).toEqual(attributeNames(page));
  for (const text of ['<img', '<marquee', '<!--', '\u0000', '\u202e']) expect(html.includes(text), text).toBe(false);
  for (const data of matches(html, /<script type="application\/json">([\s\S]*?)<\/script>/g)) JSON.parse(data);
});

it('stays small however long the run was', () => {
  const long = renderHtml(syntheticReport({ seconds: 700, devices: 300, nodes: 3 }));
  expect(long.length).toBeLessThan(1_000_000);
  expect(unbalanced(long)).toEqual([]);
});

it('is a page also where nothing was measured', () => {
  const empty = renderHtml(
    syntheticReport({ seconds: 0, devices: 1, nodes: 1, facts: { figures: {}, remarks: [], options: {} } }),
  );
  expect(unbalanced(empty)).toEqual([]);
  expect(empty.includes('<span class="verdict unjudged">Not judged</span>')).toBe(true);
  expect(matches(empty, /NaN|Infinity/g)).toEqual([]);
});

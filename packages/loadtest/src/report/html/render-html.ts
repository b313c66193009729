import { createHash } from 'node:crypto';
import { keyFigures } from '../key-figures.ts';
import type { LoadReport } from '../load-report.ts';
import { formatQuantity, formatSize } from '../units.ts';
import { renderChart } from './chart.ts';
import { distributionCharts } from './distribution-charts.ts';
import { Markup, markup } from './markup.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { renderTables } from './tables.ts';
import { timeCharts } from './time-charts.ts';

/** Only this script may run, and nothing is loaded: even if a text escaped its place, it could do nothing. */
const policy = [
  "default-src 'none'",
  `style-src ${hashOf(style)} 'unsafe-hashes'`,
  `script-src ${hashOf(script)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const words = { passed: 'Passed', failed: 'Failed', unjudged: 'Not judged' } as const;

/** A report as one HTML file that needs nothing else, and sends nothing. */
export function renderHtml(report: LoadReport): string {
  const charts = timeCharts(report);
  const distributions = distributionCharts(report);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Markup(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="pushfleet loadtest ${report.pushfleetVersion}">
<title>${report.scenario}: ${words[report.verdict].toLowerCase()} – pushfleet load test</title>
<style>${new Markup(style)}</style>
</head>
<body>
${renderHeader(report)}
<main>
${renderThresholds(report)}
${renderFigures(report)}
<h2>Over time</h2>
<div class="grid">${charts.map(renderChart)}</div>
${distributions.length > 0 && markup`<h2>Latency</h2><div class="grid">${distributions.map(renderChart)}</div>`}
${renderTables(report)}
</main>
<footer><p>Made by pushfleet ${report.pushfleetVersion}, <code>pushfleet loadtest</code>. This page is one file; it loads nothing and sends nothing.</p></footer>
<script>${new Markup(script)}</script>
</body>
</html>
`.text;
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function renderHeader({ scenario, verdict, startedAt, durationMs, machine, command, endedEarly }: LoadReport): Markup {
  const { cores, cpuModel, memoryBytes, kernel, nodeVersion } = machine;
  const facts = [
    markup`<time datetime="${startedAt}">${startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')}</time>`,
    `ran for ${formatQuantity('time', durationMs)}`,
    `${cores} ${cores === 1 ? 'core' : 'cores'} (${cpuModel})`,
    formatSize(memoryBytes),
    kernel,
    `Node.js ${nodeVersion}`,
  ];
  return markup`<header><div class="top"><div>
<p class="kicker">pushfleet load test</p>
<h1>${scenario}<span class="verdict ${verdict}">${words[verdict]}</span></h1>
<p class="facts">${facts.map((fact) => markup`<span>${fact}</span>`)}</p>
</div><button class="theme" type="button" hidden>Theme: auto</button></div>
<code class="command">${command}</code>
${endedEarly !== null && markup`<p class="early">Ended early: ${endedEarly}</p>`}
</header>`;
}

function renderThresholds({ thresholds }: LoadReport): Markup {
  if (thresholds.length === 0) return markup``;
  const items = thresholds
    .toSorted((a, b) => Number(b.failed) - Number(a.failed))
    .map(({ failed, sentence, expression }) => {
      const word = failed ? 'Failed' : 'Passed';
      return markup`<li class="${failed ? 'failed' : 'passed'}"><b>${word}</b><span>${sentence}</span><code>--fail-if '${expression}'</code></li>`;
    });
  return markup`<ul class="thresholds" aria-label="Thresholds">${items}</ul>`;
}

function renderFigures(report: LoadReport): Markup {
  const figures = keyFigures(report).map(
    ({ label, value, detail, tone }) =>
      markup`<div class="figure"><dt>${label}</dt><dd class="${tone ?? 'plain'}">${value}</dd>${detail !== undefined && markup`<dd class="detail">${detail}</dd>`}</div>`,
  );
  return markup`<dl class="figures">${figures}</dl>`;
}

import { latencyRows } from '../key-figures.ts';
import type { LoadReport } from '../load-report.ts';
import { ownLagMs } from '../own-lag.ts';
import { formatQuantity, formatSize } from '../units.ts';
import { renderBars } from './bar-chart.ts';
import { type Markup, markup } from './markup.ts';

const count = (value: number) => formatQuantity('count', value);
const time = (ms: number) => formatQuantity('time', ms);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** All that stands behind the charts: latencies, phases, outcomes, errors, processes, options. */
export function renderTables(report: LoadReport): Markup {
  return markup`${latencyTable(report)}
<h2>What went wrong, and how commands ended</h2>
<div class="grid">${[errorBars(report), closeBars(report), outcomeBars(report)]}</div>
${phaseTable(report)}
${processTable(report)}
${optionTable(report)}
${remarkList(report)}`;
}

function latencyTable(report: LoadReport): Markup {
  const rows = latencyRows(report).map(({ name, meaning, latency }) => [
    markup`<th scope="row">${name}<small>${meaning}</small></th>`,
    ...[count(latency.count), ...timesOf(latency).map(time)].map((text) => markup`<td>${text}</td>`),
  ]);
  const titles = ['latency', 'count', 'smallest', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'largest'];
  return rows.length === 0 ? markup`` : table('All latencies', titles, rows);
}

function timesOf(latency: NonNullable<LoadReport['latencies'][keyof LoadReport['latencies']]>): number[] {
  return [latency.minMs, latency.meanMs, latency.p50Ms, latency.p90Ms, latency.p99Ms, latency.p999Ms, latency.maxMs];
}

function errorBars({ errors }: LoadReport): Markup {
  if (errors.length === 0) return markup`<section class="card"><h3>Errors by reason</h3><p>None.</p></section>`;
  const bars = errors.slice(0, 40).map(({ operation, reason, count: value, sample, firstAtMs }) => ({
    ...{ label: `${operation}: ${reason}`, value, text: count(value) },
    detail: `${sample} (first after ${seconds(firstAtMs)})`,
  }));
  return renderBars('Errors by reason', ['reason', 'times'], bars, 'bad');
}

function closeBars({ summary: { closes } }: LoadReport): Markup {
  const bars = byCount(closes).map(([label, value]) => ({ label, value, text: count(value) }));
  return bars.length === 0
    ? markup`<section class="card"><h3>Links lost by close reason</h3><p>None was lost.</p></section>`
    : renderBars('Links lost by close reason', ['reason', 'links'], bars, '2');
}

function outcomeBars({ outcomes }: LoadReport): Markup {
  const bars = byCount(outcomes).map(([label, value]) => ({ label, value, text: count(value) }));
  return bars.length === 0 ? markup`` : renderBars('Commands by outcome', ['outcome', 'commands'], bars, '1');
}

function byCount(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).toSorted(([, a], [, b]) => b - a);
}

function phaseTable({ phases }: LoadReport): Markup {
  const listed = (counts: Readonly<Record<string, number>>) =>
    byCount(counts)
      .map(([name, value]) => `${count(value)} × ${name}`)
      .join(', ') || '–';
  const rows = phases.map(({ name, fromMs, toMs, latencies, outcomes, closes }) => {
    const { connect, push } = latencies;
    const ownMs = ownLagMs(latencies);
    return [
      markup`<th scope="row">${name}</th>`,
      ...[
        ...[seconds(fromMs), seconds(toMs), connect ? count(connect.count) : '–', connect ? time(connect.p99Ms) : '–'],
        ...[push ? count(push.count) : '–', push ? time(push.p50Ms) : '–', push ? time(push.p99Ms) : '–'],
        ownMs === null ? '–' : time(ownMs),
      ].map((text) => markup`<td>${text}</td>`),
      ...[listed(outcomes), listed(closes)].map((text) => markup`<td class="text">${text}</td>`),
    ];
  });
  const times = ['phase', 'from', 'to', 'connects', 'connect p99', 'pushes', 'push p50', 'push p99', 'own lag p99'];
  return rows.length === 0 ? markup`` : table('Phases', [...times, 'commands by outcome', 'links lost'], rows);
}

function processTable({ processes, durationMs }: LoadReport): Markup {
  const rows = processes
    .toSorted((a, b) => b.cpuSeconds - a.cpuSeconds)
    .map(({ name, role, pid, cpuSeconds, peakRssBytes, endedAtMs, lagP99Ms, lagMaxMs }) => [
      markup`<th scope="row">${name}</th>`,
      ...[
        ...[
          role,
          String(pid),
          `${cpuSeconds.toFixed(1)} s`,
          durationMs > 0 ? ((cpuSeconds * 1000) / durationMs).toFixed(2) : '–',
        ],
        ...[lagP99Ms, lagMaxMs].map((ms) => (ms === null ? '–' : time(ms))),
        ...[formatSize(peakRssBytes), endedAtMs === null ? '' : `after ${seconds(endedAtMs)}`],
      ].map((text) => markup`<td>${text}</td>`),
    ]);
  const use = ['CPU', 'cores, mean', 'own lag p99', 'own lag, largest', 'memory, largest', 'ended'];
  const titles = ['process', 'role', 'pid', ...use];
  return rows.length === 0 ? markup`` : table('Processes', titles, rows);
}

function optionTable({ options }: LoadReport): Markup {
  const rows = Object.entries(options).map(([name, value]) => [
    markup`<th scope="row">--${name}</th>`,
    markup`<td class="text">${Array.isArray(value) ? value.join(', ') : value === null ? '–' : String(value)}</td>`,
  ]);
  return rows.length === 0 ? markup`` : table('Options', ['option', 'value'], rows, 'text');
}

function remarkList({ remarks }: LoadReport): Markup {
  if (remarks.length === 0) return markup``;
  return markup`<h2>Remarks</h2><section class="card"><ul class="remarks">${remarks.map((remark) => markup`<li>${remark}</li>`)}</ul></section>`;
}

function table(title: string, titles: readonly string[], rows: readonly Markup[][], align = ''): Markup {
  const head = titles.map((text) => markup`<th scope="col" class="${align}">${text}</th>`);
  return markup`<h2>${title}</h2><section class="card"><div class="scroll" tabindex="0" role="region" aria-label="${title}"><table><thead><tr>${head}</tr></thead><tbody>${rows.map((row) => markup`<tr>${row}</tr>`)}</tbody></table></div></section>`;
}

import { embeddedJson, type Markup, markup } from './markup.ts';
import { linearScale, logScale, type Scale } from './scale.ts';

export interface ChartLine {
  label: string;
  /** A value for each x; `null`: none. */
  values: readonly (number | null)[];
  /** Name of a colour in the style sheet: `1` to `10`, `good`, `bad` or `muted`. */
  colour: string;
  shape?: 'line' | 'area' | 'dashes';
}

export interface Chart {
  /** Unique in the page. */
  id: string;
  title: string;
  description: string;
  x: {
    values: readonly number[];
    scale: (range: { min: number; max: number; from: number; to: number }) => Scale;
    format: (value: number) => string;
    title: string;
  };
  y: { scale: 'linear' | 'log'; format: (value: number) => string /** At least up to here. */; upTo?: number };
  lines: readonly ChartLine[];
  /** Each line stands on the one before. */
  stacked?: boolean;
  /** Parts of the x axis, shaded in turns. */
  bands?: readonly { label: string; from: number; to: number }[];
  /** A value to compare with. */
  limit?: { label: string; value: number };
}

const width = 640;
const height = 264;
const margin = { left: 62, right: 14, top: 26, bottom: 28 };
/** Rows of the table behind a chart. */
const maxTableRows = 60;

const inner = { left: margin.left, right: width - margin.right, top: margin.top, bottom: height - margin.bottom };

/** A chart as a figure: the picture, its legend, the values that the page's script shows, and a table of them. */
export function renderChart(chart: Chart): Markup {
  const { id, title, description, lines } = chart;
  const drawable = lines.some(({ values }) => values.some((value) => value !== null));
  if (!drawable) return markup``;
  return markup`<figure class="chart" id="${id}">
<figcaption><h3 id="${id}-title">${title}</h3><p id="${id}-text">${description}</p></figcaption>
<div class="plot">${renderPlot(chart)}<output class="readout" for="${id}-plot" aria-live="polite"></output></div>
<ul class="legend">${lines.map(({ label, colour, shape }) => markup`<li><svg class="key c-${colour} ${shape ?? 'line'}" viewBox="0 0 16 8" aria-hidden="true"><path d="M0 4H16"/></svg>${label}</li>`)}</ul>
${renderTable(chart)}
<script type="application/json">${chartData(chart)}</script>
</figure>`;
}

function renderPlot(chart: Chart): Markup {
  const { id, x, lines, bands = [], limit } = chart;
  const xs = x.values;
  const xScale = x.scale({ ...extent(xs), from: inner.left, to: inner.right });
  const tops = chart.stacked ? stack(lines) : lines.map(({ values }) => values);
  const yScale = yScaleOf(chart, tops);
  const pixels = xs.map(xScale.toPixel);
  const shapes = lines.map((line, index) => renderLine(line, pixels, tops, index, yScale, chart.stacked ?? false));
  return markup`<svg id="${id}-plot" class="picture" viewBox="0 0 ${width} ${height}" role="img" tabindex="0" aria-labelledby="${id}-title" aria-describedby="${id}-text">
${bands.map((band, index) => renderBand(band, index, xScale))}
${yScale.ticks.map((tick) => renderYTick(tick, yScale, chart.y.format))}
${xScale.ticks.map((tick) => renderXTick(tick, xScale, x.format))}
${chart.stacked ? shapes.toReversed() : shapes}
${limit && renderLimit(limit, yScale)}
<path class="cursor" d="M0 ${inner.top}V${inner.bottom}"/>
</svg>`;
}

function extent(values: readonly number[]): { min: number; max: number } {
  const [min, max] = [values[0] ?? 0, values.at(-1) ?? 1];
  return { min, max: max > min ? max : min + 1 };
}

function yScaleOf({ y, limit }: Chart, tops: readonly (readonly (number | null)[])[]): Scale {
  const found = tops.flat().filter((value) => value !== null);
  const max = [...(limit ? [limit.value] : []), y.upTo ?? 0].reduce((a, b) => Math.max(a, b), largestOf(found));
  const range = { from: inner.bottom, to: inner.top };
  if (y.scale === 'linear') return linearScale({ min: 0, max: max > 0 ? max * 1.06 : 1, ...range });
  const positive = found.filter((value) => value > 0);
  const min = positive.reduce((a, b) => Math.min(a, b), max);
  return logScale({ min: min > 0 ? min * 0.9 : 0.1, max: max > 0 ? max * 1.1 : 1, ...range });
}

const largestOf = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);

/** Each line's values on top of those of the lines before; `null` is nothing. */
function stack(lines: readonly ChartLine[]): number[][] {
  const tops: number[][] = [];
  for (const { values } of lines) {
    const below = tops.at(-1);
    tops.push(values.map((value, index) => (below?.[index] ?? 0) + (value ?? 0)));
  }
  return tops;
}

function renderLine(
  { colour, shape = 'line' }: ChartLine,
  pixels: readonly number[],
  tops: readonly (readonly (number | null)[])[],
  index: number,
  y: Scale,
  stacked: boolean,
): Markup {
  const values = tops[index] ?? [];
  const runs = runsOf(values);
  const point = (at: number) => `${round(pixels[at])} ${round(y.toPixel(values[at] ?? 0))}`;
  const line = runs.map((run) => `M${run.map(point).join('L')}${run.length === 1 ? 'h1' : ''}`).join('');
  const floor = (at: number) => round(stacked && index > 0 ? y.toPixel(tops[index - 1]?.[at] ?? 0) : inner.bottom);
  const area = runs
    .map(
      (run) =>
        `M${run.map(point).join('L')}${run
          .toReversed()
          .map((at) => `L${round(pixels[at])} ${floor(at)}`)
          .join('')}Z`,
    )
    .join('');
  return markup`<g class="c-${colour} ${shape}">${(stacked || shape === 'area') && markup`<path class="fill" d="${area}"/>`}<path class="stroke" d="${line}"/></g>`;
}

/** Indexes of values that stand side by side. */
function runsOf(values: readonly (number | null)[]): number[][] {
  const runs: number[][] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const previous = values[index - 1];
    if (index > 0 && previous !== null) runs.at(-1)?.push(index);
    else runs.push([index]);
  }
  return runs;
}

function renderBand({ label, from, to }: { label: string; from: number; to: number }, index: number, x: Scale): Markup {
  const [left, right] = [clampX(x.toPixel(from)), clampX(x.toPixel(to))];
  // A label that has no room is left out; the table of phases has all.
  const fits = right - left > label.length * 6.2 + 6;
  return markup`<rect class="band ${index % 2 === 0 ? 'even' : 'odd'}" x="${round(left)}" y="${inner.top - 16}" width="${round(right - left)}" height="${inner.bottom - inner.top + 16}"><title>${label}</title></rect>${fits && markup`<text class="band-label" x="${round(left + 5)}" y="${inner.top - 5}">${label}</text>`}`;
}

function renderYTick(tick: number, y: Scale, format: (value: number) => string): Markup {
  const at = round(y.toPixel(tick));
  return markup`<path class="grid" d="M${inner.left} ${at}H${inner.right}"/><text class="tick y" x="${inner.left - 7}" y="${round(Number(at) + 3.5)}">${format(tick)}</text>`;
}

function renderXTick(tick: number, x: Scale, format: (value: number) => string): Markup {
  const at = round(x.toPixel(tick));
  return markup`<path class="axis-tick" d="M${at} ${inner.bottom}v4"/><text class="tick x" x="${at}" y="${inner.bottom + 17}">${format(tick)}</text>`;
}

function renderLimit({ label, value }: { label: string; value: number }, y: Scale): Markup {
  const at = round(y.toPixel(value));
  return markup`<path class="limit" d="M${inner.left} ${at}H${inner.right}"/><text class="limit-label" x="${inner.right - 4}" y="${round(Number(at) - 4)}">${label}</text>`;
}

const clampX = (pixel: number) => Math.min(inner.right, Math.max(inner.left, pixel));
const round = (pixel: number | undefined) => String(Math.round((pixel ?? 0) * 10) / 10);

/** Values for the page's script, as texts: it need not know how to format. */
function chartData({ x, y, lines }: Chart): Markup {
  const xScale = x.scale({ ...extent(x.values), from: inner.left, to: inner.right });
  return embeddedJson({
    x: x.values.map((value) => Math.round(xScale.toPixel(value) * 10) / 10),
    at: x.values.map(x.format),
    lines: lines.map(({ label, values }) => [label, values.map((value) => (value === null ? '–' : y.format(value)))]),
  });
}

function renderTable({ title, x, y, lines }: Chart): Markup {
  const stride = Math.max(1, Math.ceil(x.values.length / maxTableRows));
  const rows = x.values.flatMap((value, index) => (index % stride === 0 ? [{ value, index }] : []));
  const head = markup`<tr><th scope="col">${x.title}</th>${lines.map(({ label }) => markup`<th scope="col">${label}</th>`)}</tr>`;
  const body = rows.map(({ value, index }) => {
    const cells = lines.map(({ values }) => markup`<td>${formatCell(values[index], y.format)}</td>`);
    return markup`<tr><th scope="row">${x.format(value)}</th>${cells}</tr>`;
  });
  return markup`<details class="data"><summary>Values${stride > 1 && ` (one row of ${stride})`}</summary><div class="scroll" tabindex="0" role="region" aria-label="Values of ${title}"><table><thead>${head}</thead><tbody>${body}</tbody></table></div></details>`;
}

function formatCell(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}

import './chart.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';

export interface Series {
  label: string;
  /** As many as there are times; `null`: unknown. */
  values: readonly (number | null)[];
}

export interface ChartProps {
  /** For who does not see it: what the chart shows, with its present values. */
  label: string;
  /** Milliseconds since the epoch, rising. */
  timesMs: readonly number[];
  series: readonly Series[];
  height?: number;
  format: (value: number) => string;
}

/** Values over time. Colours come from the theme; the legend names each series and its value under the pointer. */
export function Chart({ label, timesMs, series, height = 200, format }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const names = series.map((one) => one.label).join('\n');
  const data = [timesMs.map((ms) => ms / 1_000), ...series.map(({ values }) => values)] as uPlot.AlignedData;
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = frame.current;
    if (element === null) return undefined;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(element, names.split('\n'), height, format), latest.current, element);
    };
    draw();
    const resize = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resize.observe(element);
    const themes = new MutationObserver(draw);
    themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    scheme.addEventListener('change', draw);
    return () => {
      resize.disconnect();
      themes.disconnect();
      scheme.removeEventListener('change', draw);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [names, height, format]);

  useEffect(() => plot.current?.setData(data));

  return <div ref={frame} className="chart" role="img" aria-label={label} />;
}

/** The time of day as the browser's locale has it. @param seconds Since the epoch */
function formatClock(seconds: number): string {
  return clock.format(seconds * 1_000);
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
/** Ticks closer to one another than what the format tells apart are named once. */
function withoutRepetitions(texts: readonly string[]): string[] {
  return texts.map((text, index) => (text === texts[index - 1] ? '' : text));
}

/** One value is no line: it is drawn as a point. */
function isAlone({ data: [times] }: uPlot): boolean {
  return times.length === 1;
}

const seriesColours = 6;

function optionsOf(
  element: HTMLElement,
  names: readonly string[],
  height: number,
  format: (value: number) => string,
): uPlot.Options {
  const axis = {
    stroke: colourOf(element, '--text-soft'),
    grid: { stroke: colourOf(element, '--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    ...{ width: element.clientWidth, height },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 1)] } },
    axes: [
      { ...axis, values: (_plot, ticks) => ticks.map(formatClock) },
      { ...axis, size: 56, values: (_plot, ticks) => withoutRepetitions(ticks.map(format)) },
    ],
    series: [
      { value: (_plot: uPlot, seconds: number | null) => (seconds === null ? '–' : formatClock(seconds)) },
      ...names.map((label, index) => ({
        label,
        stroke: colourOf(element, `--series-${(index % seriesColours) + 1}`),
        ...{ width: 2, points: { show: isAlone }, spanGaps: false },
        value: (_plot: uPlot, value: number | null) => (value === null ? '–' : format(value)),
      })),
    ],
  };
}

/** The computed colour of a token: a canvas knows no `light-dark()`. */
function colourOf(element: HTMLElement, token: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${token})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

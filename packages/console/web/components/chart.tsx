import './chart.css';
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { formatTimeOfDay } from '../app/format.ts';
import { formatTimeTicks, withoutRepetitions } from './chart-ticks.ts';

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
  /** Time that is shown at least, in seconds: values of a shorter one stand at its end. Default 10. */
  leastSeconds?: number;
  format: (value: number) => string;
}

/** Values over time. Colours come from the theme; the legend names each series and its value: the last, or the pointer's. */
export function Chart({ label, timesMs, series, height = 180, leastSeconds = 10, format }: ChartProps) {
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
      plot.current = new uPlot(
        optionsOf(element, names.split('\n'), { height, leastSeconds, format }),
        latest.current,
        element,
      );
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
  }, [names, height, leastSeconds, format]);

  useEffect(() => plot.current?.setData(data));

  return <div ref={frame} className="chart" role="img" aria-label={label} />;
}

/** One value is no line: it is drawn as a point. */
function isAlone({ data: [times] }: uPlot): boolean {
  return times.length === 1;
}

const seriesColours = 6;

type Look = Required<Pick<ChartProps, 'height' | 'leastSeconds' | 'format'>>;

function optionsOf(
  element: HTMLElement,
  names: readonly string[],
  { height, leastSeconds, format }: Look,
): uPlot.Options {
  const axis = {
    stroke: colourOf(element, '--text-soft'),
    grid: { stroke: colourOf(element, '--line'), width: 1 },
    ticks: { show: false },
  };
  const textAt = (plot: uPlot, index: number, place: number | null, show: (value: number) => string) => {
    const values = plot.data[index] ?? [];
    const value = place === null ? values.at(-1) : values[place];
    return value == null ? '–' : show(value);
  };
  return {
    ...{ width: element.clientWidth, height },
    cursor: { y: false, drag: { x: false, y: false } },
    scales: {
      x: { range: (_plot, first, last) => [Math.min(first, last - leastSeconds), last] },
      y: { range: (_plot, _min, max) => [0, Math.max(max * 1.1, 1)] },
    },
    axes: [
      { ...axis, size: 32, space: 84, values: (_plot, ticks, _axis, _space, step) => formatTimeTicks(ticks, step) },
      { ...axis, size: 56, values: (_plot, ticks) => withoutRepetitions(ticks.map(format)) },
    ],
    series: [
      { label: 'Time', value: (plot, _value, index, place) => textAt(plot, index, place, formatClock) },
      ...names.map((label, index) => ({
        label,
        stroke: colourOf(element, `--series-${(index % seriesColours) + 1}`),
        ...{ width: 2, points: { show: isAlone }, spanGaps: false },
        value: (plot: uPlot, _value: number, at: number, place: number | null) => textAt(plot, at, place, format),
      })),
    ],
  };
}

function formatClock(seconds: number): string {
  return formatTimeOfDay(new Date(seconds * 1_000).toISOString());
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

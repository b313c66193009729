import { useRef } from 'react';
import type { Statistics } from '../../api/messages.ts';
import { formatCompact, formatDecimal } from '../../app/format.ts';
import { Chart } from '../../components/chart.tsx';
import { Facts } from '../../components/page.tsx';

const mostSamples = 600;
const mostCharts = 12;

/** Counters of an application: their last values, and charts once they have been told more than once. */
export function StatisticsView({ statistics }: { statistics: Statistics }) {
  const samples = useSamples(statistics);
  const names = Object.keys(statistics.counters).sort();
  if (samples.length < 2) {
    return <Facts facts={names.map((name) => [name, formatDecimal(statistics.counters[name] ?? 0)])} />;
  }
  const timesMs = samples.map(({ at }) => new Date(at ?? 0).getTime());
  return (
    <div className="counters">
      {names.slice(0, mostCharts).map((name) => (
        <figure key={name} className="stack fieldset">
          <figcaption className="row spread">
            <span className="soft">{name}</span> <strong>{formatDecimal(statistics.counters[name] ?? 0)}</strong>
          </figcaption>
          <Chart
            label={`${name}: ${formatDecimal(statistics.counters[name] ?? 0)}`}
            timesMs={timesMs}
            series={[{ label: name, values: samples.map(({ counters }) => counters[name] ?? null) }]}
            height={120}
            format={formatCompact}
          />
        </figure>
      ))}
    </div>
  );
}

/** All that were told while this is shown, oldest first. */
function useSamples(latest: Statistics): readonly Statistics[] {
  const samples = useRef<Statistics[]>([]);
  if (samples.current.at(-1)?.at !== latest.at) samples.current = [...samples.current, latest].slice(-mostSamples);
  return samples.current;
}

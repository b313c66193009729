import './overview.css';
import { memo, useMemo } from 'react';
import { Link } from 'react-router';
import type { Outcome, Overview as OverviewMessage, OverviewSample } from '../../api/messages.ts';
import { formatDecimal, formatInteger, formatPercent } from '../../app/format.ts';
import { outcomeWords } from '../../app/outcomes.ts';
import { Chart, type Series } from '../../components/chart.tsx';
import { ErrorMessage } from '../../components/error-message.tsx';
import { Figure, Figures } from '../../components/figure.tsx';
import { Loading } from '../../components/loading.tsx';
import { Card, Page } from '../../components/page.tsx';
import { LiveStatus, StatusBadge } from '../../components/status-badge.tsx';
import { Alarms } from './alarms.tsx';
import { timeOf, withPresent } from './history.ts';
import { NodeLoads } from './node-loads.tsx';
import { useOverview } from './use-overview.ts';

const streamWords = {
  connecting: { tone: 'busy', label: 'Connecting' },
  live: { tone: 'good', label: 'Live' },
  broken: { tone: 'warn', label: 'Connection lost' },
} as const;

/** A cluster that has just begun is shown at the end of five minutes. */
const leastSeconds = 300;

/** How the whole cluster does. */
export function Overview() {
  const { now, samples: past, state, error } = useOverview();
  const samples = useMemo(() => withPresent(past, now), [past, now]);
  const { tone, label } = streamWords[state];
  return (
    <Page
      title="Overview"
      actions={
        <LiveStatus of="Live data">
          <StatusBadge tone={tone}>{label}</StatusBadge>
        </LiveStatus>
      }
    >
      {error !== null && <ErrorMessage error={error} />}
      {now === undefined ? (
        <Loading />
      ) : (
        <>
          <Alarms alarms={now.alarms} />
          <Now overview={now} />
          <div className="overview-charts">
            <LinksChart samples={samples} />
            <CommandsChart samples={samples} />
          </div>
          <NodeLoads nodes={now.nodes} />
        </>
      )}
    </Page>
  );
}

function Now({ overview }: { overview: OverviewMessage }) {
  const { links, capacity, spread, nodes, commandsPerSecond } = overview;
  const ready = nodes.filter(({ status }) => status === 'NODE_STATUS_READY').length;
  const rate = Object.values(commandsPerSecond).reduce((sum, one) => sum + one, 0);
  const failed = rate - (commandsPerSecond.OUTCOME_SUCCEEDED ?? 0);
  return (
    <Figures label="Now">
      <Figure name="Links" value={formatInteger(links)} detail={`of ${formatInteger(capacity)} places`} />
      <Figure name="Capacity used" value={formatPercent(capacity === 0 ? 0 : links / capacity)} />
      <Figure
        name="Spread"
        value={formatDecimal(spread)}
        detail={spread <= 1.05 ? 'even' : 'largest load as a multiple of the mean'}
      />
      <Figure name="Push servers ready" value={formatInteger(ready)} detail={`of ${formatInteger(nodes.length)}`} />
      <Figure name="Commands per second" value={formatDecimal(rate)} detail={rateWords(rate, failed)} />
    </Figures>
  );
}

function rateWords(rate: number, failed: number): string {
  if (rate === 0) return 'none now';
  return failed > 0.005 ? `${formatDecimal(failed)} did not succeed` : 'all succeeded';
}

// Drawn anew where the samples have changed, not for each message of the stream.
const LinksChart = memo(({ samples }: { samples: readonly OverviewSample[] }) => {
  const timesMs = useMemo(() => samples.map(timeOf), [samples]);
  const series = useMemo(() => [{ label: 'Links', values: samples.map(({ links }) => links) }], [samples]);
  return (
    <Card title="Links, last hour">
      <Chart
        label={`Links over the last hour; ${formatInteger(samples.at(-1)?.links ?? 0)} now`}
        {...{ timesMs, series }}
        leastSeconds={leastSeconds}
        format={formatInteger}
      />
    </Card>
  );
});

const CommandsChart = memo(({ samples }: { samples: readonly OverviewSample[] }) => {
  const timesMs = useMemo(() => samples.map(timeOf), [samples]);
  const series = useMemo(() => ratesOf(samples), [samples]);
  const said = series.map(({ label, values }) => `${label} ${formatDecimal(values.at(-1) ?? 0)}`).join(', ');
  return (
    <Card title="Commands per second, by outcome">
      {series.length === 0 ? (
        <p className="soft">
          No command has ended in the last hour. <Link to="/groups">Synchronize a group</Link>
        </p>
      ) : (
        <Chart
          label={`Commands per second over the last hour; now ${said}`}
          {...{ timesMs, series }}
          leastSeconds={leastSeconds}
          format={formatDecimal}
        />
      )}
    </Card>
  );
});

/** One series for each outcome that there was, in the order of the outcomes. */
function ratesOf(samples: readonly OverviewSample[]): Series[] {
  const seen = new Set(samples.flatMap(({ commandsPerSecond }) => Object.keys(commandsPerSecond)));
  const outcomes = (Object.keys(outcomeWords) as Outcome[]).filter((outcome) => seen.has(outcome));
  return outcomes.map((outcome) => ({
    label: outcomeWords[outcome].label,
    values: samples.map(({ commandsPerSecond }) => commandsPerSecond[outcome] ?? 0),
  }));
}

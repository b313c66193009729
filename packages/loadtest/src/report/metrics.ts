import type { OutcomeName } from '@pushfleet/admin-sdk';
import { CloseReason } from '@pushfleet/protocol';
import { allLatencyNames, type LatencyName, latencyNames } from './latency-names.ts';
import type { LatencySummary, LoadReport, ReportPhase } from './load-report.ts';
import type { Quantity } from './units.ts';

/** A report before it is judged. */
export type MeasuredReport = Omit<LoadReport, 'thresholds' | 'verdict'>;

export interface Metric {
  quantity: Quantity;
  /** Meaning, for the docs. */
  text: string;
  /** In the first unit of the quantity; `null`: was not measured. */
  read(report: MeasuredReport): number | null;
}

/** Statistics of a latency, as the second part of a metric's name. */
export const latencyStatistics = {
  count: { quantity: 'count', field: 'count' },
  min: { quantity: 'time', field: 'minMs' },
  mean: { quantity: 'time', field: 'meanMs' },
  p50: { quantity: 'time', field: 'p50Ms' },
  p90: { quantity: 'time', field: 'p90Ms' },
  p99: { quantity: 'time', field: 'p99Ms' },
  'p99.9': { quantity: 'time', field: 'p999Ms' },
  max: { quantity: 'time', field: 'maxMs' },
} as const satisfies Record<string, { quantity: Quantity; field: keyof LatencySummary }>;
export type LatencyStatistic = keyof typeof latencyStatistics;

/** The figures by which a run can be judged, less those of latencies, closes and outcomes. */
export const metrics = {
  'devices.connected': count('links at the end', ({ summary }) => summary.devices.connected),
  'devices.missing': count(
    'devices wanted, less links at the end',
    ({ summary }) => summary.devices.wanted - summary.devices.connected,
  ),
  'connect.offered': count('attempts to connect', ({ summary }) => summary.connects.offered),
  'connect.succeeded': count('attempts that ended in a link', ({ summary }) => summary.connects.succeeded),
  'connect.failed': count('attempts that did not', ({ summary }) => summary.connects.failed),
  'connect.peak': rate('most devices that got in during a second', ({ summary }) => summary.connects.peakPerSecond),
  'connect.median': rate('median of the busy seconds', ({ summary }) => summary.connects.medianPerSecond),
  'connect.sustained': {
    quantity: 'share',
    text: 'lowest rate of those who get in ÷ the highest, while enough devices wait',
    read: ({ summary }) => summary.connects.sustainedShare,
  },
  'links.lost': count('links that ended without the tool wanting it', ({ summary }) => summary.links.lost),
  'assign.falseNoPushServer': count(
    'answers NO_PUSH_SERVER while a push server in scope was ready',
    ({ summary }) => summary.falseNoPushServer,
  ),
  'handshake.resumed': {
    quantity: 'share',
    text: 'TLS handshakes that resumed a session',
    read: ({ summary }) => summary.resumedShare,
  },
  'push.sent': count('commands sent', ({ summary }) => summary.pushes.sent),
  'push.succeeded': count('commands that succeeded', ({ summary }) => summary.pushes.succeeded),
  'push.failed': count('commands that did not', ({ summary }) => summary.pushes.failed),
  'push.rate': rate('commands that succeeded, per second', ({ summary }) => summary.pushes.perSecond),
  'push.cpu': time(
    'server CPU per direct command',
    ({ summary }) => summary.serverCpuUsPerCommand && summary.serverCpuUsPerCommand / 1000,
  ),
  'push.slowdown': ratio('largest p99 of a phase ÷ p99 of the phase `rest`', ({ summary }) => summary.pushes.slowdown),
  'return.cpu': time('server CPU per device that came', ({ summary }) => summary.serverCpuMsPerReturn),
  'recovery.allBack': time('from the fault until all were back', ({ summary }) => summary.recovery?.allBackMs ?? null),
  'recovery.ratio': ratio('that time ÷ what the CPU allows at best', ({ summary }) => {
    const { allBackMs, cpuBoundMs } = summary.recovery ?? {};
    return allBackMs && cpuBoundMs ? allBackMs / cpuBoundMs : null;
  }),
  'recovery.missing': {
    quantity: 'count',
    text: 'devices whose link the fault ended, and that were not back at the end',
    read: ({ summary }) => summary.recovery && summary.recovery.lost - summary.recovery.returned,
  },
  'pause.answeredAgain': time(
    'from SIGCONT until every command begun before had its outcome',
    ({ summary }) => summary.pause?.answeredAgainMs ?? null,
  ),
  'pause.lost': {
    quantity: 'count',
    text: 'links lost from SIGSTOP to the end',
    read: ({ summary: { pause } }) => pause && pause.lostMeanwhile + pause.lostAfterwards,
  },
  'groupSync.allAnswered': time(
    'until the whole group had answered',
    ({ summary }) => summary.groupSync?.allAnsweredMs ?? null,
  ),
  'groupSync.missing': {
    quantity: 'count',
    text: 'connected devices of the group that did not answer',
    read: ({ summary }) => summary.groupSync && summary.groupSync.devices - summary.groupSync.answered,
  },
  'memory.perLink': size('memory of the workers per link', ({ summary }) => summary.memoryKiBPerLink),
  'memory.perLinkAfterChurn': size(
    'the same after devices have reconnected',
    ({ summary }) => summary.memoryKiBPerLinkAfterChurn,
  ),
  'memory.slope': {
    quantity: 'growth',
    text: "growth of the servers' memory while the number of links stayed",
    read: ({ summary }) => summary.memorySlopeKiBPerMinute,
  },
  'tunnel.rate': {
    quantity: 'throughput',
    text: 'bytes through tunnels per second, both ways',
    read: ({ summary }) => summary.tunnel?.bytesPerSecond ?? null,
  },
  spread: ratio('links of the fullest push server ÷ mean', ({ summary }) => summary.spread),
  'server.cpu': cpuTime('CPU of all server processes', ({ summary }) => summary.serverCpuSeconds),
  'load.cpu': cpuTime("the load tool's own CPU", ({ summary }) => summary.loadCpuSeconds),
} as const satisfies Record<string, Metric>;

/** Last outcomes of commands; `NOT_ACCEPTED`: none of these, but the code of an error with which the balancer refused the command. */
export const outcomeNames = [
  'QUEUED',
  'ROUTED',
  'DELIVERED',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'REJECTED',
  'EXPIRED',
  'CANCELLED',
  'SUPERSEDED',
  'NOT_CONNECTED',
  'OUTCOME_UNKNOWN',
  'NOT_ACCEPTED',
] as const satisfies (OutcomeName | 'NOT_ACCEPTED')[];

/** The metric of this name, in this phase alone if one is given; `undefined`: there is none. */
export function findMetric(name: string, phase?: string): Metric | undefined {
  if (phase === undefined && Object.hasOwn(metrics, name)) return metrics[name as keyof typeof metrics];
  const dot = name.indexOf('.');
  const [family, member] = [name.slice(0, dot), name.slice(dot + 1)];
  if (Object.hasOwn(latencyNames, family) && Object.hasOwn(latencyStatistics, member)) {
    return latencyMetric(family as LatencyName, member as LatencyStatistic, phase);
  }
  if (name === 'links.lost' && phase !== undefined) {
    return phaseCount(metrics[name].text, phase, ({ closes }) => sumOf(Object.values(closes)));
  }
  if (family === 'closes' && Object.hasOwn(CloseReason, member)) {
    const text = `links lost by ${member}`;
    if (phase !== undefined) return phaseCount(text, phase, ({ closes }) => closes[member] ?? 0);
    return count(text, ({ summary }) => summary.closes[member] ?? 0);
  }
  if (family === 'outcomes' && outcomeNames.some((outcome) => outcome === member)) {
    const text = `commands that ended as ${member}`;
    if (phase !== undefined) return phaseCount(text, phase, ({ outcomes }) => commandsOf(outcomes, member));
    return count(text, ({ outcomes }) => commandsOf(outcomes, member));
  }
  return undefined;
}

function commandsOf(outcomes: Readonly<Record<string, number>>, outcome: string): number {
  if (outcome !== 'NOT_ACCEPTED') return outcomes[outcome] ?? 0;
  const known: readonly string[] = outcomeNames;
  return sumOf(Object.entries(outcomes).flatMap(([name, commands]) => (known.includes(name) ? [] : [commands])));
}

/** Sum over the phases of this name; `null`: there was none. */
function phaseCount(text: string, phase: string, read: (phase: ReportPhase) => number): Metric {
  return count(text, ({ phases }) => {
    const named = phases.filter(({ name }) => name === phase);
    return named.length === 0 ? null : sumOf(named.map(read));
  });
}

const sumOf = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Every metric by its whole name. */
export function allMetricNames(): string[] {
  return [
    ...allLatencyNames.flatMap((name) => Object.keys(latencyStatistics).map((statistic) => `${name}.${statistic}`)),
    ...Object.keys(metrics),
    ...Object.keys(CloseReason).map((reason) => `closes.${reason}`),
    ...outcomeNames.map((outcome) => `outcomes.${outcome}`),
  ];
}

function latencyMetric(name: LatencyName, statistic: LatencyStatistic, phase: string | undefined): Metric {
  const { quantity, field } = latencyStatistics[statistic];
  return {
    quantity,
    text: `${statistic} of the time ${latencyNames[name]}`,
    read({ latencies, phases }) {
      const summaries =
        phase === undefined
          ? [latencies[name]]
          : phases.filter((it) => it.name === phase).map((it) => it.latencies[name]);
      const values = summaries.flatMap((summary) => (summary && summary.count > 0 ? summary[field] : []));
      // A phase may come more than once: each of them is meant.
      return values.length === 0 ? null : Math.max(...values);
    },
  };
}

function count(text: string, read: Metric['read']): Metric {
  return { quantity: 'count', text, read };
}

function rate(text: string, read: Metric['read']): Metric {
  return { quantity: 'rate', text, read };
}

function time(text: string, read: Metric['read']): Metric {
  return { quantity: 'time', text, read };
}

function cpuTime(text: string, read: Metric['read']): Metric {
  return { quantity: 'cpuTime', text, read };
}

function size(text: string, read: Metric['read']): Metric {
  return { quantity: 'size', text, read };
}

function ratio(text: string, read: Metric['read']): Metric {
  return { quantity: 'ratio', text, read };
}

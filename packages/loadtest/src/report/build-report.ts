import { connectRates } from './connect-rates.ts';
import type { LinkSamples } from './link-samples.ts';
import {
  type LoadReport,
  type ReportMachine,
  type ReportPhase,
  type ReportSummary,
  reportSchemaVersion,
} from './load-report.ts';
import { lagRemarks, offerRemarks } from './own-lag.ts';
import type { ProcessSamples } from './process-samples.ts';
import type { CountName } from './recording.ts';
import { seriesOf } from './report-series.ts';
import type { RunRecording } from './run-recording.ts';
import { judge, type Threshold } from './threshold.ts';

/** Rows of the time series in a report: an hour of seconds. */
const maxRows = 3600;

/** Operations whose errors are failed attempts to connect. */
const connecting: ReadonlySet<string> = new Set(['assign', 'handshake', 'connect']);

/** Facts about a run that the recordings do not hold. */
export interface RunFacts {
  pushfleetVersion: string;
  scenario: string;
  command: string;
  options: LoadReport['options'];
  machine: ReportMachine;
  /** Unix milliseconds. */
  startedAtWallMs: number;
  durationMs: number;
  endedEarly: string | null;
  devicesWanted: number;
  /** Figures that only the scenario knows; each replaces what is computed from the recordings. */
  figures: Partial<ReportSummary>;
  remarks: string[];
  thresholds: readonly Threshold[];
}

export interface RunMeasurements {
  recording: RunRecording;
  processes: ProcessSamples;
  links: LinkSamples;
}

/** Makes the report of a run that is over. */
export function buildReport(facts: RunFacts, measurements: RunMeasurements): LoadReport {
  const { recording, processes, links } = measurements;
  recording.finish();
  const { rest } = recording;
  const phases = recording.phases();
  const latencies = recording.latencies();
  const summary = { ...computedSummary(facts, measurements, phases), ...facts.figures };
  return judge(
    {
      kind: 'pushfleet-load-report',
      schemaVersion: reportSchemaVersion,
      ...{ pushfleetVersion: facts.pushfleetVersion, scenario: facts.scenario, command: facts.command },
      ...{ options: facts.options, machine: facts.machine, startedAt: new Date(facts.startedAtWallMs).toISOString() },
      ...{ durationMs: facts.durationMs, endedEarly: facts.endedEarly },
      summary,
      latencies,
      outcomes: rest.outcomes,
      errors: rest.errors,
      phases,
      series: seriesOf(recording.rows, maxRows),
      processes: processes.uses(),
      links: links.counts(),
      remarks: [
        ...facts.remarks,
        ...offerRemarks(
          recording.rows.map(({ counts }) => counts.offered ?? 0),
          Number(facts.options.rate),
          facts.devicesWanted,
        ),
        ...lagRemarks(latencies, phases),
      ],
    },
    facts.thresholds,
  );
}

function computedSummary(
  { devicesWanted }: RunFacts,
  { recording, processes, links }: RunMeasurements,
  phases: readonly ReportPhase[],
): ReportSummary {
  const { rows, rest } = recording;
  const column = (name: CountName) => rows.map(({ counts }) => counts[name] ?? 0);
  const sum = (name: CountName) => column(name).reduce((total, value) => total + value, 0);
  const { live } = seriesOf(rows, Number.POSITIVE_INFINITY);
  const full = rest.totals.handshakesFull ?? 0;
  const resumed = rest.totals.handshakesResumed ?? 0;
  return {
    devices: {
      wanted: devicesWanted,
      connected: live.at(-1) ?? 0,
      peak: live.reduce((a, b) => Math.max(a, b), 0),
    },
    connects: {
      ...{ offered: sum('offered'), succeeded: sum('connected'), failed: sum('failed') },
      ...connectRates(arrivalsOf(phases, column, devicesWanted)),
    },
    connectFailures: countsOf(rest.errors.filter(({ operation }) => connecting.has(operation))),
    links: { lost: sum('lost'), closed: sum('closed') },
    closes: rest.closes,
    resumedShare: full + resumed === 0 ? null : resumed / (full + resumed),
    falseNoPushServer: rest.totals.falseNoPushServer ?? 0,
    pushes: {
      ...{ sent: sum('pushesSent'), succeeded: sum('pushesDone'), failed: sum('pushesFailed') },
      perSecond: perBusySecond(column('pushesSent'), sum('pushesDone')),
      slowdown: pushSlowdown(phases),
    },
    ...{ groupSync: null, recovery: null, pause: null, tunnel: null },
    ...{ serverCpuMsPerReturn: null, serverCpuUsPerCommand: null },
    serverCpuSeconds: processes.cpuSeconds(['balancer', 'supervisor', 'worker', 'registry']),
    loadCpuSeconds: processes.cpuSeconds(['load']),
    ...{ memoryKiBPerLink: null, memoryKiBPerLinkAfterChurn: null, memorySlopeKiBPerMinute: null },
    spread: links.spread(),
  };
}

/** Who came when, less those that were there before the ramp where there is one. */
function arrivalsOf(phases: readonly ReportPhase[], column: (name: CountName) => number[], devices: number) {
  const begin = Math.floor((phases.find(({ name }) => name === 'ramp')?.fromMs ?? 0) / 1_000);
  const connected = column('connected');
  const before = connected.slice(0, begin).reduce((total, value) => total + value, 0);
  return {
    offered: column('offered').slice(begin),
    connected: connected.slice(begin),
    wanted: devices - before,
  };
}

function countsOf(errors: readonly { reason: string; count: number }[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { reason, count } of errors) counts.set(reason, (counts.get(reason) ?? 0) + count);
  return Object.fromEntries(counts);
}

function perBusySecond(sent: readonly number[], succeeded: number): number {
  const busySeconds = sent.filter((count) => count > 0).length;
  return busySeconds === 0 ? 0 : succeeded / busySeconds;
}

/** How much slower the slowest phase was than the phase `rest`. */
function pushSlowdown(phases: readonly ReportPhase[]): number | null {
  const atRest = phases.find(({ name }) => name === 'rest')?.latencies.push?.p99Ms;
  const others = phases.flatMap(({ name, latencies }) =>
    name !== 'rest' && latencies.push ? [latencies.push.p99Ms] : [],
  );
  return atRest === undefined || atRest === 0 || others.length === 0 ? null : Math.max(...others) / atRest;
}

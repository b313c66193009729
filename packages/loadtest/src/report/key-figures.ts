import { latencyNames } from './latency-names.ts';
import type { LatencySummary, LoadReport, ReportSummary } from './load-report.ts';
import { ownLagMs } from './own-lag.ts';
import { formatQuantity } from './units.ts';

/** One figure of a run as people read it, the same on a terminal and on the page. */
export interface KeyFigure {
  label: string;
  value: string;
  detail?: string;
  tone?: 'good' | 'bad';
}

/** The figures of a run that were measured, the most important first. */
export function keyFigures(report: LoadReport): KeyFigure[] {
  const { summary } = report;
  return [
    devicesFigure(summary),
    ...recoveryFigure(summary),
    ...pauseFigures(summary),
    ...groupSyncFigure(summary),
    ...tunnelFigure(summary),
    ...pushFigures(report),
    ...linkFigures(summary),
    ...connectFigures(summary),
    ...costFigures(summary),
  ];
}

const count = (value: number) => formatQuantity('count', value);
const time = (ms: number) => formatQuantity('time', ms);

function devicesFigure({ devices }: ReportSummary): KeyFigure {
  const { wanted, connected, peak } = devices;
  return {
    ...{ label: 'Devices connected', value: count(connected), tone: connected < wanted ? 'bad' : 'good' },
    detail: `of ${count(wanted)} wanted${peak === connected ? '' : `; ${count(peak)} at the most`}`,
  };
}

/** The time that a return may take, as a multiple of what the CPU allows. */
const returnBound = 1.2;

function recoveryFigure({ recovery }: ReportSummary): KeyFigure[] {
  if (!recovery) return [];
  const { lost, returned, allBackMs, cpuBoundMs } = recovery;
  const bound: KeyFigure[] = cpuBoundMs
    ? [
        {
          label: 'Bound of that time',
          value: time(returnBound * cpuBoundMs),
          detail: `${returnBound} × ${count(lost)} devices × CPU per return of all processes ÷ cores`,
          ...(allBackMs === null ? {} : { tone: allBackMs > returnBound * cpuBoundMs ? 'bad' : 'good' }),
        },
      ]
    : [];
  const ratio =
    allBackMs !== null && cpuBoundMs ? `; ${(allBackMs / cpuBoundMs).toFixed(2)} × what the CPU allows` : '';
  return [
    allBackMs === null
      ? { label: 'Back after the loss', value: count(returned), detail: `of ${count(lost)} devices`, tone: 'bad' }
      : { label: 'All back after', value: time(allBackMs), detail: `${count(lost)} devices${ratio}` },
    ...bound,
  ];
}

function pauseFigures({ pause }: ReportSummary): KeyFigure[] {
  if (!pause) return [];
  const { role, name, pausedMs, lostMeanwhile, lostAfterwards, answeredAgainMs, endedMeanwhile } = pause;
  return [
    {
      label: 'Links lost by the pause',
      value: count(lostMeanwhile + lostAfterwards),
      detail: `${count(lostMeanwhile)} meanwhile, ${count(lostAfterwards)} afterwards`,
      tone: lostMeanwhile + lostAfterwards > 0 ? 'bad' : 'good',
    },
    {
      label: 'Paused',
      value: time(pausedMs),
      detail: `${role} ${name}${endedMeanwhile ? ', which was ended meanwhile' : ''}`,
    },
    ...(answeredAgainMs === null
      ? []
      : [{ label: 'All answered after', value: time(answeredAgainMs), detail: 'from SIGCONT on' }]),
  ];
}

function groupSyncFigure({ groupSync }: ReportSummary): KeyFigure[] {
  if (!groupSync) return [];
  const { devices, answered, allAnsweredMs } = groupSync;
  const all = allAnsweredMs !== null;
  return [
    {
      label: 'Group synchronized',
      value: all ? time(allAnsweredMs) : count(answered),
      detail: all ? `${count(devices)} devices` : `of ${count(devices)} devices answered`,
      tone: all ? 'good' : 'bad',
    },
  ];
}

function tunnelFigure({ tunnel }: ReportSummary): KeyFigure[] {
  if (!tunnel) return [];
  const value = formatQuantity('throughput', tunnel.bytesPerSecond);
  return [{ label: 'Through tunnels', value, detail: `${formatQuantity('size', tunnel.bytes / 1024)} in all` }];
}

function pushFigures({ summary: { pushes }, latencies }: LoadReport): KeyFigure[] {
  if (pushes.sent === 0) return [];
  const { push } = latencies;
  const ownMs = ownLagMs(latencies);
  const slowdown: KeyFigure[] =
    pushes.slowdown === null
      ? []
      : [
          {
            label: 'Slowest phase',
            value: `${pushes.slowdown.toFixed(1)} ×`,
            detail: "push p99 ÷ that of the phase 'rest'",
          },
        ];
  return [
    ...(push
      ? [{ label: 'Push p99', value: time(push.p99Ms), detail: `p50 ${time(push.p50Ms)}, p99.9 ${time(push.p999Ms)}` }]
      : []),
    {
      ...{ label: 'Pushes', value: formatQuantity('rate', pushes.perSecond), tone: pushes.failed > 0 ? 'bad' : 'good' },
      detail: `${count(pushes.succeeded)} succeeded, ${count(pushes.failed)} failed`,
    },
    ...slowdown,
    ...(ownMs === null
      ? []
      : [
          {
            label: 'Own lag p99',
            value: time(ownMs),
            detail: 'of the load tool, in the whole run: what it delays is in push p99, too',
          },
        ]),
  ];
}

function linkFigures({ links, closes, recovery, falseNoPushServer, spread }: ReportSummary): KeyFigure[] {
  const reason = mostFrequent(closes);
  const lost: KeyFigure = {
    label: 'Links lost',
    value: count(links.lost),
    detail: reason ?? 'none that should have stayed',
  };
  return [
    // Where a push server is killed, its links are lost as intended.
    recovery ? lost : { ...lost, tone: links.lost > 0 ? 'bad' : 'good' },
    ...(spread === null ? [] : [{ label: 'Spread', value: spread.toFixed(3), detail: 'fullest push server ÷ mean' }]),
    ...(falseNoPushServer === 0
      ? []
      : [
          {
            label: 'False NO_PUSH_SERVER',
            value: count(falseNoPushServer),
            detail: 'although one was ready',
            tone: 'bad' as const,
          },
        ]),
  ];
}

function connectFigures({ connects, connectFailures, resumedShare }: ReportSummary): KeyFigure[] {
  const { medianPerSecond, peakPerSecond, sustainedShare, failed, offered } = connects;
  const share = (value: number) => formatQuantity('share', value);
  const kept = sustainedShare === null ? '' : `; never below ${share(sustainedShare)} of the highest`;
  const rate: KeyFigure = {
    ...{ label: 'Connect rate', value: formatQuantity('rate', medianPerSecond) },
    detail: `median; ${formatQuantity('rate', peakPerSecond)} at the most${kept}`,
  };
  const failure: KeyFigure = {
    ...{ label: 'Connects failed', value: count(failed), tone: failed > 0 ? 'bad' : 'good' },
    detail: [`of ${count(offered)}`, mostFrequent(connectFailures)].filter(Boolean).join('; '),
  };
  const resumed: KeyFigure[] =
    resumedShare === null ? [] : [{ label: 'TLS resumed', value: share(resumedShare), detail: 'of all handshakes' }];
  return offered === 0 ? [] : [rate, failure, ...resumed];
}

function costFigures(summary: ReportSummary): KeyFigure[] {
  const { serverCpuMsPerReturn, serverCpuUsPerCommand, memoryKiBPerLink, memoryKiBPerLinkAfterChurn } = summary;
  const { memorySlopeKiBPerMinute, serverCpuSeconds, loadCpuSeconds } = summary;
  const figure = (label: string, value: number | null, text: (value: number) => string, detail: string): KeyFigure[] =>
    value === null ? [] : [{ label, value: text(value), detail }];
  const cores = (seconds: number) => formatQuantity('cpuTime', seconds);
  return [
    ...figure('CPU per return', serverCpuMsPerReturn, time, 'all server processes'),
    ...figure('CPU per command', serverCpuUsPerCommand, (us) => `${us.toFixed(1)} µs`, 'all server processes'),
    ...figure(
      'Memory per link',
      memoryKiBPerLink,
      (kib) => formatQuantity('size', kib),
      memoryKiBPerLinkAfterChurn === null
        ? 'workers'
        : `workers; ${formatQuantity('size', memoryKiBPerLinkAfterChurn)} after churn`,
    ),
    ...figure(
      'Memory growth',
      memorySlopeKiBPerMinute,
      (kib) => formatQuantity('growth', kib),
      'servers, links unchanged',
    ),
    ...figure(
      'Server CPU',
      serverCpuSeconds,
      cores,
      loadCpuSeconds === null ? 'all server processes' : `load tool: ${cores(loadCpuSeconds)}`,
    ),
  ];
}

function mostFrequent(counts: Record<string, number>): string | undefined {
  const [first] = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  return first && `${count(first[1])} × ${first[0]}`;
}

/** A row of the table of latencies. */
export interface LatencyRow {
  name: string;
  meaning: string;
  latency: LatencySummary;
}

export function latencyRows({ latencies }: Pick<LoadReport, 'latencies'>): LatencyRow[] {
  return Object.entries(latencyNames).flatMap(([name, meaning]) => {
    const latency = latencies[name as keyof typeof latencyNames];
    return latency ? [{ name, meaning, latency }] : [];
  });
}

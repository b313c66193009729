import { visibleText } from '@pushfleet/runtime';
import type { RunMeasurements } from '../build-report.ts';
import type { ErrorRecord } from '../recording.ts';
import { formatQuantity } from '../units.ts';
import type { Paint } from './paint.ts';

/** The state of a run that goes on. */
export interface Progress {
  scenario: string;
  phase: string | undefined;
  elapsedMs: number;
  /** Length of the run, where it is known before. */
  plannedMs: number | undefined;
  wanted: number;
  live: number;
  offeredPerSecond: number;
  connectedPerSecond: number;
  failed: number;
  lost: number;
  /** Absent while no commands are sent. */
  pushes: { perSecond: number; failed: number; p50Ms: number | undefined; p99Ms: number | undefined } | undefined;
  serverCores: number | null;
  loadCores: number | null;
  error: ErrorRecord | undefined;
}

export interface ProgressFacts extends Pick<Progress, 'scenario' | 'elapsedMs' | 'plannedMs' | 'wanted'> {}

/** Reads it from the measurements so far; rates are those of the last whole second that all processes have told about. */
export function readProgress(facts: ProgressFacts, { recording, processes }: RunMeasurements): Progress {
  const second = Math.max(0, Math.floor(facts.elapsedMs / 1000) - 2);
  const row = recording.rows[second];
  const settled = recording.rows.findLast(({ latencies }) => latencies.push)?.latencies.push;
  const sent = recording.sum('pushesSent');
  return {
    ...{ scenario: facts.scenario, elapsedMs: facts.elapsedMs, plannedMs: facts.plannedMs, wanted: facts.wanted },
    phase: recording.phase,
    live: recording.sum('connected') - recording.sum('lost') - recording.sum('closed'),
    offeredPerSecond: row?.counts.offered ?? 0,
    connectedPerSecond: row?.counts.connected ?? 0,
    ...{ failed: recording.sum('failed'), lost: recording.sum('lost') },
    pushes:
      sent === 0
        ? undefined
        : {
            ...{ perSecond: row?.counts.pushesDone ?? 0, failed: recording.sum('pushesFailed') },
            ...{ p50Ms: settled?.p50Ms, p99Ms: settled?.p99Ms },
          },
    serverCores: processes.coresNow(['balancer', 'supervisor', 'worker', 'registry']),
    loadCores: processes.coresNow(['load']),
    error: recording.rest.errors[0],
  };
}

/** A few lines for a terminal. */
export function progressLines(progress: Progress, paint: Paint): string[] {
  const { scenario, phase, elapsedMs, plannedMs, error } = progress;
  const bar = plannedMs === undefined ? '' : `  ${progressBar(elapsedMs / plannedMs)}`;
  const planned = plannedMs === undefined ? '' : ` of ${clockTime(plannedMs)}`;
  const lines = [
    `${paint('bold', visibleText(scenario))}  ${paint('cyan', visibleText(phase ?? 'starting'))}  ${clockTime(elapsedMs)}${planned}${bar}`,
    ...parts(progress).map(([label, ...texts]) => `${paint('dim', (label ?? '').padEnd(6))} ${texts.join('   ')}`),
  ];
  return error
    ? [
        ...lines,
        `${paint('red', 'errors')} ${count(error.count)} × ${visibleText(`${error.operation} ${error.reason}: ${error.sample}`)}`,
      ]
    : lines;
}

/** The same on one line, for a log. */
export function progressLine(progress: Progress): string {
  const { phase, elapsedMs } = progress;
  const texts = parts(progress).map((texts) => texts.join(' '));
  return `${clockTime(elapsedMs)} ${visibleText(phase ?? 'starting')}: ${texts.join('; ')}`;
}

const count = (value: number) => formatQuantity('count', value);

function parts(progress: Progress): string[][] {
  const { live, wanted, connectedPerSecond, offeredPerSecond, failed, lost, pushes, serverCores, loadCores } = progress;
  const time = (ms: number | undefined) => (ms === undefined ? '–' : formatQuantity('time', ms));
  const cores = (value: number | null) => (value === null ? '–' : value.toFixed(2));
  return [
    [
      'links',
      `${count(live)} of ${count(wanted)}`,
      ...(offeredPerSecond + connectedPerSecond > 0
        ? [`+${count(connectedPerSecond)}/s (offered ${count(offeredPerSecond)}/s)`]
        : []),
      `failed ${count(failed)}`,
      `lost ${count(lost)}`,
    ],
    ...(pushes
      ? [
          [
            'push',
            `${count(pushes.perSecond)}/s`,
            `p50 ${time(pushes.p50Ms)}`,
            `p99 ${time(pushes.p99Ms)}`,
            `failed ${count(pushes.failed)}`,
          ],
        ]
      : []),
    ...(serverCores === null && loadCores === null
      ? []
      : [['cores', `servers ${cores(serverCores)}`, `load tool ${cores(loadCores)}`]]),
  ];
}

function progressBar(share: number): string {
  const width = 24;
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)}`;
}

/** `0:42`, `12:05`, `1:00:00` */
function clockTime(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

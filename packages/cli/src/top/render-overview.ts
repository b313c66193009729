import type { admin } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { formatAge } from '../output/format.ts';
import type { Paint, Style } from '../output/print.ts';

/** A stretch of a line in one style. */
interface Span {
  text: string;
  style?: Style;
}
type Line = readonly Span[];

export interface Room {
  columns: number;
  rows: number;
}

/** The moment at which it is looked at, and how old the overview is by then. */
export interface Look {
  wallMs: number;
  ageMs: number;
}

/** Overviews come every 2 s; one that is older is no longer the present. */
const staleMs = 5_000;
const mostAlarms = 5;
const idWidth = 16;

/** The overview in at most `rows` lines of at most `columns` characters; push servers that need a look come first. */
export function renderOverview(overview: admin.Overview, look: Look, { columns, rows }: Room, paint: Paint): string[] {
  const head = [headLine(overview, look), rateLine(overview), ...alarmLines(overview, look, rows)];
  const table = nodeLines(overview.nodes, columns, Math.max(1, rows - head.length - 2));
  return [...head, [], ...table].slice(0, rows).map((line) => paintLine(line, columns, paint));
}

function headLine({ links, capacity, spread, sampleTimeMs }: admin.Overview, { ageMs }: Look): Line {
  const share = capacity > 0 ? ` (${percent(links / capacity)})` : '';
  const time = new Date(sampleTimeMs).toISOString().slice(11, 19);
  const stale: Span = { text: `  no answer for ${formatAge(ageMs)}`, style: 'red' };
  return [
    { text: 'links ', style: 'dim' },
    { text: `${links} of ${capacity}${share}`, style: 'bold' },
    { text: '  spread ', style: 'dim' },
    { text: spread.toFixed(2) },
    { text: `  ${time}Z`, style: 'dim' },
    ...(ageMs > staleMs ? [stale] : []),
  ];
}

const goodOutcomes = new Set(['OUTCOME_SUCCEEDED', 'OUTCOME_DELIVERED']);

function rateLine({ commandsPerSecond }: admin.Overview): Line {
  const rates = Object.entries(commandsPerSecond).filter(([, rate]) => rate > 0);
  const spans = rates
    .toSorted(([, one], [, other]) => other - one)
    .map(([outcome, rate]): Span => {
      const text = `  ${outcome.replace('OUTCOME_', '')} ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
      return { text, style: goodOutcomes.has(outcome) ? 'green' : 'yellow' };
    });
  return [{ text: 'commands', style: 'dim' }, ...(spans.length > 0 ? spans : [{ text: '  none end' }])];
}

function alarmLines({ alarms }: admin.Overview, { wallMs }: Look, rows: number): Line[] {
  if (alarms.length === 0) return [[{ text: 'alarms', style: 'dim' }, { text: '    none' }]];
  const lines = alarms
    .slice(0, Math.max(1, Math.min(mostAlarms, Math.floor(rows / 4))))
    .map(({ kind, subject, detail, startTimeMs }): Line => {
      const age = startTimeMs > 0 ? ` (${formatAge(wallMs - startTimeMs)})` : '';
      const text = `${inWords(kind, 'ALARM_')}  ${subject}${age}${detail === '' ? '' : `  ${detail}`}`;
      return [
        { text: 'alarm   ', style: 'dim' },
        { text, style: 'red' },
      ];
    });
  const more = alarms.length - lines.length;
  return more > 0 ? [...lines, [{ text: `        and ${more} more`, style: 'red' }]] : lines;
}

function nodeLines(nodes: readonly admin.NodeLoad[], columns: number, rows: number): Line[] {
  if (nodes.length === 0) return [[{ text: 'No push server is registered.' }]];
  const troubled = (node: admin.NodeLoad) => (node.conditions.length > 0 ? 0 : 1);
  const sorted = nodes.toSorted((one, other) => troubled(one) - troubled(other));
  const shown = sorted.length > rows ? sorted.slice(0, Math.max(0, rows - 1)) : sorted;
  const left = sorted.length - shown.length;
  const title = `${'NODE'.padEnd(idWidth)}  ${'STATUS'.padEnd(11)} ${'LINKS'.padStart(7)} ${'CAPACITY'.padStart(8)}  LOAD`;
  const rest: Line[] = left > 0 ? [[{ text: `and ${left} more`, style: 'dim' }]] : [];
  return [[{ text: title, style: 'dim' }], ...shown.map((node) => nodeLine(node, columns)), ...rest];
}

function nodeLine({ nodeId, status, live, capacity, conditions }: admin.NodeLoad, columns: number): Line {
  const load = capacity > 0 ? live / capacity : 0;
  const state = status === 'NODE_STATUS_UNSPECIFIED' ? 'missing' : inWords(status, 'NODE_STATUS_');
  const style: Style = state === 'ready' ? 'green' : state === 'draining' || state === 'starting' ? 'yellow' : 'red';
  const words = conditions.map((each) => inWords(each, 'NODE_CONDITION_')).filter((word) => word !== state);
  return [
    { text: `${visibleText(nodeId).slice(0, idWidth).padEnd(idWidth)}  ` },
    { text: state.slice(0, 11).padEnd(11), style },
    { text: ` ${String(live).padStart(7)} ${String(capacity).padStart(8)}  ` },
    { text: bar(load, columns), style: load >= 0.9 ? 'red' : load >= 0.75 ? 'yellow' : 'green' },
    { text: ` ${percent(load).padStart(5)}` },
    ...(words.length > 0 ? [{ text: `  ${words.join(', ')}`, style: 'yellow' as const }] : []),
  ];
}

/** A bar that is as wide as the terminal leaves room for beside the columns and a word of condition. */
function bar(load: number, columns: number): string {
  const width = Math.min(40, Math.max(5, columns - 70));
  const full = Math.min(width, Math.round(load * width));
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}]`;
}

function percent(share: number): string {
  return `${share > 0 && share < 0.1 ? (share * 100).toFixed(1) : Math.round(share * 100)}%`;
}

/** `push server lost`. A newer balancer may know of ones that this program has no word for. */
function inWords(name: string | number, prefix: string): string {
  return typeof name === 'string' ? name.replace(prefix, '').toLowerCase().replaceAll('_', ' ') : `unknown (${name})`;
}

/** The line, cut where the terminal ends. */
function paintLine(line: Line, columns: number, paint: Paint): string {
  let left = columns;
  const parts = line.map(({ text, style }) => {
    const cut = visibleText(text).slice(0, left).toWellFormed();
    left -= cut.length;
    return style && cut !== '' ? paint(style, cut) : cut;
  });
  return parts.join('').trimEnd();
}

import { outcomeName } from '@pushfleet/admin-sdk';
import { type admin, common, operationNames } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { isOver } from '../outcomes/outcomes.ts';
import { answerOf } from '../outcomes/render.ts';
import { formatAge, formatTime } from '../output/format.ts';
import { type Paint, visibleLines } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';

/** A command for programs: without bytes, and with the short names of outcomes. Times that are not yet are null. */
export function commandJson(record: admin.CommandRecord) {
  const { status, operation, priority } = record;
  return {
    commandId: record.commandId,
    deviceId: record.deviceId,
    operation: describeOperation(operation),
    outcome: outcomeOf(record),
    reason: status?.reason ?? '',
    ...answerOf(status),
    ...(status?.progress ? { progress: status.progress } : {}),
    ...(status?.statistics ? { statistics: status.statistics } : {}),
    ...(status?.cancelRequested ? { cancelRequested: true } : {}),
    nodeId: record.nodeId,
    durable: record.durable,
    priority: priority.slice('PRIORITY_'.length).toLowerCase(),
    collapseKey: record.collapseKey,
    idempotencyKey: record.idempotencyKey,
    acceptedAtMs: orNull(record.acceptedAtMs),
    routedAtMs: orNull(record.routedAtMs),
    deliveredAtMs: orNull(record.deliveredAtMs),
    runningAtMs: orNull(record.runningAtMs),
    outcomeAtMs: orNull(status?.atMs ?? 0),
    deliverByMs: orNull(record.deliverByMs),
    finishByMs: orNull(record.finishByMs),
  };
}

export function outcomeOf({ status }: admin.CommandRecord) {
  return outcomeName(status?.outcome ?? common.Outcome.OUTCOME_UNSPECIFIED);
}

/** `RUNNING  40 %  copying`, one line for what has changed. */
export function describeStanding(record: admin.CommandRecord): string {
  const { status } = record;
  const parts = [
    outcomeOf(record),
    status?.progress ? `${status.progress.percent} %` : '',
    status?.progress?.message ?? '',
    status?.reason ?? '',
    status?.alreadyEnded ? 'it had ended before' : '',
    status?.cancelRequested ? '(to be cancelled)' : '',
  ];
  return visibleText(parts.filter((part) => part !== '').join('  '));
}

/** Commands of one device, a line for each, in their order. */
export function renderCommands(records: readonly admin.CommandRecord[], nowMs: number, paint: Paint): string {
  const columns: Column<admin.CommandRecord>[] = [
    { title: 'COMMAND', text: ({ commandId }) => commandId },
    { title: 'OPERATION', text: ({ operation }) => describeOperation(operation) },
    { title: 'STANDS AT', text: describeStanding },
    { title: 'PRIORITY', text: ({ priority }) => priority.slice('PRIORITY_'.length).toLowerCase() },
    { title: 'ACCEPTED', text: ({ acceptedAtMs }) => `${formatAge(nowMs - acceptedAtMs)} ago` },
    {
      title: 'DELIVERED BY',
      text: (record) => (isOver(outcomeOf(record)) ? '-' : untilText(record.deliverByMs, nowMs)),
    },
  ];
  return renderTable(columns, records, paint);
}

/** Everything about one command, a line for each thing that is known. */
export function renderCommand(record: admin.CommandRecord): string {
  const { output, outputBase64 } = answerOf(record.status);
  const lines: [title: string, text: string][] = [
    ['command', record.commandId],
    ['device', record.deviceId],
    ['operation', describeOperation(record.operation)],
    ['stands at', describeStanding(record)],
    ['delivery', record.durable ? 'durable' : 'direct'],
    ['collapse key', record.collapseKey],
    ['idempotency key', record.idempotencyKey],
    ['push server', record.nodeId],
    ['accepted', timeText(record.acceptedAtMs)],
    ['routed', timeText(record.routedAtMs)],
    ['delivered', timeText(record.deliveredAtMs)],
    ['running', timeText(record.runningAtMs)],
    ['outcome', timeText(record.status?.atMs ?? 0)],
    ['deliver by', timeText(record.deliverByMs)],
    ['finish by', timeText(record.finishByMs)],
    ['statistics', describeCounters(record.status?.statistics)],
    ['output', output ?? (outputBase64 ? `${outputBase64} (base64)` : '')],
  ];
  const known = lines.filter(([, text]) => text !== '');
  const width = Math.max(...known.map(([title]) => title.length));
  const shown = (title: string, text: string) =>
    title === 'output' ? visibleLines(text, width + 2) : visibleText(text);
  return known.map(([title, text]) => `${title.padEnd(width)}  ${shown(title, text)}`).join('\n');
}

/** `cpu=0.4 sessions=12`, in the order of names. */
export function describeCounters(statistics: common.Statistics | null | undefined): string {
  const counters = Object.entries(statistics?.counters ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return counters.map(([name, value]) => `${visibleText(name)}=${value}`).join(' ');
}

function untilText(atMs: number, nowMs: number): string {
  if (atMs === 0) return '-';
  return atMs > nowMs ? `in ${formatAge(atMs - nowMs)}` : `${formatAge(nowMs - atMs)} ago`;
}

function timeText(atMs: number): string {
  return atMs > 0 ? formatTime(atMs) : '';
}

function orNull(atMs: number): number | null {
  return atMs > 0 ? atMs : null;
}

/** `run_task inventory`, `force_sync`: what a device is told to do, in two words. */
export function describeOperation(operation: common.Operation | null | undefined): string {
  if (!operation?.kind) return '-';
  const { runTask, stopTask, getStatistics, openTunnel, custom } = operation;
  const object =
    runTask?.taskId ?? stopTask?.taskId ?? getStatistics?.applicationId ?? openTunnel?.target ?? custom?.name ?? '';
  return `${operationNames[operation.kind]} ${object}`.trimEnd();
}

import { outcomeName } from '@pushfleet/admin-sdk';
import { type admin, common } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { describeOperation } from '../commands/render.ts';
import { renderDuration } from '../options/option-values.ts';
import { countsOf, renderCounts, sumOf } from '../outcomes/outcomes.ts';
import { formatAge, formatTime } from '../output/format.ts';
import { type Paint, print, printJsonLine, type Style } from '../output/print.ts';
import { type Column, renderTable } from '../output/table.ts';

export type GroupPushState = 'running' | 'paused' | 'done' | 'cancelled' | 'aborted' | 'unspecified';

export function stateOf({ state }: admin.GroupPush): GroupPushState {
  return state.slice('GROUP_PUSH_STATE_'.length).toLowerCase() as GroupPushState;
}

/** Every device of the group was found, and its command went out. */
export function isAllOut(push: admin.GroupPush): boolean {
  return push.allFound && sumOf(countsOf(push)) === push.devices;
}

/** A group push for programs, without the outcomes of devices. */
export function groupPushJson(push: admin.GroupPush) {
  const { groupPushId, request, reason, devices, allFound, startedAtMs, endedAtMs } = push;
  return {
    groupPushId,
    group: request?.group ?? '',
    operation: describeOperation(request?.operation),
    state: stateOf(push),
    reason,
    deviceCount: devices,
    allFound,
    outcomes: countsOf(push),
    startedAtMs,
    endedAtMs: endedAtMs > 0 ? endedAtMs : null,
  };
}

export function renderGroupPushes(pushes: readonly admin.GroupPush[], nowMs: number, paint: Paint): string {
  const columns: Column<admin.GroupPush>[] = [
    { title: 'GROUP PUSH', text: ({ groupPushId }) => groupPushId },
    { title: 'GROUP', text: groupText },
    { title: 'OPERATION', text: ({ request }) => describeOperation(request?.operation) },
    { title: 'STATE', text: stateOf, style: (push) => stateStyles[stateOf(push)] },
    { title: 'STARTED', text: ({ startedAtMs }) => `${formatAge(nowMs - startedAtMs)} ago` },
    { title: 'DEVICES', text: devicesText, align: 'right' },
    { title: 'OUTCOMES', text: (push) => renderCounts(countsOf(push)) },
  ];
  return renderTable(columns, pushes, paint);
}

/** Everything about one, a line for each thing that is said. */
export function renderGroupPush(push: admin.GroupPush): string {
  const { request, reason, startedAtMs, endedAtMs } = push;
  const labels = Object.entries(request?.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const lines: [string, string][] = [
    ['group push', push.groupPushId],
    ['group', groupText(push)],
    ['labels', labels.join(' ')],
    ['operation', describeOperation(request?.operation)],
    ['waits', request?.delivery?.ttlMs ? renderDuration(request.delivery.ttlMs) : ''],
    ['pace', describePace(request?.pace)],
    ['state', reason === '' ? stateOf(push) : `${stateOf(push)}: ${reason}`],
    ['started', formatTime(startedAtMs)],
    ['ended', endedAtMs > 0 ? formatTime(endedAtMs) : ''],
    ['devices', devicesText(push)],
    ['outcomes', renderCounts(countsOf(push))],
  ];
  const known = lines.filter(([, text]) => text !== '');
  const width = Math.max(...known.map(([title]) => title.length));
  return known.map(([title, text]) => `${title.padEnd(width)}  ${visibleText(text)}`).join('\n');
}

function describePace(pace: admin.GroupPushPace | null | undefined): string {
  if (!pace) return '';
  const parts = [
    pace.commandsPerSecond > 0 ? `${pace.commandsPerSecond} per second` : '',
    pace.jitterWindowMs > 0 ? `spread over ${renderDuration(pace.jitterWindowMs)}` : '',
    pace.abortFailedPercent > 0 ? `stops above ${pace.abortFailedPercent} % that did not succeed` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function groupText({ request }: admin.GroupPush): string {
  return request?.group || '(all devices)';
}

function devicesText({ devices, allFound }: admin.GroupPush): string {
  return `${devices}${allFound ? '' : '+'}`;
}

const stateStyles: Partial<Record<GroupPushState, Style>> = {
  running: 'cyan',
  paused: 'yellow',
  done: 'green',
  aborted: 'red',
};

/** `not-connected` and the like: how outcomes are written on the command line. */
export const outcomeNames: readonly string[] = Object.values(common.Outcome).slice(1).map(flagName);

export function parseOutcomeName(name: string): common.Outcome | undefined {
  const wanted = name.toLowerCase().replaceAll('_', '-');
  return Object.values(common.Outcome)
    .slice(1)
    .find((outcome) => flagName(outcome) === wanted);
}

/** One line as each comes: there may be many thousands. */
export async function printDeviceOutcomes(outcomes: AsyncIterable<admin.DeviceOutcome>, json: boolean): Promise<void> {
  for await (const outcome of outcomes) {
    if (json) printJsonLine(toJson(outcome));
    else print(describeDeviceOutcome(outcome));
  }
}

/** `laptop-17  FAILED  disk full` */
export function describeDeviceOutcome({ deviceId, outcome, reason }: admin.DeviceOutcome): string {
  return [deviceId, outcomeName(outcome), reason]
    .filter((part) => part !== '')
    .map(visibleText)
    .join('  ');
}

function toJson({ deviceId, commandId, outcome, reason, atMs }: admin.DeviceOutcome) {
  return { id: deviceId, commandId, outcome: outcomeName(outcome), reason, atMs };
}

function flagName(outcome: common.Outcome): string {
  return outcomeName(outcome).toLowerCase().replaceAll('_', '-');
}

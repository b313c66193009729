import { renderDuration } from '../options/duration.ts';
import type { PushEntry } from './push-entry.ts';
import { isOver } from './wait.ts';

/** What goes on after the command line has returned, and how to follow it; nothing where all is over. */
export function describeWaiting(entries: readonly PushEntry[], ttlMs: number): string[] {
  const open = entries.filter(({ outcome, commandId }) => commandId && !isOver(outcome));
  const [first] = open;
  if (!first || ttlMs === 0) return [];
  const queued = open.filter(({ outcome }) => outcome === 'QUEUED').length;
  return [
    ...(queued > 0 ? [`QUEUED: the device gets it when it can, within ${renderDuration(ttlMs)}`] : []),
    `To follow one: pushfleet commands watch ${first.id} ${first.commandId}`,
  ];
}

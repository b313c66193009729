import { systemClock } from '@pushfleet/runtime';

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** A time span in its largest unit: `42s`, `3m`, `5h`, `12d`. */
export function formatAge(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [unit, size] = units.find(([, unitSeconds]) => seconds >= unitSeconds) ?? ['s', 1];
  return `${Math.floor(seconds / size)}${unit}`;
}

/** In UTC: `2026-11-25T18:27:44.511Z`. What no calendar has, and a device may say, is shown as it is. */
export function formatTime(atMs: number): string {
  const date = new Date(atMs);
  return Number.isNaN(date.getTime()) ? `${atMs} ms` : date.toISOString();
}

/** In UTC: `18:27:44.511`. */
export function formatTimeOfDay(atMs: number): string {
  return formatTime(atMs).replace(/^\d{4}-\d\d-\d\dT(.*)Z$/, '$1');
}

/** `1 device`, `2 devices`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** `12.3 s` */
export function formatDuration(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/** By the clocks of two machines, where it goes on. */
export function durationOf({ startedAtMs, endedAtMs }: { startedAtMs: number; endedAtMs: number }): string {
  return formatDuration(Math.max(0, (endedAtMs || systemClock.wallMs()) - startedAtMs));
}

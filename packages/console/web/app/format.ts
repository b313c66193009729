// Numbers and times as the browser's locale has them.
const integer = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 });
const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 });
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

export function formatInteger(value: number): string {
  return integer.format(value);
}

/** Three digits that count: `0.0123`, `12.3`, `1,230`. */
export function formatDecimal(value: number): string {
  return decimal.format(value);
}

/** `12.3K` */
export function formatCompact(value: number): string {
  return compact.format(value);
}

/** @param share 0 to 1 */
export function formatPercent(share: number): string {
  return percent.format(share);
}

/** @param time RFC 3339 */
export function formatTime(time: string): string {
  return dateTime.format(new Date(time));
}

/** @param time RFC 3339 */
export function formatTimeOfDay(time: string): string {
  return timeOfDay.format(new Date(time));
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** `3 minutes ago`, in the largest unit that fits. @param time RFC 3339 */
export function formatRelative(time: string, nowMs: number): string {
  const sinceMs = new Date(time).getTime() - nowMs;
  const [unit, unitMs] = units.find(([, ms]) => Math.abs(sinceMs) >= ms) ?? units[3];
  return relative.format(Math.round(sinceMs / unitMs), unit);
}

/** `OUTCOME_NOT_CONNECTED` as `Not connected`. @param prefix What all values of the enumeration begin with: `OUTCOME` */
export function formatEnum(value: string, prefix: string): string {
  const words = value.replace(`${prefix}_`, '').replaceAll('_', ' ').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** @param duration As the API has it: `2.5s`. */
export function durationMs(duration: string): number {
  return Number.parseFloat(duration) * 1_000;
}

/** `gRPC` or `MQTT`, as people write them. @param kind A LinkKind */
export function formatLinkKind(kind: string): string {
  return kind === 'LINK_KIND_GRPC' ? 'gRPC' : formatEnum(kind, 'LINK_KIND').toUpperCase();
}

/** The links that a device may have: `gRPC or MQTT`. @param kinds None: all */
export function formatLinkKinds(kinds: readonly string[]): string {
  return kinds.length === 0 ? 'gRPC or MQTT' : kinds.map(formatLinkKind).join(' or ');
}

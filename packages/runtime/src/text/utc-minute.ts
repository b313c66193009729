/** A time for operators, in UTC: `2026-11-25 18:27 UTC`. @param atMs Unix time in milliseconds. */
export function utcMinute(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

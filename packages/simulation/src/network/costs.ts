/**
 * Processor time that it takes to handle one message, in milliseconds; measured in docs/benchmarks.md. A device's first message costs the
 * handshake before it as well.
 */
const perMessageMs = 0.03;
const perKibMs = 0.002;
export const acceptMs = 0.02;
export const handshakeMs = 1.1;
export const assignmentMs = 0.5;

export function costOf(path: string, bytes: number): number {
  const extraMs = path.endsWith('/Assign') ? assignmentMs : 0;
  return perMessageMs + extraMs + (perKibMs * bytes) / 1_024;
}

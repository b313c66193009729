/** Width of the window over which rates are compared, in seconds. */
export const windowSeconds = 5;
/** A cluster may take so long to get going, in seconds. */
const skippedSeconds = 10;

interface Arrivals {
  /** Attempts begun, by second. */
  offered: readonly number[];
  /** Devices that got in, by second. */
  connected: readonly number[];
  /** Devices that are to come. */
  wanted: number;
}

export interface ConnectRates {
  peakPerSecond: number;
  medianPerSecond: number;
  sustainedShare: number | null;
}

/** How fast devices got in, and whether that rate held while more of them wanted in than could. */
export function connectRates({ offered, connected, wanted }: Arrivals): ConnectRates {
  const busy = connected
    .filter((arrived, second) => arrived > 0 || (offered[second] ?? 0) > 0)
    .toSorted((a, b) => a - b);
  return {
    peakPerSecond: busy.at(-1) ?? 0,
    medianPerSecond: busy[Math.floor(busy.length / 2)] ?? 0,
    sustainedShare: sustainedShare(connected, wanted),
  };
}

function sustainedShare(connected: readonly number[], wanted: number): number | null {
  const first = connected.findIndex((count) => count > 0);
  // Where fewer are missing than the fullest window took, no rate can be kept up.
  const end = secondReaching(connected, wanted - largest(windowsOf(connected)));
  const windows = windowsOf(connected.slice(first, end));
  const highest = largest(windows);
  const begin = windows.findIndex((window, index) => index >= skippedSeconds || window >= 0.8 * highest);
  const held = windows.slice(begin);
  if (highest === 0 || held.length < windowSeconds) return null;
  return held.reduce((a, b) => Math.min(a, b), highest) / highest;
}

/** Arrivals in each window of so many seconds, by its first second. */
export function windowsOf(connected: readonly number[]): number[] {
  return connected.slice(windowSeconds - 1).map((_, index) => sum(connected.slice(index, index + windowSeconds)));
}

/** The first second at whose end this many have arrived, or the number of seconds. */
function secondReaching(connected: readonly number[], arrivals: number): number {
  let arrived = 0;
  const reached = connected.findIndex((count) => {
    arrived += count;
    return arrived >= arrivals;
  });
  return reached < 0 ? connected.length : reached;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
export const largest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), 0);

import type { Overview, OverviewSample } from '../../api/messages.ts';

const keptMs = 3_600_000;

/** The history with what is known now at its end, where the last sample is older than the interval; an hour of it is kept. */
export function extendHistory(
  samples: readonly OverviewSample[],
  now: Overview,
  intervalMs: number,
): readonly OverviewSample[] {
  const lastMs = timeOf(samples.at(-1));
  const nowMs = timeOf(now);
  if (nowMs - lastMs < intervalMs) return samples;
  return [...samples.filter((one) => timeOf(one) > nowMs - keptMs), sampleOf(now)];
}

/** The history that ends with what is known now; the same one where that would only lengthen its last line. */
export function withPresent(samples: readonly OverviewSample[], now: Overview | undefined): readonly OverviewSample[] {
  const last = samples.at(-1);
  if (now === undefined || (last !== undefined && timeOf(now) <= timeOf(last))) return samples;
  const isFlat = samples.length > 1 && last !== undefined && valuesOf(last) === valuesOf(now);
  return isFlat ? samples : [...samples, sampleOf(now)];
}

function sampleOf({ sampleTime = '', links, spread, commandsPerSecond }: Overview): OverviewSample {
  return { sampleTime, links, spread, commandsPerSecond };
}

/** Values that the charts show, comparable as text. */
function valuesOf({ links, commandsPerSecond }: Pick<OverviewSample, 'links' | 'commandsPerSecond'>): string {
  return JSON.stringify([links, Object.entries(commandsPerSecond).sort()]);
}

/** Milliseconds since the epoch; `-Infinity`: there is no sample. */
export function timeOf(sample: { sampleTime?: string } | undefined): number {
  return sample?.sampleTime === undefined ? Number.NEGATIVE_INFINITY : new Date(sample.sampleTime).getTime();
}

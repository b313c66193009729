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
  const { sampleTime = '', links, spread, commandsPerSecond } = now;
  const added: OverviewSample = { sampleTime, links, spread, commandsPerSecond };
  return [...samples.filter((one) => timeOf(one) > nowMs - keptMs), added];
}

/** Milliseconds since the epoch; `-Infinity`: there is no sample. */
export function timeOf(sample: { sampleTime?: string } | undefined): number {
  return sample?.sampleTime === undefined ? Number.NEGATIVE_INFINITY : new Date(sample.sampleTime).getTime();
}

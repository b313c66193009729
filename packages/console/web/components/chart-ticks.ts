const secondsPerMinute = 60;
const secondsPerDay = 86_400;

const minutes = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const seconds = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const days = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/**
 * Times below a chart, as exact as its ticks are apart: days, the time of day, or that with its seconds.
 * @param ticks Seconds since the epoch @param stepSeconds Time between two of them
 */
export function formatTimeTicks(ticks: readonly number[], stepSeconds: number): string[] {
  const format = stepSeconds >= secondsPerDay ? days : stepSeconds >= secondsPerMinute ? minutes : seconds;
  return withoutRepetitions(ticks.map((tick) => format.format(tick * 1_000)));
}

/** Ticks closer to one another than what the format tells apart are named once. */
export function withoutRepetitions(texts: readonly string[]): string[] {
  return texts.map((text, index) => (text === texts[index - 1] ? '' : text));
}

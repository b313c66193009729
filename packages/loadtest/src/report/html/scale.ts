/** Maps values onto pixels, and says where lines with a label stand. */
export interface Scale {
  toPixel(value: number): number;
  ticks: number[];
}

interface Range {
  min: number;
  max: number;
  /** Pixels of `min` and `max`. */
  from: number;
  to: number;
}

/** Ticks at round values, about `wanted` of them. */
export function linearScale({ min, max, from, to }: Range, wanted = 5): Scale {
  // A range without width is one of 1; below a billionth, round steps cannot be told apart.
  const span = max - min > Math.abs(max) * 1e-9 ? max - min : 1;
  const step = roundStep(span / wanted);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor((min + span) / step + 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { ticks, toPixel: (value) => from + ((value - min) / span) * (to - from) };
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= step - 1e-12) ?? 10;
  return factor * power;
}

/** Ticks at powers of ten, and between them where there are few. Values below `min` stand at `min`. */
export function logScale({ min, max, from, to }: Range): Scale {
  const low = Math.log10(min);
  const high = Math.max(Math.log10(max), low + 1e-9);
  const decades = high - low;
  const factors = decades <= 1.2 ? [1, 2, 3, 5, 7] : decades <= 3 ? [1, 2, 5] : [1];
  const powers = Array.from({ length: Math.ceil(decades) + 2 }, (_, index) => Math.floor(low) + index);
  const ticks = powers
    .flatMap((power) => factors.map((factor) => Number((factor * 10 ** power).toPrecision(12))))
    .filter((tick) => tick >= min * 0.999 && tick <= max * 1.001);
  const toPixel = (value: number) => from + ((Math.log10(Math.max(value, min)) - low) / (high - low)) * (to - from);
  return { ticks, toPixel };
}

/** Steps of an axis of time, in seconds. */
const timeSteps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Ticks at round times, labelled `0:30`. */
export function timeScale(range: Range, wanted = 8): Scale {
  const spanSeconds = (range.max - range.min) / 1000;
  const step = (timeSteps.find((candidate) => spanSeconds / candidate <= wanted) ?? spanSeconds / wanted) * 1000;
  const first = Math.ceil(range.min / step);
  const ticks = Array.from(
    { length: Math.max(1, Math.floor(range.max / step) - first + 1) },
    (_, index) => (first + index) * step,
  );
  return { ticks, toPixel: linearScale(range).toPixel };
}

/** `0:42`, `12:05`, `1:00:00` */
export function formatClock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const pad = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** The units that a threshold may be given in, by what is measured; each as a multiple of the first. */
export const units = {
  time: { ms: 1, us: 0.001, µs: 0.001, s: 1000, min: 60_000 },
  cpuTime: { s: 1, ms: 0.001, min: 60 },
  size: { KiB: 1, B: 1 / 1024, MiB: 1024, GiB: 1024 ** 2 },
  growth: { 'KiB/min': 1, 'MiB/min': 1024 },
  throughput: { 'B/s': 1, 'KiB/s': 1024, 'MiB/s': 1024 ** 2 },
  rate: { '/s': 1 },
  share: { '': 1, '%': 0.01 },
  ratio: { '': 1, x: 1 },
  count: { '': 1 },
} as const satisfies Record<string, Record<string, number>>;
export type Quantity = keyof typeof units;

/** The value of one `unit` in the first unit of the quantity; `undefined`: not a unit of it. */
export function unitFactor(quantity: Quantity, unit: string): number | undefined {
  const known: Record<string, number> = units[quantity];
  return Object.hasOwn(known, unit) ? known[unit] : undefined;
}

export function unitNames(quantity: Quantity): string[] {
  return Object.keys(units[quantity]);
}

const digits = (value: number) =>
  Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
/** Made once: making one costs more than a thousand uses. */
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });
const decimal = (value: number) => grouped.format(Number(value.toFixed(digits(value))));

/** A value in the first unit of its quantity, as people read it: `1.2 s`, `31.4 KiB`, `12,345`. */
export function formatQuantity(quantity: Quantity, value: number): string {
  switch (quantity) {
    case 'time':
      return formatTime(value);
    case 'cpuTime':
      return `${decimal(value)} s`;
    case 'size':
      return formatSize(value * 1024);
    case 'growth':
      return `${decimal(value)} KiB/min`;
    case 'throughput':
      return `${formatSize(value)}/s`;
    case 'rate':
      return `${decimal(value)}/s`;
    case 'share':
      return `${decimal(value * 100)} %`;
    case 'ratio':
      return Number(value.toFixed(4)).toString();
    case 'count':
      return grouped.format(value);
    default:
      return quantity satisfies never;
  }
}

function formatTime(ms: number): string {
  if (Math.abs(ms) >= 120_000) return `${decimal(ms / 60_000)} min`;
  if (Math.abs(ms) >= 1000) return `${decimal(ms / 1000)} s`;
  if (Math.abs(ms) >= 0.1 || ms === 0) return `${decimal(ms)} ms`;
  return `${decimal(ms * 1000)} µs`;
}

export function formatSize(bytes: number): string {
  const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(sizes.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, Math.abs(bytes))) / 10)));
  return `${decimal(bytes / 1024 ** power)} ${sizes[power]}`;
}

import { expect, it } from 'vitest';
import { formatQuantity } from './units.ts';

it.each([
  ['time', 0.0421, '42.1 µs'],
  ['time', 0, '0 ms'],
  ['time', 12.345, '12.3 ms'],
  ['time', 61_250, '61.3 s'],
  ['time', 600_000, '10 min'],
  ['size', 31.44, '31.4 KiB'],
  ['size', 2048, '2 MiB'],
  ['growth', -12.5, '-12.5 KiB/min'],
  ['throughput', 46 * 1024 ** 2, '46 MiB/s'],
  ['rate', 449.6, '450/s'],
  ['share', 0.9534, '95.3 %'],
  ['ratio', 1.00512, '1.0051'],
  ['count', 50_000, '50,000'],
  ['cpuTime', 85.25, '85.3 s'],
] as const)('writes a %s of %s as %s', (quantity, value, text) => {
  expect(formatQuantity(quantity, value)).toBe(text);
});

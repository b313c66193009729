import { stripVTControlCharacters, styleText } from 'node:util';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../../test/time/manual-clock.ts';
import { syntheticReport } from '../synthetic-report.fixture.ts';
import type { Paint } from './paint.ts';
import type { Progress } from './progress.ts';
import { ProgressDisplay } from './progress-display.ts';
import { renderSummary } from './summary.ts';

const plain: Paint = (_style, text) => text;
const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

const progress: Progress = {
  ...{ scenario: 'connect-storm', phase: 'ramp', elapsedMs: 42_000, plannedMs: 90_000, wanted: 50_000, live: 18_204 },
  ...{ offeredPerSecond: 900, connectedPerSecond: 431, failed: 12, lost: 0 },
  pushes: { perSecond: 498, failed: 3, p50Ms: 2.31, p99Ms: undefined },
  ...{ serverCores: 1.321, loadCores: 0.4 },
  error: { operation: 'assign', reason: 'OVERLOADED', count: 12, sample: 'come again\x1b[2J', firstAtMs: 0 },
};

function display(isTTY: boolean, columns = 200) {
  const clock = new ManualClock();
  const writes: string[] = [];
  const stream = { isTTY, columns, write: (text: string) => writes.push(text) };
  return { clock, writes, shown: new ProgressDisplay(clock, stream, coloured, () => progress) };
}

it('draws over its lines on a terminal, and leaves none', () => {
  const { clock, writes, shown } = display(true);
  clock.advance(1000);
  expect(writes).toHaveLength(3);
  const lines = stripVTControlCharacters(writes[0] ?? '')
    .trimEnd()
    .split('\n');
  expect(lines).toEqual([
    'connect-storm  ramp  0:42 of 1:30  ███████████░░░░░░░░░░░░░',
    'links  18,204 of 50,000   +431/s (offered 900/s)   failed 12   lost 0',
    'push   498/s   p50 2.31 ms   p99 –   failed 3',
    'cores  servers 1.32   load tool 0.40',
    'errors 12 × assign OVERLOADED: come again\\x1b[2J',
  ]);
  expect(writes[1]).toContain('\x1b[5A');
  shown[Symbol.dispose]();
  expect(writes.at(-1)).toBe('\r\x1b[5A\x1b[J');
  clock.advance(5000);
  expect(writes).toHaveLength(4);
});

it('never wraps on a narrow terminal', () => {
  const { writes } = display(true, 40);
  for (const line of stripVTControlCharacters(writes[0] ?? '').split('\n')) expect(line.length).toBeLessThan(40);
});

it('writes a plain line every five seconds into a log', () => {
  const { clock, writes, shown } = display(false);
  clock.advance(4999);
  expect(writes).toEqual([]);
  clock.advance(5001);
  expect(writes).toHaveLength(2);
  expect(writes[0]).toBe(
    '0:42 ramp: links 18,204 of 50,000 +431/s (offered 900/s) failed 12 lost 0; push 498/s p50 2.31 ms p99 – failed 3; cores servers 1.32 load tool 0.40\n',
  );
  shown[Symbol.dispose]();
  expect(writes).toHaveLength(2);
});

it('sums a run up, the verdict first, then what failed, then the figures', () => {
  const thresholds = ['push.p99 > 10s', 'links.lost > 0'];
  const text = renderSummary(syntheticReport({ seconds: 60, devices: 3000, nodes: 3, thresholds }), plain);
  const lines = text.split('\n');
  expect(lines[0]).toBe('node-loss: FAILED after 60 s');
  expect(lines[4]).toBe('✗ links.lost is 1,000: more than 0.');
  expect(lines[5]).toMatch(/^✓ push.p99 is .* ms, not more than 10 s\.$/);
  expect(text).toMatch(/^Devices connected +3,000 {2}of 3,000 wanted$/m);
  expect(text).toMatch(/^All back after +14.3 s {2}6,667 devices; 1.46 × what the CPU allows$/m);
  expect(text).toMatch(/^Latency +count +p50 +p90 +p99 +p99.9 +max$/m);
  expect(text).toMatch(/^dp-0\/w0 +worker .* ended at 36 s$/m);
});

it('obeys nothing that a peer said', () => {
  const text = renderSummary(
    syntheticReport({ seconds: 20, devices: 90, nodes: 3, hostileText: '\x1b[31mred\u202e\n' }),
    plain,
  );
  expect(text).toContain('\\x1b[31mred\\u202e\\n');
  for (const obeyed of ['\x1b', '\u202e']) expect(text).not.toContain(obeyed);
});

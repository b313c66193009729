import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allMetricNames, findMetric } from './metrics.ts';
import { syntheticReport } from './synthetic-report.fixture.ts';
import { judge, parseThreshold, ThresholdSyntaxError } from './threshold.ts';
import { unitNames, units } from './units.ts';

const measured = syntheticReport({ seconds: 30, devices: 300, nodes: 3 });

const judged = (expression: string) => judge(measured, [parseThreshold(expression)]).thresholds[0];

it.each([
  ['push.p99 > 50ms', 'push.p99', 50],
  ['connect.failed > 0', 'connect.failed', 0],
  ['spread > 1.02', 'spread', 1.02],
  ['links.lost > 0', 'links.lost', 0],
  ['return.cpu > 1.1ms', 'return.cpu', 1.1],
  ['push.cpu >= 50us', 'push.cpu', 0.05],
  ['memory.perLink > 32KiB', 'memory.perLink', 32],
  ['memory.perLink > 1 MiB', 'memory.perLink', 1024],
  ['push.p99.9>=.5s', 'push.p99.9', 500],
  ['handshake.resumed < 95%', 'handshake.resumed', 0.95],
  ['handshake.resumed<0.95', 'handshake.resumed', 0.95],
  ['closes.keepAliveTimeout > 0', 'closes.keepAliveTimeout', 0],
  ['outcomes.OUTCOME_UNKNOWN != 0', 'outcomes.OUTCOME_UNKNOWN', 0],
  ['tunnel.rate < 40 MiB/s', 'tunnel.rate', 40 * 1024 ** 2],
  ['push.slowdown > 5x', 'push.slowdown', 5],
])('reads %s', (expression, metricName, limit) => {
  const threshold = parseThreshold(`  ${expression} `);
  expect(threshold).toMatchObject({ expression, metricName });
  expect(threshold.limit).toBeCloseTo(limit, 9);
});

it.each([
  ['', 'is no threshold: write METRIC OPERATOR NUMBER[UNIT]'],
  ['push.p99', 'operators: >= <= > < == !='],
  ['push.p99 => 5ms', 'is no threshold'],
  ['push.p99 > -5ms', 'is no threshold'],
  ['push.p99 > 1e3ms', '"e3ms" is no unit of "push.p99"; it takes ms, us, µs, s, min'],
  ['push.p99 > 50', '"push.p99" needs a unit: one of ms, us, µs, s, min'],
  ['push.p99 > 50KiB', '"KiB" is no unit of "push.p99"'],
  ['links.lost > 1s', '"s" is no unit of "links.lost"; it takes none'],
  ['spread > 102%', 'it takes no unit, x'],
  ['pusch.p99 > 50ms', 'Did you mean push.p99?'],
  ['push.p9 > 5ms', 'Metrics: (assign|'],
  ['constructor > 5', '"constructor" is no metric'],
  ['push.constructor > 5', 'is no metric'],
  ['closes.nonsense > 0', 'closes.CLOSE_REASON'],
  ['links.closed@ramp > 0', 'is no metric'],
  ['devices.missing@ramp > 0', 'is not kept by phase; of a phase there are (assign|'],
])('says what is wrong with %j', (expression, sentence) => {
  expect(() => parseThreshold(expression)).toThrow(ThresholdSyntaxError);
  expect(() => parseThreshold(expression)).toThrow(sentence);
});

it('counts commands that were refused with an error', () => {
  const outcomes = { SUCCEEDED: 5, OUTCOME_UNKNOWN: 1, REGISTRY_UNAVAILABLE: 2, OVERLOADED: 1 };
  const [verdict] = judge({ ...measured, outcomes }, [parseThreshold('outcomes.NOT_ACCEPTED > 0')]).thresholds;
  expect(verdict).toMatchObject({ value: 3, failed: true });
});

it('judges lost links and outcomes by phase', () => {
  expect(judged('links.lost@loss > 0')).toMatchObject({ value: 100, failed: true });
  expect(judged('closes.linkLost@return > 0')).toMatchObject({ value: 0, failed: false });
  expect(judged('links.lost@elsewhere > 0')).toMatchObject({ value: null, failed: true });
  expect(judged('outcomes.SUCCEEDED@rest == 0')).toMatchObject({ failed: false });
});

it('reads every metric with each of its units, and refuses those of others', () => {
  const everyUnit = new Set(Object.values(units).flatMap((table) => Object.keys(table)));
  for (const name of allMetricNames()) {
    const quantity = findMetric(name)?.quantity ?? 'count';
    const own = new Set(unitNames(quantity));
    for (const unit of everyUnit) {
      const parse = () => parseThreshold(`${name} > 1${unit}`);
      if (own.has(unit)) expect(parse().metricName).toBe(name);
      else expect(parse).toThrow(ThresholdSyntaxError);
    }
  }
});

it('never throws anything but a sentence, whatever it is given', () => {
  const piece = fc.oneof(fc.constantFrom('push.p99', '@', '>', ' ', '5', 'ms', '.', '<=', '__proto__'), fc.string());
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
      try {
        expect(parseThreshold(pieces.join('')).limit).not.toBeNaN();
      } catch (error) {
        expect(error).toBeInstanceOf(ThresholdSyntaxError);
      }
    }),
  );
});

it('fails exactly where the comparison holds', () => {
  const value = measured.latencies.push?.p99Ms ?? Number.NaN;
  const compare = {
    '>': (limit: number) => value > limit,
    '<': (limit: number) => value < limit,
    '>=': (limit: number) => value >= limit,
    '<=': (limit: number) => value <= limit,
    '==': (limit: number) => value === limit,
    '!=': (limit: number) => value !== limit,
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(compare) as (keyof typeof compare)[])),
      fc.oneof(
        fc.constant(value),
        fc.double({ min: 0, max: 200, noNaN: true }).map((limit) => Number(limit.toFixed(3))),
      ),
      (operator, limit) => {
        expect(judged(`push.p99 ${operator} ${limit}ms`)?.failed).toBe(compare[operator](limit));
      },
    ),
  );
});

it('says in a sentence what was found', () => {
  expect(judged('links.lost > 0')?.sentence).toBe('links.lost is 100: more than 0.');
  expect(judged('connect.failed > 1000000')?.sentence).toMatch(/^connect.failed is \d+, not more than 1,000,000\.$/);
  expect(judged('return.cpu > 1.1ms')?.sentence).toBe('return.cpu is 1.38 ms: more than 1.1 ms.');
});

it('shows the digits in which two values differ', () => {
  const report = { ...measured, summary: { ...measured.summary, memoryKiBPerLink: 32.0001 } };
  const [verdict] = judge(report, [parseThreshold('memory.perLink > 32KiB')]).thresholds;
  expect(verdict?.sentence).toBe('memory.perLink is 32.0001 KiB: more than 32 KiB.');
});

it('fails by what was not measured', () => {
  const verdict = judge(measured, [
    parseThreshold('groupSync.allAnswered > 5s'),
    parseThreshold('links.lost > 100000'),
  ]);
  expect(verdict.verdict).toBe('failed');
  expect(verdict.thresholds[0]).toMatchObject({
    value: null,
    failed: true,
    sentence: 'groupSync.allAnswered was not measured.',
  });
});

it('judges a phase by itself', () => {
  const rest = judged('push.p99@rest > 1us')?.value ?? 0;
  const whole = judged('push.p99 > 1us')?.value ?? 0;
  expect(rest).toBeLessThan(whole);
  expect(judged('push.p99@lunch > 1us')).toMatchObject({ value: null, failed: true });
});

it('says nothing about a run without thresholds', () => {
  expect(judge(measured, []).verdict).toBe('unjudged');
  expect(judge(measured, [parseThreshold('links.lost > 100000')]).verdict).toBe('passed');
});

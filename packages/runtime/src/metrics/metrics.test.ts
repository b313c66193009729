import { describe, expect, it } from 'vitest';
import { renderMetrics } from './exposition.ts';
import { Meter, offsetOf } from './meter.ts';
import { type Metric, widthOf } from './metric.ts';
import { metrics } from './metric-table.ts';

const all: readonly Metric[] = Object.values(metrics);

function linesOf(text: string, name: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(name));
}

describe('the table of metrics', () => {
  it('names them as Prometheus wants it, each once', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, type, help, label } of all) {
      expect(name).toMatch(/^pushfleet_[a-z_]+$/);
      expect([name, name.endsWith('_total')]).toEqual([name, type === 'counter']);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(help).not.toBe('');
      expect(label ?? 'none').not.toMatch(/device|group|address/);
    }
  });

  it('keeps the number of lines low', () => {
    expect(all.reduce((sum, metric) => sum + metric.values.length * widthOf(metric), 0)).toBeLessThan(600);
  });

  it('gives every label value numbers of its own', () => {
    const places = all.flatMap((metric) =>
      metric.values.flatMap((value) =>
        Array.from({ length: widthOf(metric) }, (_, nth) => offsetOf(metric, value) + nth),
      ),
    );
    expect(places).toEqual(places.map((_, at) => at));
  });
});

describe('a meter', () => {
  it('counts, sets and observes what is named, and nothing else', () => {
    const meter = new Meter();
    meter.count(metrics.linksEnded, 'tooSlow');
    meter.count(metrics.linksEnded, 'tooSlow', 2);
    meter.set(metrics.leads, '', 1);
    meter.observe(metrics.endedSeconds, '', 0.004);
    const reading = meter.read();
    expect(reading[offsetOf(metrics.linksEnded, 'tooSlow')]).toBe(3);
    expect(reading[offsetOf(metrics.leads, '')]).toBe(1);
    expect(reading.reduce((sum, number) => sum + number, 0)).toBeCloseTo(3 + 1 + 1 + 0.004);
  });

  it('asks for what is not counted as it happens, as long as somebody answers for it', () => {
    const meter = new Meter();
    let live = 7;
    const asked = meter.onRead(() => meter.set(metrics.otherLinks, '', live));
    expect(meter.read()[offsetOf(metrics.otherLinks, '')]).toBe(7);
    asked[Symbol.dispose]();
    live = 8;
    expect(meter.read()[offsetOf(metrics.otherLinks, '')]).toBe(7);
  });
});

describe('the exposition', () => {
  const worker = (change: (meter: Meter) => void, process = 'w0') => {
    const meter = new Meter();
    change(meter);
    return { kind: 'worker', process, reading: meter.read() } as const;
  };

  it('sums up what workers counted, those that have ended included, and no gauge of these', async () => {
    const each = (meter: Meter) => {
      meter.count(metrics.linksEnded, 'linkLost', 2);
      meter.count(metrics.liveLinks, 'mqtt', 10);
      meter.observe(metrics.registryCalls, 'sessions', 0.002);
    };
    const text = await renderMetrics([worker(each), worker(each, 'w1')], worker(each).reading);
    expect(text).toContain('# TYPE pushfleet_links_ended_total counter');
    expect(text).toContain('pushfleet_links_ended_total{reason="linkLost"} 6\n');
    expect(text).toContain('pushfleet_links{link="mqtt"} 20\n');
    expect(text).toContain('pushfleet_registry_call_seconds_count{port="sessions"} 3\n');
  });

  it('has the buckets of a histogram one within the other', async () => {
    const text = await renderMetrics([
      worker((meter) => {
        for (const seconds of [0.0005, 0.001, 0.0011, 90]) meter.observe(metrics.registryCalls, 'nodes', seconds);
      }),
    ]);
    const lines = linesOf(text, 'pushfleet_registry_call_seconds').filter((line) => line.includes('port="nodes"'));
    expect(lines.map((line) => line.replace(/^.*_seconds/, ''))).toEqual([
      '_bucket{port="nodes",le="0.001"} 2',
      ...[0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60].map(
        (le) => `_bucket{port="nodes",le="${le}"} 3`,
      ),
      '_bucket{port="nodes",le="+Inf"} 4',
      '_sum{port="nodes"} 90.0026',
      '_count{port="nodes"} 4',
    ]);
  });

  it('gives each process a line of its own where their sum says nothing', async () => {
    const text = await renderMetrics([
      worker((meter) => meter.set(metrics.eventLoopLag, '', 0.5)),
      worker((meter) => meter.set(metrics.eventLoopLag, '', 0.25), 'w1'),
    ]);
    expect(linesOf(text, 'pushfleet_event_loop_lag_seconds')).toEqual([
      'pushfleet_event_loop_lag_seconds{process="w0"} 0.5',
      'pushfleet_event_loop_lag_seconds{process="w1"} 0.25',
    ]);
  });

  it('has all metrics of a kind of process, and none of another', async () => {
    const text = await renderMetrics([worker(() => {})]);
    const named = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    expect(named).toEqual(all.filter(({ of }) => of.includes('worker')).map(({ name }) => name));
  });
});

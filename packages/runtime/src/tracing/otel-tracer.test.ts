import { expect, it, vi } from 'vitest';
import { TraceReceiver } from '../../../../test/cluster/trace-receiver.ts';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { silentLogger } from '../logger.ts';
import { ExportFailures } from './export-failures.ts';
import { OtelTracer } from './otel-tracer.ts';

it('spans beyond the queue of the exporter are dropped', async () => {
  await using receiver = await TraceReceiver.start();
  vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', receiver.origin);
  const failures = new ExportFailures(new ManualClock(), silentLogger);
  {
    await using tracer = new OtelTracer({ 'service.name': 'test' }, failures);
    for (let count = 0; count < 3_000; count += 1) tracer.start(`span ${count}`, { kind: 'internal' })?.end();
  }
  vi.unstubAllEnvs();
  // The first batch is on its way when the queue begins to fill.
  expect(receiver.spans).toHaveLength(512 + 2_048);
});

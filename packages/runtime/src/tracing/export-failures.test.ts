import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { createLogger } from '../logger.ts';
import { ExportFailures } from './export-failures.ts';

it('failures of the exporter are said once, once a minute while they go on, and when they are over', async () => {
  const lines: { msg: string; failed?: number }[] = [];
  const logger = createLogger('x', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
  const clock = new ManualClock();
  const failures = new ExportFailures(clock, logger);
  failures.onExported();
  for (let count = 0; count < 1_000; count += 1) failures.onFailed(new Error('refused'));
  expect(lines.map(({ msg, failed }) => [msg, failed])).toEqual([['traces cannot be exported', 1]]);
  await clock.advance(60_000);
  failures.onFailed(new Error('refused'));
  expect(lines.at(-1)).toMatchObject({ failed: 1_001 });
  failures.onExported();
  failures.onExported();
  expect(lines.map(({ msg }) => msg)).toEqual([
    'traces cannot be exported',
    'traces cannot be exported',
    'traces are exported again',
  ]);
});

import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { logCap } from './log-cap.ts';
import { createLogger, type LogLevel } from './logger.ts';

function start(level: LogLevel = 'info') {
  const clock = new ManualClock();
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger('x', level, { write: (line) => void lines.push(JSON.parse(line)) }, clock);
  return { clock, lines, logger };
}

it('logs ten lines of one text a minute, and then how many were left out', () => {
  const { clock, lines, logger } = start();
  for (let index = 0; index < 50_000; index += 1) logger.warn({ deviceId: `d-${index}` }, 'session not opened');
  expect(lines.map(({ deviceId }) => deviceId)).toEqual(Array.from({ length: 10 }, (_, index) => `d-${index}`));
  clock.advance(59_999);
  expect(lines).toHaveLength(10);
  clock.advance(1);
  expect(lines.slice(10)).toEqual([
    { level: 40, process: 'x', time: expect.any(String), leftOut: 49_990, msg: 'session not opened' },
  ]);
  clock.advance(600_000);
  expect(lines).toHaveLength(11);
  logger.warn('session not opened');
  expect(lines).toHaveLength(12);
});

it('does not keep other texts out, also where they come by a child or without fields', () => {
  const { clock, lines, logger } = start();
  const child = logger.child({ workerId: 'w0' });
  for (let index = 0; index < 20; index += 1) {
    logger.info('one');
    child.error({ err: new Error('no') }, 'two');
    logger.error(new Error('three'));
  }
  const counts = () => Map.groupBy(lines, ({ msg }) => msg);
  expect([...counts()].map(([msg, { length }]) => [msg, length])).toEqual([
    ['one', 10],
    ['two', 10],
    ['three', 10],
  ]);
  clock.advance(logCap.windowMs);
  expect([...counts().values()].map((of) => of.at(-1)?.leftOut)).toEqual([10, 10, 10]);
});

it('takes a thousand lines of one text below the level info', () => {
  const { lines, logger } = start('debug');
  for (let index = 0; index < 50_000; index += 1) logger.debug('link ended');
  expect(lines).toHaveLength(logCap.debugLines);
});

it('does not log without end, nor keep windows without end, where each text is another', () => {
  const { clock, lines, logger } = start();
  for (let index = 0; index < 50_000; index += 1) logger.error(`no ${index}`);
  expect(lines).toHaveLength(logCap.texts + logCap.lines);
  clock.advance(logCap.windowMs);
  expect(lines.at(-1)).toMatchObject({ leftOut: 50_000 - logCap.texts - logCap.lines });
  expect(clock.pending).toBe(0);
  logger.error('another');
  expect(lines.at(-1)).toMatchObject({ msg: 'another' });
});

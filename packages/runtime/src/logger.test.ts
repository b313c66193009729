import { expect, it } from 'vitest';
import { createLogger } from './logger.ts';
import { visibleText } from './text/visible-text.ts';

it('writes lines of JSON that a terminal may show, whatever is logged', () => {
  const lines: string[] = [];
  const logger = createLogger('dp-1', 'info', { write: (line) => void lines.push(line) });
  const reason = 'done\x1b[2J\x9b31m\x7f\u202e\u2028\ud83d\n{"level":60}';
  logger.info({ reason, secret: 'sixteen letters!', [reason]: 1 }, reason);
  logger.error(new Error(reason));
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    const text = line.slice(0, -1);
    expect(visibleText(text)).toBe(text);
    expect(JSON.parse(text).msg).toBe(reason);
  }
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ process: 'dp-1', reason, [reason]: 1, secret: '[Redacted]' });
});

import { describe, expect, it } from 'vitest';
import { createLogger, createStandardOutput } from './logger.ts';
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

/** Takes a few bytes at a time, as long as it has room. */
function create() {
  const file = { text: '', room: Number.POSITIVE_INFINITY, code: 'ENOSPC' };
  const output = createStandardOutput((bytes) => {
    const taken = bytes.subarray(0, Math.min(4, file.room));
    if (taken.length === 0) throw Object.assign(new Error(file.code), { code: file.code });
    file.text += Buffer.from(taken).toString();
    file.room -= taken.length;
    return taken.length;
  });
  return { file, output };
}

describe('createStandardOutput', () => {
  it('writes whole lines, in however many pieces', () => {
    const { file, output } = create();
    output.write('a line of some length\n');
    output.write('another one\n');
    expect(file.text).toBe('a line of some length\nanother one\n');
  });

  it.each(['ENOSPC', 'EPIPE', 'EIO', 'EBADF', 'EAGAIN'])(
    'loses lines at %s, and goes on when there is room',
    (code) => {
      const { file, output } = create();
      file.code = code;
      file.room = 0;
      output.write('lost\n');
      file.room = 1_000;
      output.write('kept\n');
      expect(file.text).toBe('kept\n');
    },
  );

  it('begins on a new line after one that was cut off', () => {
    const { file, output } = create();
    file.room = 6;
    output.write('cut off\n');
    output.write('lost\n');
    file.room = 1_000;
    output.write('kept\n');
    output.write('kept as well\n');
    expect(file.text).toBe('cut of\nkept\nkept as well\n');
  });
});

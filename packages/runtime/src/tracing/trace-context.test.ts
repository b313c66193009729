import { describe, expect, it } from 'vitest';
import { readTraceContext } from './trace-context.ts';
import { tracedCommandId, traceOfCommand } from './traced-id.ts';

const good = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('the trace context of a peer', () => {
  it('is taken as it is where it is well-formed', () => {
    expect(readTraceContext([good], ['a=1', 'b=2'])).toEqual({ traceparent: good, tracestate: 'a=1,b=2' });
    expect(readTraceContext([good.replace('00-', '01-')])).toMatchObject({ tracestate: '' });
  });

  it.each([
    ['no header', []],
    ['two of them', [good, good]],
    ['bytes', [Buffer.from(good)]],
    ['nothing', ['']],
    ['a version that is forbidden', [good.replace('00-', 'ff-')]],
    ['a trace id of zeros', [good.replace(/-0af\w+-/, `-${'0'.repeat(32)}-`)]],
    ['a span id of zeros', [good.replace('b7ad6b7169203331', '0'.repeat(16))]],
    ['upper case', [good.toUpperCase()]],
    ['more than belongs to it', [`${good}-x`]],
    ['a line break behind it', [`${good}\n`]],
    ['much of it', [good.repeat(10_000)]],
  ])('is none where there is %s', (_what, headers) => {
    expect(readTraceContext(headers)).toBeUndefined();
  });

  it.each([
    ['too long', 'a='.padEnd(513, 'x')],
    ['not of visible ASCII', 'a=é'],
    ['broken over lines', 'a=1\r\nb=2'],
  ])('loses a state that is %s, and nothing else', (_what, state) => {
    expect(readTraceContext([good], [state])).toEqual({ traceparent: good, tracestate: '' });
  });
});

describe('the id of a sampled durable command', () => {
  it('names the span in which it was submitted', () => {
    const id = tracedCommandId({ traceparent: good, tracestate: 'a=1' });
    expect(id).toMatch(/^d-[A-Za-z0-9-]{1,62}$/);
    expect(traceOfCommand(id)).toEqual({ traceparent: good, tracestate: '' });
  });

  it.each(['d-1', `d-t${'0'.repeat(31)}-1`, 'd-4bd1c05d-0b3c-4a6c-9bf2-0d4e02a1e9ab', 'abc'])(
    'is told from any other: %s',
    (id) => {
      expect(traceOfCommand(id)).toBeUndefined();
    },
  );
});

import { describe, expect, it } from 'vitest';
import { ServerSentEvents } from './server-sent-events.ts';

// As the balancer writes them: the place where the watch begins, a beat, a named event, an unnamed one, an error.
const text =
  'id: t0\n\n:\n\nid: t1\nevent: EVENT_KIND_NODE_READY\ndata: {"a":"b: c"}\n\ndata: 1\n\nevent: error\ndata: {"code":"X"}\n\n';
const events = [
  { lastEventId: 't0', name: 'message', data: '' },
  { lastEventId: 't1', name: 'EVENT_KIND_NODE_READY', data: '{"a":"b: c"}' },
  { lastEventId: 't1', name: 'message', data: '1' },
  { lastEventId: 't1', name: 'error', data: '{"code":"X"}' },
];

describe('server-sent events', () => {
  it('are the same wherever the text is cut', () => {
    for (let at = 0; at <= text.length; at += 1) {
      const parser = new ServerSentEvents();
      expect([...parser.take(text.slice(0, at)), ...parser.take(text.slice(at))]).toEqual(events);
    }
  });

  it('are none before they are complete', () => {
    expect(new ServerSentEvents().take('id: t1\ndata: 1\n')).toEqual([]);
  });
});

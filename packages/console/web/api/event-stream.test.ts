import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { client } from './client.ts';
import { EventStream } from './event-stream.ts';

/** Answers of the balancer, in the order of the requests; afterwards it leaves them open, and nothing comes. */
const answers: (Response | Promise<Response>)[] = [];
/** Id of the event that each request asked to go on after. */
const askedAfter: (string | undefined)[] = [];

beforeEach(() => {
  answers.length = 0;
  askedAfter.length = 0;
  vi.useFakeTimers();
  vi.stubGlobal('fetch', (_url: string, { headers }: { headers: Record<string, string> }) => {
    askedAfter.push(headers['last-event-id']);
    return Promise.resolve(answers.shift() ?? new Response(new ReadableStream()));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const refusal = (status: number, code: string) =>
  new Response(JSON.stringify({ status, code, detail: `because of ${code}` }), { status });

function openStream() {
  const heard: unknown[] = [];
  const missed: string[] = [];
  const states: string[] = [];
  const stream = new EventStream('/v1/events', {
    onEvent: (event) => heard.push(event),
    onMissed: (reason) => missed.push(reason),
    onState: (state) => states.push(state),
  });
  stream.open();
  return { stream, heard, missed, states };
}

it('goes on after the last event where it broke, and where it was refused', async () => {
  answers.push(
    new Response('id: t0\n\nid: t1\nevent: X\ndata: 1\n\n'),
    refusal(503, 'REGISTRY_UNAVAILABLE'),
    new Response('id: t2\ndata: 2\n\nevent: error\ndata: {"code":"OVERLOADED","detail":"too slow"}\n\n'),
  );
  const { stream, heard, missed, states } = openStream();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(askedAfter).toEqual([undefined, 't1', 't1', 't2']);
  expect(heard).toEqual([1, 2]);
  expect(missed).toEqual([]);
  expect(states).toEqual([
    'connecting',
    'live',
    'broken',
    'connecting',
    'broken',
    'connecting',
    'live',
    'broken',
    'connecting',
  ]);
  stream.close();
});

it('is live once it is known where it begins', async () => {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  answers.push(new Response(readable));
  const { stream, states } = openStream();
  const writer = writable.getWriter();
  void writer.write(new TextEncoder().encode('id: t'));
  await vi.advanceTimersByTimeAsync(100);
  expect(states).toEqual(['connecting']);
  void writer.write(new TextEncoder().encode('0\n\n'));
  await vi.advanceTimersByTimeAsync(100);
  expect(states).toEqual(['connecting', 'live']);
  stream.close();
});

it('ends the session for which it is refused, and none that was begun meanwhile', async () => {
  const ended = vi.fn();
  client.onSessionEnd = ended;
  client.csrfToken = 'first';
  const { promise, resolve } = Promise.withResolvers<Response>();
  answers.push(promise);
  const { stream } = openStream();
  client.csrfToken = 'second';
  resolve(refusal(401, 'SESSION_EXPIRED'));
  await vi.advanceTimersByTimeAsync(10);
  expect(ended).not.toHaveBeenCalled();
  answers.push(refusal(401, 'SESSION_EXPIRED'));
  await vi.advanceTimersByTimeAsync(2_000);
  expect(ended).toHaveBeenCalledOnce();
  stream.close();
});

it.each([
  ['a refusal', () => refusal(410, 'EVENTS_GONE')],
  [
    'the end of the stream',
    () => new Response('event: error\ndata: {"code":"EVENTS_GONE","detail":"because of EVENTS_GONE"}\n\n'),
  ],
])('says that events are missing where %s says so, and begins anew', async (_what, gone) => {
  answers.push(new Response('id: t1\ndata: 1\n\n'), gone());
  const { stream, missed } = openStream();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(askedAfter).toEqual([undefined, 't1', undefined]);
  expect(missed).toEqual(['because of EVENTS_GONE']);
  stream.close();
});

it('asks for nothing while it is closed, and goes on where it stood, also before the first event', async () => {
  answers.push(new Response('id: t0\n\n'));
  const { stream } = openStream();
  await vi.advanceTimersByTimeAsync(10);
  stream.close();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(askedAfter).toEqual([undefined]);
  stream.open();
  await vi.advanceTimersByTimeAsync(10);
  expect(askedAfter).toEqual([undefined, 't0']);
  stream.close();
});

it('tries ever more seldom where it is refused again and again', async () => {
  answers.push(...Array.from({ length: 20 }, () => refusal(404, 'NOT_FOUND')));
  const { stream, states } = openStream();
  await vi.advanceTimersByTimeAsync(31_500);
  expect(askedAfter).toHaveLength(6);
  expect(states.at(-1)).toBe('broken');
  stream.close();
});

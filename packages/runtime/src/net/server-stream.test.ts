import { EventEmitter } from 'node:events';
import { PushfleetError } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { ServerStream, type ServerStreamOptions } from './server-stream.ts';

/** A call whose client reads when the test says so. */
class TestCall extends EventEmitter {
  cancelled = false;
  reads = true;
  readonly got: unknown[] = [];

  constructor() {
    super();
    this.on('error', ({ details }) => this.got.push(`error: ${details}`));
  }

  write = (message: unknown) => {
    this.got.push(message);
    return this.reads;
  };

  end = () => void this.got.push('end');

  read(reads = true): void {
    this.reads = reads;
    this.emit('drain');
  }

  leave(): void {
    this.cancelled = true;
    this.emit('cancelled');
  }
}

type Options = Partial<ServerStreamOptions<number, number[]>>;

function open(change: Options = {}, call = new TestCall()) {
  const stream = new ServerStream<number, number[]>({
    call: call as never,
    ...{ capacity: 4, whenFull: new PushfleetError('OVERLOADED', 'too slow'), batchItems: 2 },
    toMessage: (items) => [...items],
    ...change,
  });
  return { call, stream };
}

describe('ServerStream', () => {
  it('writes at once what its client reads, so many items at a time', () => {
    const { call, stream } = open();
    stream.write([1, 2, 3]);
    expect(call.got).toEqual([[1, 2], [3]]);
  });

  it('writes nothing while its client does not read, and goes on where it stopped', async () => {
    const { call, stream } = open();
    call.reads = false;
    stream.write([1]);
    stream.write([2, 3, 4]);
    const idle = stream.idle();
    expect(call.got).toEqual([[1]]);
    call.read(false);
    expect(call.got).toEqual([[1], [2, 3]]);
    call.read();
    await idle;
    expect(call.got).toEqual([[1], [2, 3], [4]]);
  });

  it('fails when more waits than may', async () => {
    const { call, stream } = open();
    call.reads = false;
    stream.write([0, 0]);
    stream.write([1, 2, 3, 4]);
    expect(stream.isOpen).toBe(true);
    stream.write([5]);
    await stream.closed;
    expect(call.got).toEqual([[0, 0], 'error: too slow']);
  });

  it('keeps only the latest for a client that does not read, where that is asked for', () => {
    const made: number[] = [];
    const toMessage = (items: readonly number[]) => {
      made.push(...items);
      return [...items];
    };
    const { call, stream } = open({ capacity: 1, whenFull: 'drop oldest', batchItems: 1, toMessage });
    call.reads = false;
    for (const item of [1, 2, 3, 4]) stream.write([item]);
    call.read();
    expect([call.got, made]).toEqual([
      [[1], [4]],
      [1, 4],
    ]);
  });

  it('ends after what waits has been written', async () => {
    const { call, stream } = open();
    call.reads = false;
    stream.write([1, 2]);
    stream.write([3]);
    stream.end();
    stream.write([4]);
    expect([call.got, stream.isOpen]).toEqual([[[1, 2]], false]);
    call.read();
    await stream.closed;
    expect(call.got).toEqual([[1, 2], [3], 'end']);
  });

  it('touches a call no more whose client has gone, and lets go whoever waits', async () => {
    const { call, stream } = open();
    call.reads = false;
    stream.write([1, 2, 3]);
    const idle = stream.idle();
    call.leave();
    await Promise.all([idle, stream.closed]);
    stream.write([4]);
    stream.end();
    stream.fail(new PushfleetError('SHUTTING_DOWN', 'stopping'));
    call.read();
    expect([call.got, stream.isOpen]).toEqual([[[1, 2]], false]);
  });

  it('is closed from the start where its client had gone before', async () => {
    const call = new TestCall();
    call.leave();
    const { stream } = open({}, call);
    stream.write([1]);
    await stream.closed;
    expect(call.got).toEqual([]);
  });
});

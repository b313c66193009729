import { Metadata } from '@grpc/grpc-js';
import { type CommandId, type DeviceId, durableCommandId } from '@pushfleet/protocol';
import { tracing } from '@pushfleet/runtime';
import { expect, it, onTestFinished } from 'vitest';
import { type CommandTrace, callerTrace, traced } from './command-trace.ts';

const submission: Parameters<typeof traced>[0] & { trace?: CommandTrace | undefined } = {
  id: 'c-1' as CommandId,
  device: 'd-1' as DeviceId,
  operation: { kind: 'forceSync' as const, forceSync: { reason: '' } },
  hasChosenId: false,
};
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** A tracer whose sampler decides for all. */
function trace(isSampled: boolean): string[] {
  const log: string[] = [];
  tracing.tracer = {
    start: (name) => {
      if (!isSampled) return undefined;
      log.push(`start ${name}`);
      const end = (failure?: string) => void log.push(`end ${name}${failure === undefined ? '' : `: ${failure}`}`);
      return { context: { traceparent, tracestate: '' }, setAttributes: () => {}, addEvent: () => {}, end };
    },
    [Symbol.asyncDispose]: async () => {},
  };
  onTestFinished(() => {
    tracing.tracer = undefined;
  });
  return log;
}

it('a command is submitted as it is where nobody traces, and the caller’s headers are not read', () => {
  const metadata = new Proxy(new Metadata(), { get: () => expect.fail('it was read') });
  expect(callerTrace({ metadata })).toBeUndefined();
  expect(traced(submission, undefined, 'Push')).toBe(submission);
});

it('a command that is not sampled is submitted as it is', () => {
  trace(false);
  expect(traced(submission, undefined, 'Push')).toBe(submission);
});

it('the steps of a direct command are spans, also where its route was stale', () => {
  const log = trace(true);
  const { trace: spans } = traced(submission, undefined, 'Push');
  const status = { outcome: 'OUTCOME_EXPIRED' as const, reason: 'too late', atMs: 1 };
  for (const kind of ['queued', 'sent', 'routing', 'queued'] as const) spans?.onState({ kind });
  spans?.onState({ kind: 'ended', status });
  spans?.answer(status);
  expect(log.map((line) => line.replace('pushfleet.admin.v1.CommandService/', ''))).toEqual([
    ...['start Push', 'start route', 'end route', 'start channel', 'end channel', 'start route'],
    ...['end route', 'start channel', 'end channel: too late', 'end Push: too late'],
  ]);
});

it('a durable command is named after its trace, unless its caller has named it', () => {
  trace(true);
  const durable = { ...submission, id: durableCommandId('1') };
  expect(traced(durable, undefined, 'Push').id).toBe('d-t0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331');
  expect(traced({ ...durable, hasChosenId: true }, undefined, 'Push').id).toBe('d-1');
});

import type { CommandId, DeviceId, GroupPushId } from '@pushfleet/protocol';
import { durableCommandId } from '@pushfleet/protocol';
import { tracing } from '@pushfleet/runtime';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { CommandRef, Status } from '../commands/engine.ts';
import { beginGroupPush, GroupPushTrace, groupPushIdOf } from './group-push-trace.ts';
import { plainRequest } from './test-bench.fixture.ts';

let log: string[];
const context = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: '' };

beforeEach(() => {
  log = [];
  tracing.tracer = {
    start: (name, { attributes }) => {
      const said = `${name.replace(/.*\//, '')} ${attributes?.['pushfleet.command.id'] ?? ''}`.trim();
      log.push(`start ${said}`);
      const end = (failure?: string) => void log.push(`end ${said}${failure === undefined ? '' : `: ${failure}`}`);
      return { context, setAttributes: () => {}, addEvent: () => {}, end };
    },
    [Symbol.asyncDispose]: async () => {},
  };
  onTestFinished(() => {
    tracing.tracer = undefined;
  });
});

const status = (outcome: Status['outcome'], reason = ''): Status => ({ outcome, reason, atMs: 1 });
const named = 't0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331' as GroupPushId;
const batchOf = (from: number, count: number): CommandRef[] =>
  Array.from({ length: count }, (_, at) => ({
    device: `d-${from + at}` as DeviceId,
    id: `c-${from + at}` as CommandId,
  }));
const start = () => GroupPushTrace.of({ id: named, request: plainRequest }) as GroupPushTrace;

it('a sampled group push is named after its trace, and runs in it wherever it is taken up', () => {
  const span = beginGroupPush(undefined, plainRequest.operation);
  expect(span && groupPushIdOf(span)).toBe(named);
  expect(GroupPushTrace.of({ id: named, request: plainRequest })).toBeDefined();
  for (const id of ['7f4df11a-02cf-4b7e-a1a4-9d9a5d1d5d3e', `d-${named}`, named.slice(1)] as GroupPushId[]) {
    expect(GroupPushTrace.of({ id, request: plainRequest })).toBeUndefined();
  }
});

it('a group push has no trace where nobody traces', () => {
  tracing.tracer = undefined;
  expect(beginGroupPush(undefined, plainRequest.operation)).toBeUndefined();
  expect(GroupPushTrace.of({ id: named, request: plainRequest })).toBeUndefined();
});

it('ten commands of each batch have spans, and a hundred in all', () => {
  const trace = start();
  const traced = Array.from({ length: 12 }, (_, at) => trace.begin(batchOf(500 * at, 500)));
  expect(traced.map((batch) => batch.filter((command) => command.trace).length)).toEqual([...Array(10).fill(10), 0, 0]);
  expect(traced.every((batch) => batch.length === 500)).toBe(true);
});

it('a command is over when it has ended, waits for its device, or was not accepted', () => {
  const trace = start();
  const waits = { device: 'away' as DeviceId, id: durableCommandId('1') };
  trace.begin([...batchOf(0, 3), waits]);
  const [succeeds, fails, refused] = batchOf(0, 3) as [CommandRef, CommandRef, CommandRef];
  trace.onStatus(succeeds, status('OUTCOME_DELIVERED'));
  trace.onStatus(succeeds, status('OUTCOME_SUCCEEDED'));
  trace.onStatus(fails, status('OUTCOME_FAILED', 'no disk'));
  trace.onStatus(waits, status('OUTCOME_QUEUED'));
  trace.onFailed(refused, { code: 'OVERLOADED', message: 'later' });
  trace.end({ state: 'done', devices: 4 });
  expect(log.filter((line) => line.startsWith('end command') || line.startsWith('end group'))).toEqual([
    ...['end command c-0', 'end command c-1: no disk', 'end command d-1', 'end command c-2: later', 'end group push'],
  ]);
});

it('commands that are still in flight where a group push stops have spans that say so', () => {
  const trace = start();
  trace.begin(batchOf(0, 1));
  trace.end({ state: 'running', devices: 1 });
  expect(log).toContain('end command c-0: the caller went away');
  expect(log.at(-1)).toBe('end group push');
});

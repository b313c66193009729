import type { DeviceId } from '@pushfleet/protocol';
import { tracing } from '@pushfleet/runtime';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import type { Report } from '../session/session.ts';
import { DeliveryTraces } from './delivery-traces.ts';

let log: string[];
const context = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: '' };
const device = 'd-1' as DeviceId;
const operation = { kind: 'forceSync' };

beforeEach(() => {
  log = [];
  tracing.tracer = {
    start: (name, { attributes }) => {
      const said = `${name} ${attributes?.['pushfleet.command.id'] ?? ''}`.trim();
      log.push(`start ${said}`);
      const end = (failure?: string) => void log.push(`end ${said}${failure === undefined ? '' : `: ${failure}`}`);
      return { context, setAttributes: () => {}, addEvent: (event) => void log.push(event), end };
    },
    [Symbol.asyncDispose]: async () => {},
  };
  onTestFinished(() => {
    tracing.tracer = undefined;
  });
});

const report = (body: object) => ({ commandId: 'c-1', deviceId: device, ...body }) as unknown as Report;
const result = (outcome: object) => report({ report: 'result', result: { commandId: 'c-1', ...outcome } });

it('a delivery is over when the device has confirmed, and a run when its result has come', () => {
  const traces = new DeliveryTraces('dp-1');
  traces.begin(device, { id: 'c-1', operation }, { parent: context });
  traces.onReport(report({ report: 'delivered', delivered: {} }), 'mqtt');
  traces.onReport(result({ outcome: 'running', running: {} }), 'mqtt');
  traces.onReport(result({ outcome: 'succeeded', succeeded: { output: Buffer.alloc(0) } }), 'mqtt');
  traces.onReport(result({ outcome: 'succeeded', succeeded: { output: Buffer.alloc(0) } }), 'mqtt');
  const [first, second, third, fourth, fifth] = log;
  expect([first, second, third]).toEqual(['start deliver c-1', 'start run', 'end deliver c-1']);
  expect([fourth, fifth]).toContain('running');
  expect(log.at(-1)).toBe('end run');
  expect(log.filter((line) => line === 'start run')).toHaveLength(1);
});

it('a link that ends is why a delivery fails', () => {
  const traces = new DeliveryTraces('dp-1');
  traces.begin(device, { id: 'c-1', operation }, { link: context });
  traces.onReport(report({ report: 'linkLost', linkLost: { reason: 'linkLost' } }), 'grpc');
  expect(log).toEqual(['start deliver c-1', 'end deliver c-1: the link ended (linkLost)']);
});

it('the oldest of very many is not kept', () => {
  const traces = new DeliveryTraces('dp-1');
  for (let id = 0; id <= 10_000; id += 1) traces.begin(device, { id: `c-${id}`, operation }, { parent: context });
  expect(log.filter((line) => line.startsWith('end'))).toEqual([
    'end deliver c-0: too many traced commands are in flight',
  ]);
});

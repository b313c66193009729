import type { CommandId, DeviceId } from '@pushfleet/protocol';
import { tracing } from '@pushfleet/runtime';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { TunnelTrace } from './tunnel-trace.ts';

let log: string[];
const context = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: '' };
const request = { device: 'd-1' as DeviceId, target: 'localhost:22', idleLimitMs: 1, timeLimitMs: 1 };

beforeEach(() => {
  log = [];
  tracing.tracer = {
    start: (name) => {
      log.push(`start ${name}`);
      const end = (failure?: string) => void log.push(`end ${name}${failure === undefined ? '' : `: ${failure}`}`);
      const setAttributes = (attributes: object) => void log.push(`${name} ${JSON.stringify(attributes)}`);
      return { context, setAttributes, addEvent: () => {}, end };
    },
    [Symbol.asyncDispose]: async () => {},
  };
  onTestFinished(() => {
    tracing.tracer = undefined;
  });
});

const steps = () => log.filter((line) => /^(start|end) /.test(line)).map((line) => line.replace(/pushfleet\S*\//, ''));

it('a tunnel is opened by a command, joined by a worker, and open until it is closed', () => {
  const trace = TunnelTrace.begin('t-1', request, undefined);
  const operation = { kind: 'openTunnel' } as never;
  const command = trace?.command({ id: 'c-1' as CommandId, device: request.device, operation });
  trace?.arrived();
  trace?.opened('dp-1');
  command?.answer({ outcome: 'OUTCOME_SUCCEEDED', reason: '', atMs: 1 });
  trace?.closed('idle', { bytesToDevice: 7, bytesFromDevice: 8 });
  expect(steps()).toEqual([
    ...['start Open', 'start command', 'start route', 'start attach', 'end attach', 'end Open', 'start tunnel'],
    ...['end command', 'end tunnel'],
  ]);
  expect(log.find((line) => line.startsWith('tunnel '))).toContain('"pushfleet.tunnel.bytes_to_device":7');
});

it('a tunnel that is refused says why', () => {
  const trace = TunnelTrace.begin('t-1', request, undefined);
  trace?.refused({ code: 'TUNNEL_REFUSED', message: 'not on my list' });
  expect(steps()).toEqual(['start Open', 'end Open: not on my list']);
});

it('a tunnel has no trace where nobody traces', () => {
  tracing.tracer = undefined;
  expect(TunnelTrace.begin('t-1', request, undefined)).toBeUndefined();
});

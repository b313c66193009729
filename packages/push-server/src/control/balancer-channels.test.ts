import { EventEmitter } from 'node:events';
import type { CommandId, node } from '@pushfleet/protocol';
import { silentLogger } from '@pushfleet/runtime';
import { expect, it, vi } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { BalancerChannels, type ChannelCall } from './balancer-channels.ts';

/** The end of a channel at a balancer that reads only while it is told to. */
class Balancer extends EventEmitter {
  readonly reports: (string | undefined)[] = [];
  isReading = true;

  write({ reports = [] }: node.ChannelResponseInit): boolean {
    this.reports.push(...reports.map(({ commandId }) => commandId));
    return this.isReading;
  }
}

it('keeps 50,000 reports for a balancer that does not read, and drops what comes then', async () => {
  const balancer = new Balancer();
  const warn = vi.fn();
  const channels = new BalancerChannels(new ManualClock(), { ...silentLogger, warn } as never);
  const id = channels.open(balancer as unknown as ChannelCall);
  const say = (commandId: string) =>
    channels.report({ commandId: commandId as CommandId, deviceId: 'd', report: 'delivered', delivered: {} }, id);
  balancer.isReading = false;
  say('first');
  await vi.waitFor(() => expect(balancer.reports).toEqual(['first']));
  for (let nth = 1; nth <= 50_000; nth += 1) say(`c${nth}`);
  expect(warn).not.toHaveBeenCalled();
  say('one more');
  expect(warn).toHaveBeenCalledOnce();
  balancer.isReading = true;
  balancer.emit('drain');
  await vi.waitFor(() => expect(balancer.reports).toHaveLength(50_001));
  expect(balancer.reports.at(-1)).toBe('c50000');
});

it('leaves out that a device has a command where its result follows at once', async () => {
  const balancer = new Balancer();
  const channels = new BalancerChannels(new ManualClock(), silentLogger);
  const id = channels.open(balancer as unknown as ChannelCall);
  const about = (commandId: string) => ({ commandId: commandId as CommandId, deviceId: 'd' });
  const delivered = (command: string) => channels.report({ ...about(command), report: 'delivered', delivered: {} }, id);
  const succeeded = (command: string) => {
    const result = { commandId: command, outcome: 'succeeded', succeeded: { output: Buffer.alloc(0) } };
    channels.report({ ...about(command), report: 'result', result: result as never }, id);
  };
  delivered('c1');
  succeeded('c1');
  delivered('c2');
  succeeded('c3');
  await vi.waitFor(() => expect(balancer.reports).toEqual(['c1', 'c2', 'c3']));
  delivered('c4');
  await vi.waitFor(() => expect(balancer.reports.at(-1)).toBe('c4'));
  succeeded('c4');
  await vi.waitFor(() => expect(balancer.reports).toEqual(['c1', 'c2', 'c3', 'c4', 'c4']));
});

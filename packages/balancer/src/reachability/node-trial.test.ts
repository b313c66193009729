import { parseBootId } from '@pushfleet/protocol';
import type { AddressCheck, WorkerRecord } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import type { ChannelCondition } from '../commands/workers/worker-channel.ts';
import { listedNode } from './node.fixture.ts';
import { NodeTrial } from './node-trial.ts';

const open: ChannelCondition = { kind: 'open' };
const opening: ChannelCondition = { kind: 'opening' };
const failing = (failures: number, sinceMs = 0): ChannelCondition => ({
  kind: 'failing',
  failures,
  sinceMs,
  reason: '14 UNAVAILABLE: Name resolution\nfailed',
});
const refused = { kind: 'address-unreachable', detail: 'nobody listens there' } as const;
const expired = { kind: 'certificate-expired', detail: 'its certificate expired' } as const;

function create(...conditions: ChannelCondition[]) {
  const node = listedNode({}, ...conditions.map((_, index) => `boot-${index}`));
  const trial = new NodeTrial(node, 0);
  const control = (nowMs: number, ...now: ChannelCondition[]) =>
    trial.onChannels(node.workers, (worker) => now[node.workers.indexOf(worker)] ?? open, nowMs);
  control(0, ...conditions);
  const kind = (check: AddressCheck = 'on') => trial.verdict(check).kind;
  return { node, trial, control, kind };
}

describe('the trial of a push server', () => {
  it('is over once all channels have been open and the address has been reached', () => {
    const { trial, control, kind } = create(open, opening);
    expect(kind()).toBe('untried');
    trial.onProbed(undefined, 0, 0.5);
    expect(kind()).toBe('untried');
    control(1, open, open);
    expect(kind()).toBe('sound');
  });

  it('does not count a worker of which its own push server hears nothing', () => {
    const { node, trial, kind } = create(open, open);
    trial.onProbed(undefined, 0, 0.5);
    const aside = node.workers.map((worker, index) => (index === 0 ? { ...worker, silent: true } : worker));
    const controlOf = (worker: WorkerRecord) => (worker.silent ? failing(9) : open);
    trial.onChannels(aside, controlOf, 60_000);
    expect(kind()).toBe('sound');
    const unseen = new NodeTrial(node, 0);
    unseen.onProbed(undefined, 0, 0.5);
    unseen.onChannels(aside.slice(0, 1), controlOf, 0);
    expect(unseen.verdict('on').kind).toBe('untried');
    unseen.onChannels(aside, controlOf, 0);
    expect(unseen.verdict('on').kind).toBe('sound');
  });

  it('needs no address where that is not, or not seriously, looked at', () => {
    const { kind } = create(open);
    expect([kind('on'), kind('warn'), kind('off')]).toEqual(['untried', 'sound', 'sound']);
  });

  it('finds nothing in one failure, a problem in two in a row, and nothing any more after one success', () => {
    const { trial, kind } = create(open);
    trial.onProbed(refused, 0, 0.5);
    expect(kind()).toBe('untried');
    trial.onProbed(refused, 0, 0.5);
    expect(trial.verdict('on')).toEqual({ kind: 'impaired', problem: { ...refused, impairs: true } });
    trial.onProbed(undefined, 0, 0.5);
    trial.onProbed(refused, 0, 0.5);
    expect(kind()).toBe('sound');
  });

  it('takes an address that it cannot reach for a warning where it is told to, but no certificate', () => {
    const { trial, kind } = create(open);
    for (const fault of [refused, refused]) trial.onProbed(fault, 0, 0.5);
    expect(trial.verdict('warn')).toEqual({ kind: 'sound', problem: { ...refused, impairs: false } });
    expect(kind('off')).toBe('sound');
    trial.onProbed(expired, 0, 0.5);
    expect(trial.verdict('warn')).toEqual({ kind: 'impaired', problem: { ...expired, impairs: true } });
  });

  it('finds a worker out of reach after two failures and 3 s, whatever the address check', () => {
    const { trial, control, kind } = create(open, open);
    trial.onProbed(undefined, 0, 0.5);
    control(10_000, open, failing(1, 7_000));
    expect(kind()).toBe('sound');
    control(9_999, open, failing(7, 7_000));
    expect(kind()).toBe('sound');
    control(10_000, open, failing(2, 7_000));
    for (const check of ['on', 'warn', 'off'] as const) {
      expect(trial.verdict(check)).toEqual({
        kind: 'impaired',
        problem: {
          kind: 'control-unreachable',
          detail: expect.stringMatching(
            /^commands do not reach worker w1 at push-server-1\.invalid:4001: Name resolution\\nfailed; /,
          ),
          impairs: true,
        },
      });
    }
    control(10_001, open, open);
    expect(kind()).toBe('sound');
  });

  it('is tried again soon after a failure, then less and less often, with jitter; rarely while all is well', () => {
    const { trial } = create(open);
    const waits = [refused, refused, refused, refused, refused, refused, undefined].map((fault) => {
      trial.onProbed(fault, 0, 0.5);
      return trial.dueAtMs;
    });
    expect(waits).toEqual([1_000, 5_000, 10_000, 20_000, 30_000, 30_000, 30_000]);
    trial.onProbed(undefined, 0, 0);
    const least = trial.dueAtMs;
    trial.onProbed(undefined, 0, 1);
    expect([least, trial.dueAtMs]).toEqual([24_000, 36_000]);
  });

  it('belongs to one life at one address with one of its workers at least', () => {
    const { node, trial } = create(open, open);
    expect(trial.isOf(node)).toBe(true);
    expect(trial.isOf({ ...node, workers: node.workers.slice(1) })).toBe(true);
    expect(trial.isOf({ ...node, workers: listedNode({}, 'other-1', 'other-2').workers })).toBe(false);
    expect(trial.isOf({ ...node, workers: [] })).toBe(false);
    expect(trial.isOf({ ...node, port: 1 })).toBe(false);
    expect(trial.isOf({ ...node, address: '10.0.0.8' })).toBe(false);
    expect(trial.isOf({ ...node, bootId: parseBootId('another-life') })).toBe(false);
  });

  it('looks again at once when a worker came or went, and stands as it did meanwhile', () => {
    const { node, trial, kind } = create(open);
    trial.onProbed(undefined, 0, 0.5);
    trial.onListed(node, 5_000);
    expect(trial.dueAtMs).toBe(30_000);
    trial.onListed(listedNode({}, 'boot-0', 'boot-new'), 5_000);
    expect([trial.dueAtMs, kind()]).toEqual([5_000, 'sound']);
  });
});

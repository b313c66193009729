import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { type ProcessState, parseProcessState, readProcessState, SilenceWatch } from './silence-watch.ts';

const hungAfterMs = 10_000;

/** The doing of a process in each second of its silence. */
type Doing = 'stopped' | 'computing' | 'starved' | 'blocked';
const cpuMsPerSecond: Record<Doing, number> = { stopped: 0, computing: 1_000, starved: 50, blocked: 0 };

/** A watch that is asked twice a second, as supervisors do, about a process that the test plays. */
function watch(options: { readState?: () => ProcessState | undefined } = {}) {
  const clock = new ManualClock();
  const state = { isStopped: false, cpuMs: 3_000 };
  const silence = new SilenceWatch({ readState: () => ({ ...state }), hungAfterMs, attended: clock, ...options });
  const judged = async (doing: Doing, seconds: number, isReady = true) => {
    const verdicts = new Set<string>();
    for (let half = 0; half < 2 * seconds; half += 1) {
      state.isStopped = doing === 'stopped';
      await clock.turn(500);
      state.cpuMs += cpuMsPerSecond[doing] / 2;
      verdicts.add(silence.judge(isReady));
    }
    return [...verdicts];
  };
  return { silence, judged };
}

describe('a worker that says nothing', () => {
  it.each(['stopped', 'starved', 'blocked'] as const)(
    'is set aside while it is %s, and killed after a minute',
    async (doing) => {
      const { judged } = watch();
      expect(await judged(doing, 9)).toEqual(['wait']);
      expect(await judged(doing, 1)).toContain('set-aside');
      expect(await judged(doing, 49)).toEqual(['set-aside']);
      expect(await judged(doing, 1)).toContain('kill');
    },
  );

  it('is killed at once when it computes all the time', async () => {
    const { judged } = watch();
    expect(await judged('computing', 9.5)).toEqual(['wait']);
    expect(await judged('computing', 0.5)).toEqual(['kill']);
  });

  it('is killed for a loop that got little of the processor as soon as it has computed for long enough', async () => {
    const { judged } = watch();
    expect(await judged('starved', 30)).toEqual(['wait', 'set-aside']);
    expect(await judged('computing', 5)).toEqual(['set-aside', 'kill']);
  });

  it('has time to speak after it was stopped, although it had computed before', async () => {
    const { silence, judged } = watch();
    expect(await judged('computing', 4)).toEqual(['wait']);
    expect(await judged('stopped', 30)).toEqual(['wait', 'set-aside']);
    expect(await judged('computing', 4)).toEqual(['set-aside']);
    silence.onHeard();
    expect(await judged('computing', 9)).toEqual(['wait']);
  });

  it('is killed while it starts, and later', async () => {
    const { judged } = watch();
    expect(await judged('stopped', 29.5, false)).toEqual(['wait']);
    expect(await judged('stopped', 0.5, false)).toEqual(['kill']);
  });

  it('is killed where the system does not tell what it does', async () => {
    const { judged } = watch({ readState: () => undefined });
    expect(await judged('stopped', 9.5)).toEqual(['wait']);
    expect(await judged('stopped', 0.5)).toEqual(['kill']);
  });
});

it.each([
  ['12 (node) R 1 12 12 0 -1 4194304 900 0 0 0 250 50 0 0 20 0 11', { isStopped: false, cpuMs: 3_000 }],
  ['12 (a) T 9 (b) S 1 12 12 0 -1 4194304 900 0 0 0 1 2 0 0 20 0 11', { isStopped: false, cpuMs: 30 }],
  ['12 (node) T 1 12 12 0 -1 4194304 900 0 0 0 0 0 0 0 20 0 11', { isStopped: true, cpuMs: 0 }],
  ['12 (node) t 1 12 12 0 -1 4194304 900 0 0 0 0 0 0 0 20 0 11', { isStopped: true, cpuMs: 0 }],
  ['12 (node) R 1', undefined],
  ['', undefined],
])('reads %s', (stat, expected) => {
  expect(parseProcessState(stat)).toEqual(expected);
});

it('reads the state of this process, and of none', () => {
  expect(readProcessState(process.pid)).toMatchObject({ isStopped: false });
  expect(readProcessState(2 ** 30)).toBeUndefined();
});

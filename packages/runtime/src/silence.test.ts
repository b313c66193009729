import { describe, expect, it } from 'vitest';
import { Silence } from './silence.ts';

/** Looks once a second, `seconds` times; what the last look gave. */
function create() {
  let nowMs = 5_000;
  const silence = new Silence({ now: () => nowMs }, 1_000);
  const pass = (ms: number) => {
    nowMs += ms;
    return silence.look();
  };
  return { silence, pass };
}

describe('Silence', () => {
  it('grows while nothing is heard, one look behind', () => {
    const { pass } = create();
    expect([pass(1_000), pass(1_000), pass(1_500)]).toEqual([0, 1_000, 2_000]);
    expect(pass(1_000)).toBe(3_500);
  });

  it('begins anew with every word', () => {
    const { silence, pass } = create();
    for (let second = 0; second < 9; second += 1) pass(1_000);
    silence.onHeard();
    expect([pass(1_000), pass(1_000)]).toEqual([0, 1_000]);
  });

  it.each([
    ['was stopped for a minute', 60_000],
    ['slept for a week', 7 * 86_400_000],
    ['had its clock put back', -3_600_000],
  ])('is nobody’s when this process %s', (_, ms) => {
    const { pass } = create();
    pass(1_000);
    pass(ms);
    expect(pass(1_000)).toBeLessThanOrEqual(3_000);
  });

  it('is not judged by a look that comes before what arrived meanwhile is read', () => {
    const { silence, pass } = create();
    for (let second = 0; second < 9; second += 1) pass(1_000);
    // Stopped for a minute; the first look finds the same as before, and then what waited is read.
    expect(pass(60_000)).toBe(9_000);
    silence.onHeard();
    expect(pass(1_000)).toBe(0);
  });
});

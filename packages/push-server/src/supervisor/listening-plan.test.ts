import { describe, expect, it } from 'vitest';
import { planListening } from './listening-plan.ts';

const capacity = 1_000;
const listening = (live: number) => ({ live, capacity, isPaused: false });
const paused = (live: number) => ({ live, capacity, isPaused: true });

describe('planListening', () => {
  it.each([
    ['all that have room', [listening(0), listening(980)], [true, true]],
    ['not one that is nearly full, while another one has room', [listening(981), listening(979)], [false, true]],
    ['not one that holds more than it may', [listening(1_050), listening(10)], [false, true]],
    ['all, where none has room: somebody has to say so', [listening(1_000), listening(990)], [true, true]],
    ['those that had stopped as well, where none has room any more', [paused(1_000), listening(990)], [true, true]],
    ['not yet one that has stopped and has little room again', [paused(970), listening(500)], [false, true]],
    ['one that has stopped and has room again', [paused(960), listening(500)], [true, true]],
    ['one alone, full or not', [listening(1_000)], [true]],
    ['none of none', [], []],
  ])('lets %s take connections', (_, workers, expected) => {
    expect(planListening(workers)).toEqual(expected);
  });

  it('leaves a place of a tiny worker to be used', () => {
    const tiny = { capacity: 2, isPaused: false };
    expect(
      planListening([
        { ...tiny, live: 1 },
        { ...tiny, live: 2 },
      ]),
    ).toEqual([true, false]);
  });

  it('takes no worker that has no capacity for one with room', () => {
    const none = { live: 0, capacity: 0, isPaused: false };
    expect(planListening([none, listening(10)])).toEqual([false, true]);
  });
});

// Preloaded (`--import`) into the processes of a test: SIGUSR2 sets the wall clock of one of them to be ahead of the real
// one by as many milliseconds as the file says that PUSHFLEET_TEST_CLOCK_AHEAD names, as `date --set` does with a host's.
import { readFileSync } from 'node:fs';

const file = process.env.PUSHFLEET_TEST_CLOCK_AHEAD ?? '';
const RealDate = Date;
let aheadMs = 0;

class SteppedDate extends RealDate {
  static override now(): number {
    return RealDate.now() + aheadMs;
  }

  constructor(...given: [] | ConstructorParameters<DateConstructor>) {
    if (given.length === 0) super(SteppedDate.now());
    else super(...given);
  }
}

globalThis.Date = SteppedDate as DateConstructor;
process.on('SIGUSR2', () => {
  aheadMs = Number(readFileSync(file, 'utf8'));
  console.error(`clock set: ${aheadMs} ms ahead`);
});

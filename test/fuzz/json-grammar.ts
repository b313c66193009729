import type { Choices } from './choices.ts';

/** A document that is nearly what is expected on a result topic or in an assignment request. */
export function jsonDocument(choices: Choices): string {
  const whole = JSON.stringify(jsonObject(choices, 3)) ?? '';
  return choices.oneIn(4) ? whole.slice(0, choices.below(whole.length + 1)) : whole;
}

const keys = [
  'succeeded',
  'failed',
  'rejected',
  'cancelled',
  'running',
  'output',
  'length',
  'reason',
  'progress',
  'percent',
  'statistics',
  'counters',
  'alreadyEnded',
  'commandId',
  'deviceId',
  'secret',
  'unreachableNodeIds',
  '__proto__',
  'toJSON',
  'x',
];

function jsonObject(choices: Choices, depth: number): object {
  return Object.fromEntries(choices.some(4, () => [choices.pick(keys), jsonValue(choices, depth - 1)]));
}

function jsonValue(choices: Choices, depth: number): unknown {
  const deep = depth > 0 && choices.oneIn(2);
  if (deep) {
    return choices.oneIn(3) ? choices.some(4, () => jsonValue(choices, depth - 1)) : jsonObject(choices, depth);
  }
  const leaves = [null, true, -1, 0, 1.5, 1e308, 300_000_000, 8_388_480, 'aGVsbG8=', '', '\ud800', 'x'.repeat(300)];
  return choices.oneIn(4) ? choices.text().toString('utf8') : choices.pick(leaves);
}

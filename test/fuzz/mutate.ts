import type { Choices } from './choices.ts';

/** The bytes with one to four small changes: flipped, overwritten, cut out, repeated, cut off, joined by others. */
export function mutate(original: Buffer, choices: Choices): Buffer {
  let bytes: Buffer = Buffer.from(original);
  for (let changes = 1 + choices.below(4); changes > 0; changes -= 1) bytes = mutateOnce(bytes, choices);
  return bytes;
}

function mutateOnce(bytes: Buffer, choices: Choices): Buffer {
  if (bytes.length === 0) return choices.bytes(1 + choices.below(16));
  const at = choices.below(bytes.length);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const length = 1 + choices.below(8);
  switch (choices.below(7)) {
    case 0:
      return set(bytes, at, (bytes[at] as number) ^ (1 << choices.below(8)));
    case 1:
      return set(bytes, at, choices.edge(8));
    case 2:
      return Buffer.concat([before, after.subarray(length)]);
    case 3:
      return Buffer.concat([before, after.subarray(0, length), after]);
    case 4:
      return before;
    case 5:
      return Buffer.concat([before, choices.text(), after]);
    default:
      return Buffer.concat([before, choices.bytes(length), after]);
  }
}

function set(bytes: Buffer, at: number, value: number): Buffer {
  bytes[at] = value;
  return bytes;
}

/** The bytes in pieces, as a network that knows nothing of packets may deliver them. */
export function split(bytes: Buffer, choices: Choices): Buffer[] {
  const pieces: Buffer[] = [];
  let rest = bytes;
  while (rest.length > 0 && pieces.length < 8 && !choices.oneIn(3)) {
    const length = 1 + choices.below(rest.length);
    pieces.push(rest.subarray(0, length));
    rest = rest.subarray(length);
  }
  return rest.length > 0 ? [...pieces, rest] : pieces;
}

/** The states of a device. Only those that are `asking` or `connecting` have an attempt under way. */
export const DeviceState = { idle: 0, asking: 1, connecting: 2, connected: 3, waiting: 4, losing: 5 } as const;

const nowhere = -1;

/** All devices, in typed arrays: ten million of them take up 150 MB. */
export class Fleet {
  readonly size: number;
  readonly state: Uint8Array;
  /** Counts up when an attempt begins or ends, so that what is still done for an earlier one is known to be in vain. */
  readonly attempt: Uint16Array;
  /** The push server that holds the link, or a place for the device; -1: none. */
  readonly node: Int16Array;
  /** The push server that it connects to. */
  readonly target: Int16Array;
  readonly moves: Uint8Array;

  constructor(size: number) {
    this.size = size;
    this.state = new Uint8Array(size);
    this.attempt = new Uint16Array(size);
    this.node = new Int16Array(size).fill(nowhere);
    this.target = new Int16Array(size).fill(nowhere);
    this.moves = new Uint8Array(size);
  }

  hasPlace(device: number): boolean {
    return this.node[device] !== nowhere;
  }

  givePlaceUp(device: number): void {
    this.node[device] = nowhere;
  }

  nextAttempt(device: number): number {
    const attempt = ((this.attempt[device] as number) + 1) & 0xffff;
    this.attempt[device] = attempt;
    return attempt;
  }
}

/** A step of a process' work: for which attempt of which device, and what is to be done. */
export interface Job {
  device: number;
  attempt: number;
  step: number;
  /** The number of the process that the client is connected to. */
  process: number;
  sinceMs: number;
}

/** Jobs in the order in which they came, taken from either end. Holds no object per job. */
export class JobQueue {
  #device = new Int32Array(64);
  #attempt = new Int32Array(64);
  #step = new Uint8Array(64);
  #process = new Int16Array(64);
  #sinceMs = new Float64Array(64);
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push({ device, attempt, step, process, sinceMs }: Job): void {
    if (this.#size === this.#device.length) this.#grow();
    const at = (this.#first + this.#size) & (this.#device.length - 1);
    this.#device[at] = device;
    this.#attempt[at] = attempt;
    this.#step[at] = step;
    this.#process[at] = process;
    this.#sinceMs[at] = sinceMs;
    this.#size += 1;
  }

  takeOldest(): Job | undefined {
    if (this.#size === 0) return undefined;
    const job = this.#read(this.#first);
    this.#first = (this.#first + 1) & (this.#device.length - 1);
    this.#size -= 1;
    return job;
  }

  takeNewest(): Job | undefined {
    if (this.#size === 0) return undefined;
    this.#size -= 1;
    return this.#read((this.#first + this.#size) & (this.#device.length - 1));
  }

  /** When the oldest one came; infinite: there is none. */
  get oldestMs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#sinceMs[this.#first] as number);
  }

  clear(): void {
    this.#size = 0;
  }

  #read(at: number): Job {
    return {
      device: this.#device[at] as number,
      attempt: this.#attempt[at] as number,
      step: this.#step[at] as number,
      process: this.#process[at] as number,
      sinceMs: this.#sinceMs[at] as number,
    };
  }

  #grow(): void {
    const { length } = this.#device;
    const order = Int32Array.from({ length: this.#size }, (_, index) => (this.#first + index) & (length - 1));
    const copy = <T extends Int32Array | Int16Array | Uint8Array | Float64Array>(from: T, to: T): T => {
      for (const [index, at] of order.entries()) to[index] = from[at] as number;
      return to;
    };
    this.#device = copy(this.#device, new Int32Array(length * 2));
    this.#attempt = copy(this.#attempt, new Int32Array(length * 2));
    this.#step = copy(this.#step, new Uint8Array(length * 2));
    this.#process = copy(this.#process, new Int16Array(length * 2));
    this.#sinceMs = copy(this.#sinceMs, new Float64Array(length * 2));
    this.#first = 0;
  }
}

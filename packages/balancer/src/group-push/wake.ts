/** Lets one loop sleep until something has happened; what happens while it is awake is not missed. */
export class Wake {
  #ring: (() => void) | undefined;
  #rung = false;

  ring(): void {
    this.#rung = true;
    this.#ring?.();
  }

  async wait(): Promise<void> {
    if (!this.#rung) {
      await new Promise<void>((resolve) => {
        this.#ring = resolve;
      });
    }
    this.#rung = false;
    this.#ring = undefined;
  }
}

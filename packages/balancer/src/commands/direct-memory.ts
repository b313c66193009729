import { KeptCommands } from './kept-commands.ts';
import type { PendingCommand } from './pending-command.ts';

const maxCommands = 10_000;
const maxBytes = 67_108_864;
const endedForMs = 60_000;

/** Direct commands whose callers do not wait for the end: those under way, and the last ones that have ended. */
export class DirectMemory {
  readonly #unawaited: KeptCommands<PendingCommand>;
  readonly #ended = new KeptCommands<PendingCommand>(maxCommands, maxBytes);

  /** @param onDropped There is no room for it any longer, and nobody waits for it: let it go. */
  constructor(onDropped: (command: PendingCommand) => void) {
    this.#unawaited = new KeptCommands(maxCommands, maxBytes, onDropped);
  }

  /** How many are under way. */
  get unawaited(): number {
    return this.#unawaited.size;
  }

  ended(id: string): PendingCommand | undefined {
    return this.#ended.get(id);
  }

  keepUnawaited(command: PendingCommand): void {
    this.#unawaited.add(command, command.sizeBytes);
  }

  release(command: PendingCommand): void {
    this.#unawaited.delete(command);
  }

  remember(command: PendingCommand, nowMs: number): void {
    command.endedByMs = nowMs;
    this.#ended.add(command, command.sizeBytes + (command.status.output?.length ?? 0));
  }

  dropOld(nowMs: number): void {
    for (;;) {
      const { oldest } = this.#ended;
      if (!oldest || oldest.endedByMs + endedForMs > nowMs) return;
      this.#ended.delete(oldest);
    }
  }
}

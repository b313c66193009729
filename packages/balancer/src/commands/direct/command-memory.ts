import type { CommandId } from '@pushfleet/protocol';
import { LRUCache } from 'lru-cache';
import type { PendingCommand } from './pending-command.ts';

const bounds = { max: 10_000, maxSize: 67_108_864 };
const endedForMs = 60_000;

/**
 * Direct commands for whose end nobody waits: those that are still in flight, and the last ones that have ended. Each kind is
 * bounded by number and by size; those that came first make room.
 */
export class CommandMemory {
  readonly #unawaited: LRUCache<CommandId, PendingCommand>;
  readonly #ended = new LRUCache<CommandId, PendingCommand>({
    ...bounds,
    sizeCalculation: ({ sizeBytes, status }) => sizeBytes + (status.output?.length ?? 0),
  });

  /** @param onDropped There is no room for a command in flight any longer. */
  constructor(onDropped: (command: PendingCommand) => void) {
    this.#unawaited = new LRUCache<CommandId, PendingCommand>({
      ...bounds,
      sizeCalculation: ({ sizeBytes }) => sizeBytes,
      disposeAfter: (command, _id, reason) => {
        if (reason === 'evict') onDropped(command);
      },
    });
  }

  /** How many are in flight. */
  get unawaited(): number {
    return this.#unawaited.size;
  }

  ended(id: CommandId): PendingCommand | undefined {
    return this.#ended.peek(id);
  }

  /** A command in flight has nobody left who waits for its end. */
  keepUnawaited(command: PendingCommand): void {
    if (command.isUnawaited) return;
    command.isUnawaited = true;
    this.#unawaited.set(command.id, command);
  }

  /** A command is not in flight any longer. */
  release(command: PendingCommand): void {
    command.isUnawaited = false;
    this.#unawaited.delete(command.id);
  }

  /** Keeps a command that has ended for a minute. */
  remember(command: PendingCommand, nowMs: number): void {
    command.endedAtMs = nowMs;
    this.#ended.set(command.id, command);
  }

  dropOld(nowMs: number): void {
    for (;;) {
      const oldest = this.#ended.rvalues().next().value;
      if (!oldest || oldest.endedAtMs + endedForMs > nowMs) return;
      this.#ended.delete(oldest.id);
    }
  }
}

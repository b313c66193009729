import type { CommandId } from '@pushfleet/protocol';

/**
 * PUBLISHes whose PUBACK waits until the registry has the result that they carry. A device that says a result again gets
 * one for each. Their number is bounded by that of packet identifiers.
 */
export class Receipts {
  readonly #owed = new Map<CommandId, number[]>();

  owe(command: CommandId, messageId: number): void {
    const owed = this.#owed.get(command);
    if (!owed) this.#owed.set(command, [messageId]);
    // MQTT 3.1.1 clients may say the same packet again.
    else if (!owed.includes(messageId)) owed.push(messageId);
  }

  /** What is to be acknowledged now. */
  settle(command: CommandId): readonly number[] {
    const owed = this.#owed.get(command) ?? [];
    this.#owed.delete(command);
    return owed;
  }
}

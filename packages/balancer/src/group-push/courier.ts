import type { DeviceOutcome, StoredStatus } from '@pushfleet/registry';
import type { CommandRef } from '../commands/push-desk.ts';

export type Report = Pick<StoredStatus, 'outcome' | 'reason' | 'atMs'>;

/** What a courier tells of the commands that it was given. */
export interface Reports {
  onStatus(command: CommandRef, status: Report): void;
  /** Where it stood when it was accepted; it may have been told to stand elsewhere meanwhile. */
  onAccepted(command: CommandRef, status: Report): void;
  /** It was not sent, and may be with the same id. */
  onUnsent(command: CommandRef): void;
}

/** Commands that another one had noted and that had not ended. */
export interface Recovered {
  live: CommandRef[];
  /** They were never sent. */
  unsent: CommandRef[];
  outcomes: DeviceOutcome[];
}

/** How the commands of a group push travel. */
export interface Courier {
  /** What becomes of them is reported. */
  send(commands: readonly CommandRef[]): void;
  /** What is known of commands that another one noted. @throws PushfleetError REGISTRY_UNAVAILABLE */
  recover(noted: readonly DeviceOutcome[]): Promise<Recovered>;
  /** What becomes of these, which another one has sent, is reported, as is where they stand now. */
  follow(commands: readonly CommandRef[]): void;
  /** Nothing more is reported of these. */
  leave(commands: readonly CommandRef[]): void;
  /** Another balancer may go on with what is under way. */
  readonly canBeLeft: boolean;
}

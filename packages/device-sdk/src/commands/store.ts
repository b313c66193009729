import type { Ending } from './ending.ts';

/** What is known of a command from before. */
export interface StoredCommand {
  id: string;
  /** `begun`: it had not ended. `forgotten`: it had ended, and how is not kept any more. */
  ending: Ending | 'begun' | 'forgotten';
}

/**
 * Remembers over restarts which commands a device has begun and how they ended, so that none is run twice. Of one device;
 * bounded: it may forget the oldest that have ended.
 */
export interface CommandStore {
  /** All that is remembered, oldest first. Called once, before the device connects. */
  load(): Promise<Iterable<StoredCommand>>;
  /** Resolves when the command is remembered whatever happens to the machine: it is run after that, or never. */
  begin(id: string): Promise<void>;
  /** Resolves when its end is remembered, should the process die: the result is said after that. */
  end(id: string, ending: Ending): Promise<void>;
}

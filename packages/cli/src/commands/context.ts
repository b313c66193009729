import type { Environment } from '@pushfleet/runtime';

/** What commands get from the process around them. */
export interface CommandContext {
  environment: Environment;
  /** From now on this process ends by the signal that is returned, not by itself. */
  stop: () => AbortSignal;
}

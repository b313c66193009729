import type { Environment } from '@pushfleet/runtime';
import type { StopOptions } from '../stop.ts';

/** What commands get from the process around them. */
export interface CommandContext {
  environment: Environment;
  /** From now on this process ends by the signal that is returned, not by itself. */
  stop: (options?: StopOptions) => AbortSignal;
}

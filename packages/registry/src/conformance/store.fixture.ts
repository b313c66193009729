import type { LivenessLimits } from '../nodes.ts';
import type { Registry } from '../registry.ts';

/** One store that several registries share, as the processes of a cluster do. Empty at first. */
export interface TestStore extends AsyncDisposable {
  open(limits?: LivenessLimits): Promise<Registry>;
  /** Loses all data behind the registries' backs, as a failover to an empty server does. */
  wipe(): Promise<void>;
}

export type CreateStore = () => Promise<TestStore>;

/** Long enough that no push server falls silent in the course of a test. */
export const patientLimits: LivenessLimits = { suspectAfterMs: 60_000, deadAfterMs: 120_000 };

import type { Registry } from '@pushfleet/registry';
import type { Software } from '../versions/software.ts';

/** Data of the registry that was copied. */
export type Copy = ReadonlyMap<string, unknown>;

/** The data of the registry, with the accidents that it may have. */
export interface RegistryStore extends AsyncDisposable {
  /** It is a real server: the world stands still until it has answered, so that it answers in no time. */
  readonly isOutside: boolean;
  /** The registry as the adapter of a version has it, without network or faults. */
  open(software: Software): Registry;
  /** Its disk is full, or is not any more. */
  refuseWrites(isRefusing: boolean): Promise<void>;
  /** Comes back without its data, but for that of administrators and what was promised to administration servers. */
  lose(): Promise<void>;
  /** All that the cluster writes, but for what administrators write. */
  copy(): Promise<Copy>;
  /** Loses what was written since the copy, but for what administrators wrote. */
  goBackTo(copy: Copy): Promise<void>;
}

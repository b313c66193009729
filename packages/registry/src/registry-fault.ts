import { PushfleetError } from '@pushfleet/protocol';

/** Why the registry did not do what it was asked. Both adapters tell these apart by tables of their own. */
export type RegistryFault =
  /** It does not answer, or not yet, or not us. */
  | { kind: 'away'; why: string }
  /** It answers what only reads. For whoever has something to write that is as good as away. */
  | { kind: 'refuses-writes'; why: string }
  /** It cannot do what it was asked, and never will: our mistake, or data of somebody else. */
  | { kind: 'bug'; why: string };

/**
 * REGISTRY_UNAVAILABLE where the same may succeed later, INTERNAL where it will not. The text is for everybody: it names
 * the registry and no key, no user and no password.
 */
export function toRegistryError(registry: string, { kind, why }: RegistryFault, cause: unknown): PushfleetError {
  switch (kind) {
    case 'away':
      return new PushfleetError('REGISTRY_UNAVAILABLE', `${registry} ${why}`, { cause });
    case 'refuses-writes':
      return new PushfleetError('REGISTRY_UNAVAILABLE', `${registry} takes no writes: ${why}`, { cause });
    case 'bug':
      return new PushfleetError('INTERNAL', `${registry} ${why}`, { cause });
    default:
      return kind satisfies never;
  }
}

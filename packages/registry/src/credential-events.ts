import type { NodeId } from '@pushfleet/protocol';
import type { CredentialReport } from '@pushfleet/runtime';
import type { FleetEventKind } from './events.ts';
import { type EventWriting, writeEvent } from './write-event.ts';

export interface CredentialEventsOptions extends EventWriting {
  /** The process, in words: `balancer b-1`. */
  process(): string;
  /** The push server that it is. */
  node?: NodeId;
}

const kinds: Record<CredentialReport['kind'], FleetEventKind> = {
  replaced: 'credentials-replaced',
  refused: 'credentials-refused',
  ending: 'certificate-ending',
};

/** Writes what happens to the credentials of a process among the events of the fleet. Never throws: the log has it, too. */
export function reportCredentials({ process, node, ...writing }: CredentialEventsOptions) {
  return ({ kind, detail }: CredentialReport): void => {
    writeEvent(writing, { kind: kinds[kind], reason: `${process()}: ${detail}`, ...(node ? { node } : {}) });
  };
}

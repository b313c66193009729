import type { Registry } from '@pushfleet/registry';
import { type Clock, type Logger, MemberGate, RevocationList } from '@pushfleet/runtime';
import { RefusalRecorder } from './refusal-recorder.ts';

export interface MembershipOptions {
  registry: Pick<Registry, 'events' | 'revocations'>;
  clock: Clock;
  logger: Logger;
}

/** Decides which members of the cluster a balancer speaks to, and writes down those that it and its workers refuse. */
export function createMembership({ registry, clock, logger }: MembershipOptions) {
  const refusals = new RefusalRecorder({ events: registry.events, clock, logger });
  const store = registry.revocations;
  const revocations = new RevocationList({ store, putBack: (lost) => store.add(lost), clock, logger });
  const gate = new MemberGate({ revocations, report: ({ detail }) => refusals.record(detail), clock, logger });
  return { refusals, revocations, gate };
}

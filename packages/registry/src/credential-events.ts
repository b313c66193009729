import type { NodeId } from '@pushfleet/protocol';
import type { Clock, CredentialReport, Logger } from '@pushfleet/runtime';
import type { Events, FleetEventKind } from './events.ts';

export interface CredentialEventsOptions {
  events: Pick<Events, 'append'>;
  clock: Pick<Clock, 'wallMs'>;
  logger: Logger;
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
export function reportCredentials({ events, clock, logger, process, node }: CredentialEventsOptions) {
  return ({ kind, detail }: CredentialReport): void => {
    const reason = `${process()}: ${detail}`;
    const event = { kind: kinds[kind], atMs: clock.wallMs(), reason, ...(node ? { node } : {}) };
    events.append([event]).catch((error: unknown) => {
      logger.warn({ err: error, event: event.kind }, 'an event about credentials is not written');
    });
  };
}

import type { Clock, Logger } from '@pushfleet/runtime';
import type { Events, NewFleetEvent } from './events.ts';

export interface EventWriting {
  events: Pick<Events, 'append'>;
  clock: Pick<Clock, 'wallMs'>;
  logger: Logger;
}

/** For events of which a stranger can cause any number: what is more is in the logs and metrics of whoever saw it. */
export const rareEvents = { burst: 20, perSecond: 1 / 6 } as const;

/** Writes an event that nobody waits for, as of now. Never throws: what could not be written is in the log of this process. */
export function writeEvent({ events, clock, logger }: EventWriting, event: Omit<NewFleetEvent, 'atMs'>): void {
  events.append([{ ...event, atMs: clock.wallMs() }]).catch((error: unknown) => {
    logger.warn({ err: error, event }, 'an event is not among those of the fleet');
  });
}

import type { ServerWritableStream } from '@grpc/grpc-js';
import { type admin, toStatus } from '@pushfleet/protocol';
import type { AuditTrail, EventCursor, EventLog, Events, Fleet, FleetEvent } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import { isWithinScope } from '../access/scope.ts';
import type { Caller } from '../access/token-directory.ts';
import { shuttingDown, toPushfleetError } from '../errors.ts';
import { DeviceGroups } from './device-groups.ts';
import { EventFeed } from './feed.ts';
import { matches, parseAuditWatch, parseWatch, viewAuditEvent, viewEvent } from './parse.ts';
import { EventWatch, type EventWatchOptions } from './watch.ts';

export interface EventGrpcServiceOptions {
  registry: {
    events: Pick<Events, 'end' | 'read'>;
    audit: Pick<AuditTrail, 'end' | 'read'>;
    fleet: Pick<Fleet, 'getDevices'>;
  };
  callerOf(call: object): Pick<Caller, 'scope'>;
  clock: Clock;
  logger: Logger;
}

/** EventService: streams of what happens in the fleet and of who did what, each from where its client wants to begin. */
export class EventGrpcService implements Disposable {
  readonly handlers: admin.EventServiceHandlers;
  readonly #watched: readonly (Disposable & { stop(): void })[];

  constructor({ registry, callerOf, clock, logger }: EventGrpcServiceOptions) {
    const groups = new DeviceGroups(registry.fleet, clock);
    const happenings = new WatchedLog({ log: registry.events, clock, logger });
    const deeds = new WatchedLog({ log: registry.audit, clock, logger });
    this.#watched = [happenings, deeds];
    this.handlers = {
      Watch: (call) =>
        void happenings.watch(call, (request) => {
          const query = parseWatch(request);
          const caller = callerOf(call);
          return {
            from: query.from,
            select: (events) => {
              const wanted = events.filter((event) => matches(query, event));
              return caller.scope === undefined ? wanted : visible(wanted, caller, groups);
            },
            toMessage: (batch): admin.WatchResponseInit => ({ events: batch.map(viewEvent) }),
          };
        }),
      WatchAudit: (call) =>
        void deeds.watch(call, (request) => {
          const { from, caller } = parseAuditWatch(request);
          return {
            from,
            select: (events) => (caller === '' ? events : events.filter((event) => event.caller === caller)),
            toMessage: (batch): admin.WatchAuditResponseInit => ({ events: batch.map(viewAuditEvent) }),
          };
        }),
    };
  }

  /** Sends all watchers to another balancer. */
  stop(): void {
    for (const watched of this.#watched) watched.stop();
  }

  [Symbol.dispose](): void {
    for (const watched of this.#watched) watched[Symbol.dispose]();
  }
}

/** The wish of one call. `from` absent: from now on. */
type Query<Event, Message> = Omit<EventWatchOptions<Event, Message>, 'call' | 'cursor'> & {
  from: EventCursor | undefined;
};

interface WatchedLogOptions<Event> {
  log: Pick<EventLog<Event>, 'end' | 'read'>;
  clock: Clock;
  logger: Logger;
}

/** A log, and the calls that watch it. */
class WatchedLog<Event> implements Disposable {
  readonly #options: WatchedLogOptions<Event>;
  readonly #feed: EventFeed<Event>;
  readonly #watches = new Set<{ stream: EventWatch<Event>['stream'] }>();
  #isStopping = false;

  constructor(options: WatchedLogOptions<Event>) {
    this.#options = options;
    this.#feed = new EventFeed(options);
  }

  stop(): void {
    this.#isStopping = true;
    for (const { stream } of this.#watches) stream.fail(stopping());
  }

  [Symbol.dispose](): void {
    this.#feed[Symbol.dispose]();
  }

  /** Serves one call. @param parse Throws PushfleetError where the request asks for what there is not. */
  async watch<Request, Message>(
    call: ServerWritableStream<Request, Message>,
    parse: (request: Request) => Query<Event, Message>,
  ): Promise<void> {
    let watch: EventWatch<Event> | undefined;
    try {
      const { from, ...query } = parse(call.request);
      const cursor = from ?? (await this.#options.log.end());
      // Nobody would ever say again that its caller is gone.
      if (call.cancelled) return;
      if (this.#isStopping) throw stopping();
      watch = this.#open(new EventWatch({ ...query, call, cursor }) as EventWatch<Event>);
      await this.#feed.add(watch);
    } catch (error) {
      const refusal = toPushfleetError(error, this.#options.logger);
      if (watch) watch.stream.fail(refusal);
      else call.emit('error', toStatus(refusal));
    }
  }

  #open(watch: EventWatch<Event>): EventWatch<Event> {
    this.#watches.add(watch);
    void watch.stream.closed.then(() => this.#watches.delete(watch));
    return watch;
  }
}

/**
 * The events that a caller with a scope may see: those of devices in it. The group that a device is in now decides, as everywhere;
 * of one that does not exist any more, the one that it was in.
 * @throws PushfleetError REGISTRY_UNAVAILABLE
 */
async function visible(
  events: readonly FleetEvent[],
  caller: Pick<Caller, 'scope'>,
  groups: DeviceGroups,
): Promise<FleetEvent[]> {
  const present = await groups.of(new Set(events.flatMap(({ device }) => device ?? [])));
  return events.filter(
    ({ device, group }) => device !== undefined && isWithinScope(caller, present.get(device) ?? group),
  );
}

function stopping() {
  return shuttingDown('watch at another one from the last resume token');
}

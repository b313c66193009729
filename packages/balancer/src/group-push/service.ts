import { randomUUID } from 'node:crypto';
import {
  type admin,
  type GroupPushId,
  PushfleetError,
  packOperation,
  parseGroupPushId,
  toStatus,
  unpackOperation,
} from '@pushfleet/protocol';
import type {
  DesiredState,
  Fleet,
  GroupPushes,
  GroupPushRecord,
  GroupPushRequest,
  GroupPushView,
} from '@pushfleet/registry';
import { type Clock, type Logger, pollUntil, type TraceContext } from '@pushfleet/runtime';
import { isWithinScope } from '../access/scope.ts';
import type { Caller } from '../access/token-directory.ts';
import { callerTrace } from '../commands/command-trace.ts';
import { fingerprint } from '../commands/push-request.ts';
import { alreadyTaken, overloaded, shuttingDown, toPushfleetError, unary } from '../errors.ts';
import { assertGroup } from '../fleet/groups.ts';
import { encodePageToken, takePage } from '../net/paging.ts';
import { beginGroupPush, groupPushIdOf } from './group-push-trace.ts';
import { parseGroupPush, parseOutcomeQuery } from './parse.ts';
import { tallyOf } from './progress.ts';
import { GroupPushScheduler, type SchedulerOptions } from './scheduler.ts';
import { summarizeGroupPush, viewGroupPush, viewOutcome } from './view.ts';
import { GroupPushWatches, type WatchGroupPushCall } from './watch.ts';

/** How many commands of one group push may be in flight; enough to keep all workers busy. */
const greatestInFlight = 5_000;
const fullMessage = 'as many group pushes as may run on this balancer do; another one may take it';
/** Whoever runs a group push looks once a second for its desired state. */
const stateChange = { withinMs: 2_500, everyMs: 50 };

export interface GroupPushServiceOptions {
  registry: { groupPushes: GroupPushes; fleet: Fleet };
  access: { callerOf(call: object): Pick<Caller, 'scope'> };
  scheduler: GroupPushScheduler;
  clock: Clock;
  logger: Logger;
}

export interface GroupPushSettings
  extends Omit<SchedulerOptions, 'maxInFlight'>,
    Pick<GroupPushServiceOptions, 'access'> {
  registry: SchedulerOptions['registry'] & GroupPushServiceOptions['registry'];
  /** How many commands this balancer may have in flight at all. */
  commandsInFlight: number;
}

export function createGroupPushService(options: GroupPushSettings): GroupPushService {
  // Some room is always left to single commands.
  const maxInFlight = Math.max(1, Math.min(greatestInFlight, Math.floor(options.commandsInFlight / 2)));
  return new GroupPushService({ ...options, scheduler: new GroupPushScheduler({ ...options, maxInFlight }) });
}

/** The methods of CommandService that concern groups; any balancer serves them, for every group push. */
export class GroupPushService implements AsyncDisposable {
  readonly #options: GroupPushServiceOptions;
  readonly #scheduler: GroupPushScheduler;
  readonly #watches: GroupPushWatches;
  #isStopping = false;

  constructor(options: GroupPushServiceOptions) {
    this.#options = options;
    this.#scheduler = options.scheduler;
    this.#watches = new GroupPushWatches({ ...options, ...options.registry });
  }

  /** The methods of CommandService that concern groups. */
  get handlers() {
    const { registry, logger, access } = this.#options;
    return {
      PushToGroup: unary(logger, (request: admin.PushToGroupRequest, call) => this.push(request, callerTrace(call))),
      GetGroupPush: unary(logger, async (request: admin.GetGroupPushRequest) => ({
        groupPush: viewGroupPush(await this.#find(parseGroupPushId(request.groupPushId))),
      })),
      WatchGroupPush: (call: WatchGroupPushCall) => void this.#watch(call),
      ListGroupPushes: unary<admin.ListGroupPushesRequest, admin.ListGroupPushesResponseInit>(
        logger,
        async (request, call) => {
          const caller = access.callerOf(call);
          const seen = (await registry.groupPushes.list()).filter((push) => isWithinScope(caller, push.request.group));
          const { page, nextPageToken } = takePage('group pushes', inOrder(seen), newestFirst, request);
          return { groupPushes: page.map(summarizeGroupPush), nextPageToken };
        },
      ),
      ListGroupPushOutcomes: unary(logger, (request: admin.ListGroupPushOutcomesRequest) =>
        this.#listOutcomes(request),
      ),
      PauseGroupPush: unary(logger, (request: admin.PauseGroupPushRequest) => this.#bring(request, 'paused')),
      ResumeGroupPush: unary(logger, (request: admin.ResumeGroupPushRequest) => this.#bring(request, 'running')),
      CancelGroupPush: unary(logger, (request: admin.CancelGroupPushRequest) => this.#bring(request, 'cancelled')),
    } satisfies Partial<admin.CommandServiceHandlers>;
  }

  start(): void {
    this.#scheduler.start();
  }

  /** No more commands go out from here. Resolves once that holds, or `signal` fires. */
  async halt(signal: AbortSignal): Promise<void> {
    this.#stop();
    await this.#scheduler.halt(signal);
  }

  /** Waits for direct commands that are in flight, until `signal` fires; the rest is left to other balancers at once. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#stop();
    await this.#scheduler.drain(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watches[Symbol.dispose]();
    await this.#scheduler[Symbol.asyncDispose]();
  }

  /** @param caller The trace of the call. */
  async push(
    request: admin.PushToGroupRequest,
    caller?: TraceContext | undefined,
  ): Promise<admin.PushToGroupResponseInit> {
    if (this.#isStopping) throw stopping();
    const parsed = parseGroupPush(request);
    const span = beginGroupPush(caller, parsed.operation);
    if (!span) return this.#create(parsed, parseGroupPushId(randomUUID()));
    try {
      const created = await this.#create(parsed, groupPushIdOf(span));
      span.end();
      return created;
    } catch (error) {
      span.end(toPushfleetError(error, this.#options.logger).message);
      throw error;
    }
  }

  async #create(parsed: GroupPushRequest, id: GroupPushId): Promise<admin.PushToGroupResponseInit> {
    const { registry, clock } = this.#options;
    if (parsed.group !== undefined) await assertGroup(registry.fleet, parsed.group, 'group');
    if (this.#scheduler.isFull) throw overloaded(fullMessage);
    const record: GroupPushRecord = {
      id,
      request: parsed,
      state: 'running',
      reason: '',
      devices: 0,
      allFound: false,
      startedAtMs: clock.wallMs(),
    };
    const { kind, view } = await registry.groupPushes.create(record);
    if (kind === 'created') await this.#run(view.id);
    else if (!isSameRequest(view.request, parsed)) throw alreadyTaken('idempotency_key', `group push ${view.id}`);
    return { groupPush: viewGroupPush(view) };
  }

  async #find(id: GroupPushId): Promise<GroupPushView> {
    const view = await this.#options.registry.groupPushes.get(id);
    if (!view) throw notFound(id);
    return view;
  }

  /** It is in the registry: whatever stands in the way here, it is run by somebody. */
  async #run(id: GroupPushId): Promise<void> {
    await this.#scheduler.run(id).catch((error: unknown) => {
      this.#options.logger.warn(
        { err: error, groupPushId: id },
        'a group push cannot begin here yet; it is tried again',
      );
    });
  }

  async #watch(call: WatchGroupPushCall): Promise<void> {
    try {
      const view = await this.#find(parseGroupPushId(call.request.groupPushId));
      if (call.cancelled) return;
      if (this.#isStopping) throw stopping();
      this.#watches.add(call, view);
    } catch (error) {
      call.emit('error', toStatus(toPushfleetError(error, this.#options.logger)));
    }
  }

  async #listOutcomes(request: admin.ListGroupPushOutcomesRequest): Promise<admin.ListGroupPushOutcomesResponseInit> {
    const id = parseGroupPushId(request.groupPushId);
    const query = parseOutcomeQuery(request);
    await this.#find(id);
    // One more than asked for tells whether there is another page.
    const found = await this.#options.registry.groupPushes.outcomes(id, { ...query, limit: query.limit + 1 });
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    return {
      outcomes: page.map(viewOutcome),
      nextPageToken: found.length > page.length && last ? encodePageToken(last.device) : '',
    };
  }

  /** Answers once the group push is in that state; after 2.5 s as it is, e.g. where another balancer is just taking it over. */
  async #bring(
    { groupPushId }: { groupPushId: string },
    desiredState: DesiredState,
  ): Promise<{ groupPush: admin.GroupPushInit }> {
    const { registry, clock } = this.#options;
    const id = parseGroupPushId(groupPushId);
    const view = await registry.groupPushes.setDesiredState(id, desiredState);
    if (!view) throw notFound(id);
    this.#scheduler.refresh(id);
    const reached = hasReached(view)
      ? view
      : await pollUntil(clock, { ...stateChange, read: () => this.#find(id), isDone: hasReached });
    return { groupPush: viewGroupPush(reached) };
  }

  /** Takes no more, and sends all watchers to another balancer. */
  #stop(): void {
    this.#isStopping = true;
    this.#watches.fail(stopping());
  }
}

/** The operation as it comes back from where it is kept. */
function isSameRequest(known: GroupPushRequest, asked: GroupPushRequest): boolean {
  const operation = unpackOperation(packOperation(asked.operation));
  return fingerprint(known) === fingerprint({ ...asked, operation });
}

/** Whether a group push is in the state that was asked for, or will never be in another one. */
function hasReached({ desiredState, state, endedAtMs, counts, allFound, devices }: GroupPushView): boolean {
  if (endedAtMs !== undefined || state === 'cancelled' || state === 'aborted') return true;
  switch (desiredState) {
    case 'running':
      return state === 'running';
    case 'paused':
      return state === 'paused' || (allFound && tallyOf(counts).recorded === devices);
    case 'cancelled':
      return false;
    default:
      return desiredState satisfies never;
  }
}

/** The registry's list has those that began in one millisecond the other way round. */
function inOrder(pushes: readonly GroupPushView[]): GroupPushView[] {
  return pushes.toSorted((one, other) => (newestFirst(one) < newestFirst(other) ? -1 : 1));
}

function newestFirst({ id, startedAtMs }: GroupPushView): string {
  return `${String(Number.MAX_SAFE_INTEGER - startedAtMs).padStart(16, '0')}/${id}`;
}

function notFound(id: GroupPushId): PushfleetError {
  return new PushfleetError('GROUP_PUSH_NOT_FOUND', `there is no group push "${id}", or it is no longer kept`, {
    field: 'group_push_id',
  });
}

function stopping(): PushfleetError {
  return shuttingDown('another one goes on with group pushes');
}

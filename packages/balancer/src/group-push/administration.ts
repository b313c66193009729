import { randomUUID } from 'node:crypto';
import {
  type admin,
  type GroupPushId,
  PushfleetError,
  packOperation,
  parseGroupPushId,
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
import type { Clock, Logger } from '@pushfleet/runtime';
import { fingerprint } from '../commands/fingerprint.ts';
import { alreadyTaken } from '../commands/refusal.ts';
import { assertGroup } from '../fleet/groups.ts';
import { encodePageToken } from '../fleet/parse.ts';
import { tally } from './outcomes.ts';
import { parseGroupPush, parseOutcomeQuery } from './parse.ts';
import type { Runners } from './runners.ts';
import { summarizeGroupPush, viewGroupPush, viewOutcome } from './view.ts';

/** Whoever runs a group push looks once a second at what is wished. */
const patienceMs = 2_500;
const pollMs = 50;

export interface AdministrationOptions {
  registry: { groupPushes: GroupPushes; fleet: Fleet };
  runners: Pick<Runners, 'takeUp' | 'poke' | 'isFull'>;
  clock: Clock;
  logger: Logger;
}

/** What the Administration Server may ask of group pushes, at any balancer. */
export class GroupPushAdministration {
  readonly #options: AdministrationOptions;

  constructor(options: AdministrationOptions) {
    this.#options = options;
  }

  async push(request: admin.PushToGroupRequest): Promise<admin.PushToGroupResponseInit> {
    const { registry, clock, runners } = this.#options;
    const parsed = parseGroupPush(request);
    if (parsed.group !== undefined) await assertGroup(registry.fleet, parsed.group, 'group');
    if (runners.isFull) throw overloaded();
    const record: GroupPushRecord = {
      id: parseGroupPushId(randomUUID()),
      request: parsed,
      state: 'running',
      reason: '',
      devices: 0,
      allFound: false,
      startedAtMs: clock.wallMs(),
    };
    const { kind, view } = await registry.groupPushes.create(record);
    if (kind === 'created') await this.#takeUp(view.id);
    else if (!isSameRequest(view.request, parsed)) throw alreadyTaken('idempotency_key', `group push ${view.id}`);
    return { groupPush: viewGroupPush(view) };
  }

  async get(request: admin.GetGroupPushRequest): Promise<admin.GetGroupPushResponseInit> {
    return { groupPush: viewGroupPush(await this.find(parseGroupPushId(request.groupPushId))) };
  }

  /** @throws PushfleetError GROUP_PUSH_NOT_FOUND */
  async find(id: GroupPushId): Promise<GroupPushView> {
    const view = await this.#options.registry.groupPushes.get(id);
    if (!view) throw notFound(id);
    return view;
  }

  async list(): Promise<admin.ListGroupPushesResponseInit> {
    const views = await this.#options.registry.groupPushes.list();
    return { groupPushes: views.map(summarizeGroupPush) };
  }

  async listOutcomes(request: admin.ListGroupPushOutcomesRequest): Promise<admin.ListGroupPushOutcomesResponseInit> {
    const id = parseGroupPushId(request.groupPushId);
    const query = parseOutcomeQuery(request);
    await this.find(id);
    // One more than asked for tells whether there is another page.
    const found = await this.#options.registry.groupPushes.outcomes(id, { ...query, limit: query.limit + 1 });
    const page = found.slice(0, query.limit);
    const last = page.at(-1);
    return {
      outcomes: page.map(viewOutcome),
      nextPageToken: found.length > page.length && last ? encodePageToken(last.device) : '',
    };
  }

  pause(request: admin.PauseGroupPushRequest): Promise<admin.PauseGroupPushResponseInit> {
    return this.#setDesiredState(request.groupPushId, 'paused');
  }

  resume(request: admin.ResumeGroupPushRequest): Promise<admin.ResumeGroupPushResponseInit> {
    return this.#setDesiredState(request.groupPushId, 'running');
  }

  cancel(request: admin.CancelGroupPushRequest): Promise<admin.CancelGroupPushResponseInit> {
    return this.#setDesiredState(request.groupPushId, 'cancelled');
  }

  /** Answers once it is so; after a while, where whoever runs it is just being replaced, as it is. */
  async #setDesiredState(asked: string, desiredState: DesiredState): Promise<{ groupPush: admin.GroupPushInit }> {
    const { registry, runners, clock } = this.#options;
    const id = parseGroupPushId(asked);
    let view = await registry.groupPushes.setDesiredState(id, desiredState);
    if (!view) throw notFound(id);
    runners.poke(id);
    const untilMs = clock.now() + patienceMs;
    while (!isFollowed(view) && clock.now() < untilMs) {
      await new Promise<void>((resolve) => clock.after(pollMs, resolve));
      view = await this.find(id);
    }
    return { groupPush: viewGroupPush(view) };
  }

  /** It is in the registry: whatever stands in the way here, it is taken up. */
  async #takeUp(id: GroupPushId): Promise<void> {
    const { runners, logger } = this.#options;
    await runners.takeUp(id).catch((error: unknown) => {
      logger.warn({ err: error, groupPush: id }, 'a group push could not be begun here; it is taken up again');
    });
  }
}

/** The operation as it comes back from where it is kept. */
function isSameRequest(known: GroupPushRequest, asked: GroupPushRequest): boolean {
  const operation = unpackOperation(packOperation(asked.operation));
  return fingerprint(known) === fingerprint({ ...asked, operation });
}

function isFollowed({ desiredState, state, endedAtMs, counts, allFound, devices }: GroupPushView): boolean {
  if (endedAtMs !== undefined || state === 'cancelled' || state === 'aborted') return true;
  switch (desiredState) {
    case 'running':
      return state === 'running';
    case 'paused':
      return state === 'paused' || (allFound && tally(counts).out === devices);
    case 'cancelled':
      return false;
    default:
      return desiredState satisfies never;
  }
}

function notFound(id: GroupPushId): PushfleetError {
  return new PushfleetError('GROUP_PUSH_NOT_FOUND', `there is no group push "${id}", or it is no longer kept`, {
    field: 'group_push_id',
  });
}

function overloaded(): PushfleetError {
  const message = 'as many group pushes as may run on this balancer do; another one may take it';
  return new PushfleetError('OVERLOADED', message, { retryAfterMs: 1_000 });
}

import type { admin, common } from '@pushfleet/protocol';
import type { CommandService } from '@pushfleet/protocol/admin';
import type { CallOptions } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { allItems, eachItem, pageSize, promised, ServiceCalls } from './service-calls.ts';

export interface OutcomeFilter {
  groupPushId: string;
  /** Only devices that stand at one of these. Absent: all. */
  outcomes?: readonly common.Outcome[];
  /** Devices per call, 1 to 1,000. Default 1,000. */
  pageSize?: number;
}

/** Commands for all devices of a group. Every method rejects with a PushfleetError. */
export class GroupPushes {
  readonly #calls: ServiceCalls<InstanceType<typeof CommandService>>;

  constructor(channel: AdminChannel) {
    this.#calls = new ServiceCalls(channel, channel.commands);
  }

  /** Answers once the push is under way; from then on it goes on whatever becomes of this client. */
  async start(request: admin.PushToGroupRequestInit, options: CallOptions = {}): Promise<admin.GroupPush> {
    const { groupPush } = await this.#calls.unary('pushToGroup', request, options);
    return promised(groupPush);
  }

  /** GROUP_PUSH_NOT_FOUND a day after it ended, at the latest. */
  async get(groupPushId: string, options: CallOptions = {}): Promise<admin.GroupPush> {
    const { groupPush } = await this.#calls.unary('getGroupPush', { groupPushId }, options);
    return promised(groupPush);
  }

  /**
   * Yields how the push goes, now and after changes, and ends with it: the last one has `endedAtMs`. Goes on by itself
   * when it is cut off.
   */
  async *watch(groupPushId: string, options: CallOptions = {}): AsyncGenerator<admin.GroupPush, void, undefined> {
    const responses = this.#calls.resumable('watchGroupPush', () => ({ groupPushId }), {
      ...options,
      isLast: ({ groupPush }) => promised(groupPush).endedAtMs > 0,
    });
    for await (const { groupPush } of responses) yield promised(groupPush);
  }

  /** Newest first. */
  async list(options: CallOptions = {}): Promise<admin.GroupPush[]> {
    return allItems(
      (pageToken) => this.#calls.unary('listGroupPushes', { pageSize, pageToken }, options),
      (page) => page.groupPushes,
    );
  }

  /** The outcome of each device, in the order of device ids; a page is asked for when the one before it was taken. */
  outcomes(
    { groupPushId, outcomes = [], pageSize = 1_000 }: OutcomeFilter,
    options: CallOptions = {},
  ): AsyncGenerator<admin.DeviceOutcome, void, undefined> {
    const filter = { groupPushId, outcomes: [...outcomes], pageSize };
    return eachItem(
      (pageToken) => this.#calls.unary('listGroupPushOutcomes', { ...filter, pageToken }, options),
      (page) => page.outcomes,
    );
  }

  /** No more commands go out until `resume`. */
  async pause(groupPushId: string, options: CallOptions = {}): Promise<admin.GroupPush> {
    const { groupPush } = await this.#calls.unary('pauseGroupPush', { groupPushId }, options);
    return promised(groupPush);
  }

  async resume(groupPushId: string, options: CallOptions = {}): Promise<admin.GroupPush> {
    const { groupPush } = await this.#calls.unary('resumeGroupPush', { groupPushId }, options);
    return promised(groupPush);
  }

  /** No more commands go out, and those that are out and have not ended are cancelled. */
  async cancel(groupPushId: string, options: CallOptions = {}): Promise<admin.GroupPush> {
    const { groupPush } = await this.#calls.unary('cancelGroupPush', { groupPushId }, options);
    return promised(groupPush);
  }
}

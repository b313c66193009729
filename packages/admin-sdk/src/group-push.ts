import type { admin, common } from '@pushfleet/protocol';
import { type CallOptions, unary } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { MaintenanceClient } from './maintenance.ts';
import { promised } from './promised.ts';
import { readOn } from './read-on.ts';

export interface OutcomeFilter extends CallOptions {
  /** Only devices that stand at one of these. Absent: all. */
  outcomes?: readonly common.Outcome[];
  /** Devices per call, 1 to 1,000. Default 1,000. */
  pageSize?: number;
}

/** One command for every device of a group. Every method rejects with a PushfleetError. */
export class GroupPushClient extends MaintenanceClient {
  readonly #channel: AdminChannel;

  constructor(channel: AdminChannel) {
    super(channel);
    this.#channel = channel;
  }

  /** Answers once the push is under way; from then on it goes on whatever becomes of this client. */
  async pushToGroup(request: admin.PushToGroupRequestInit, options: CallOptions = {}): Promise<admin.GroupPush> {
    const { commands, metadata } = this.#channel;
    const response = await unary<admin.PushToGroupResponse>(this.#channel, options, (done) =>
      commands.pushToGroup(request, metadata, done),
    );
    return promised(response.groupPush);
  }

  /** GROUP_PUSH_NOT_FOUND a day after it ended, at the latest. */
  async getGroupPush(groupPushId: string, options: CallOptions = {}): Promise<admin.GroupPush> {
    const { commands, metadata } = this.#channel;
    const response = await unary<admin.GetGroupPushResponse>(this.#channel, options, (done) =>
      commands.getGroupPush({ groupPushId }, metadata, done),
    );
    return promised(response.groupPush);
  }

  /**
   * Yields how the push goes, now and after changes, and ends with it: the last one has `endedAtMs`. Goes on by itself
   * when it is cut off.
   */
  async *watchGroupPush(
    groupPushId: string,
    options: CallOptions = {},
  ): AsyncGenerator<admin.GroupPush, void, undefined> {
    const { commands, metadata } = this.#channel;
    const answers = readOn<admin.WatchGroupPushResponse>(this.#channel, {
      open: () => commands.watchGroupPush({ groupPushId }, metadata),
      isLast: ({ groupPush }) => promised(groupPush).endedAtMs > 0,
      signal: options.signal,
    });
    for await (const { groupPush } of answers) yield promised(groupPush);
  }

  /** Newest first. */
  async listGroupPushes(options: CallOptions = {}): Promise<admin.GroupPush[]> {
    const { commands, metadata } = this.#channel;
    const response = await unary<admin.ListGroupPushesResponse>(this.#channel, options, (done) =>
      commands.listGroupPushes({}, metadata, done),
    );
    return response.groupPushes;
  }

  /** Where each device's command stands, in the order of device ids; a page is asked for when the one before it was taken. */
  async *groupPushOutcomes(
    groupPushId: string,
    filter: OutcomeFilter = {},
  ): AsyncGenerator<admin.DeviceOutcome, void, undefined> {
    let pageToken = '';
    do {
      const page = await this.#outcomePage(groupPushId, filter, pageToken);
      yield* page.outcomes;
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
  }

  /** No more commands go out until `resumeGroupPush`. */
  async pauseGroupPush(groupPushId: string, options: CallOptions = {}): Promise<admin.GroupPush> {
    const { commands, metadata } = this.#channel;
    const response = await unary<admin.PauseGroupPushResponse>(this.#channel, options, (done) =>
      commands.pauseGroupPush({ groupPushId }, metadata, done),
    );
    return promised(response.groupPush);
  }

  async resumeGroupPush(groupPushId: string, options: CallOptions = {}): Promise<admin.GroupPush> {
    const { commands, metadata } = this.#channel;
    const response = await unary<admin.ResumeGroupPushResponse>(this.#channel, options, (done) =>
      commands.resumeGroupPush({ groupPushId }, metadata, done),
    );
    return promised(response.groupPush);
  }

  /** No more commands go out, and those that are out and have not ended are cancelled. */
  async cancelGroupPush(groupPushId: string, options: CallOptions = {}): Promise<admin.GroupPush> {
    const { commands, metadata } = this.#channel;
    const response = await unary<admin.CancelGroupPushResponse>(this.#channel, options, (done) =>
      commands.cancelGroupPush({ groupPushId }, metadata, done),
    );
    return promised(response.groupPush);
  }

  #outcomePage(
    groupPushId: string,
    filter: OutcomeFilter,
    pageToken: string,
  ): Promise<admin.ListGroupPushOutcomesResponse> {
    const { commands, metadata } = this.#channel;
    const { outcomes = [], pageSize = 1_000 } = filter;
    return unary<admin.ListGroupPushOutcomesResponse>(this.#channel, filter, (done) =>
      commands.listGroupPushOutcomes({ groupPushId, outcomes: [...outcomes], pageSize, pageToken }, metadata, done),
    );
  }
}

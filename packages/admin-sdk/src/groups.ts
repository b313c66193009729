import type { admin } from '@pushfleet/protocol';
import type { FleetService } from '@pushfleet/protocol/admin';
import { type CallOptions, unlimited } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { allItems, pageSize, promised, ServiceCalls } from './service-calls.ts';

export interface GroupMove {
  path: string;
  /** Must not be there yet. */
  newPath: string;
}

/** Administration groups, by path (`HQ/Floor 2`). Every method rejects with a PushfleetError. */
export class Groups {
  readonly #calls: ServiceCalls<InstanceType<typeof FleetService>>;

  constructor(channel: AdminChannel) {
    this.#calls = new ServiceCalls(channel, channel.fleet);
  }

  /** Creates the group, and those above it, where they are missing. */
  async put(path: string, options: CallOptions = {}): Promise<admin.Group> {
    const { group } = await this.#calls.unary('putGroup', { group: { path } }, options);
    return promised(group);
  }

  async list(options: CallOptions = {}): Promise<admin.Group[]> {
    return allItems(
      (pageToken) => this.#calls.unary('listGroups', { pageSize, pageToken }, options),
      (page) => page.groups,
    );
  }

  /**
   * Moves a group with all below it; answers how many devices went along, once all have. A move that was interrupted is
   * completed by asking again.
   */
  async move({ path, newPath }: GroupMove, options: CallOptions = {}): Promise<number> {
    const { movedDevices } = await this.#calls.unary('moveGroup', { path, newPath }, unlimited(options));
    return movedDevices;
  }

  /** IN_USE where devices, subgroups or scopes use it. */
  async delete(path: string, options: CallOptions = {}): Promise<void> {
    await this.#calls.unary('deleteGroup', { path }, options);
  }
}

import { type admin, type GroupPath, invalidArgument, PushfleetError, parseGroupPath } from '@pushfleet/protocol';
import { type Fleet, type GroupUsers, type MoveRefusal, moveGroup } from '@pushfleet/registry';
import { takePage } from '../net/paging.ts';
import type { Rehoming } from './rehoming.ts';

/** The tree of administration groups. */
export class GroupAdministration {
  readonly #fleet: Fleet;
  readonly #rehoming: Rehoming;

  constructor(fleet: Fleet, rehoming: Rehoming) {
    this.#fleet = fleet;
    this.#rehoming = rehoming;
  }

  async put({ group }: admin.PutGroupRequest): Promise<admin.PutGroupResponseInit> {
    const path = parseGroupPath(group?.path, 'group.path');
    await this.#fleet.putGroup(path);
    return { group: { path } };
  }

  async list(request: admin.ListGroupsRequest): Promise<admin.ListGroupsResponseInit> {
    const { page, nextPageToken } = takePage('groups', await this.#fleet.listGroups(), (path) => path, request);
    const devices = await this.#fleet.countDevices(page);
    return { groups: page.map((path, at) => ({ path, devices: devices[at] ?? 0 })), nextPageToken };
  }

  async move(request: admin.MoveGroupRequest): Promise<admin.MoveGroupResponseInit> {
    const path = parseGroupPath(request.path, 'path');
    const newPath = parseGroupPath(request.newPath, 'new_path');
    if (newPath === path || newPath.startsWith(`${path}/`)) {
      throw invalidArgument('new_path', `outside of the group "${path}" itself`);
    }
    await this.#assertFits(path, newPath);
    const moved = await moveGroup(this.#fleet, path, newPath);
    if (typeof moved !== 'number') throw refusal(moved, path, newPath);
    await this.#rehoming.ofGroup(newPath);
    return { movedDevices: moved };
  }

  async delete(request: admin.DeleteGroupRequest): Promise<admin.DeleteGroupResponseInit> {
    const path = parseGroupPath(request.path, 'path');
    const deleted = await this.#fleet.deleteGroup(path);
    if (deleted === 'absent') throw groupNotFound(path, 'path');
    if (deleted !== 'deleted') {
      throw new PushfleetError('IN_USE', `group "${path}" is in use by ${describeUsers(deleted)}`, { field: 'path' });
    }
    return {};
  }

  /** Refuses a new path under which a subgroup would have one that is too long. */
  async #assertFits(path: GroupPath, newPath: GroupPath): Promise<void> {
    for (const group of await this.#fleet.listGroups()) {
      if (group.startsWith(`${path}/`)) parseGroupPath(`${newPath}${group.slice(path.length)}`, 'new_path');
    }
  }
}

/** @throws PushfleetError GROUP_NOT_FOUND */
export async function assertGroup(fleet: Fleet, path: GroupPath, field: string): Promise<void> {
  if (!(await fleet.hasGroup(path))) throw groupNotFound(path, field);
}

export function groupNotFound(path: GroupPath, field: string): PushfleetError {
  const message = `${field}: there is no group "${path}"; PutGroup creates it`;
  return new PushfleetError('GROUP_NOT_FOUND', message, { field });
}

function refusal(kind: MoveRefusal, path: GroupPath, newPath: GroupPath): PushfleetError {
  switch (kind) {
    case 'absent':
      return new PushfleetError('GROUP_NOT_FOUND', `path: there is no group "${path}"`, { field: 'path' });
    case 'taken':
      return new PushfleetError('ALREADY_EXISTS', `new_path: there is a group "${newPath}" already`, {
        field: 'new_path',
      });
    case 'busy': {
      const message = `path: group "${path}" is being moved to another path; the same MoveGroup again completes that`;
      return new PushfleetError('IN_USE', message, { field: 'path' });
    }
    default:
      throw kind satisfies never;
  }
}

function describeUsers({ subgroups, distributionPoints, devices }: GroupUsers): string {
  const parts = [
    ['subgroups', subgroups],
    ['scopes of distribution points', distributionPoints],
    ['devices', devices],
  ] as const;
  return parts
    .filter(([, users]) => users.length > 0)
    .map(([noun, users]) => `${noun} (such as ${users.map((user) => `"${user}"`).join(', ')})`)
    .join(' and ');
}

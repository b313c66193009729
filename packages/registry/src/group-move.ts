import type { DeviceId, GroupPath } from '@pushfleet/protocol';
import type { Device, Fleet, GroupMoveStart } from './fleet.ts';

const batch = 256;

/**
 * Moves a group with all below it, devices included, to a path that is not there yet. Answers how many devices it has
 * moved, or why it did not begin.
 *
 * Each step may be taken twice, and the begun move is kept until the last one: a move that was interrupted is
 * completed by asking again. Scopes name both paths while devices are between them, so that nobody is out of scope. New
 * devices may still be put into the old group until it is removed; the second look finds them.
 */
export async function moveGroup(fleet: Fleet, path: GroupPath, newPath: GroupPath): Promise<number | MoveRefusal> {
  const start = await fleet.beginGroupMove(path, newPath);
  if (start !== 'begun') return start;
  await rewriteScopes(fleet, (group) => (isWithin(group, path) ? [group, movedPath(group, path, newPath)] : [group]));
  let moved = await moveDevices(fleet, path, newPath);
  await rewriteScopes(fleet, (group) => (isWithin(group, path) ? [movedPath(group, path, newPath)] : [group]));
  await fleet.removeGroupTree(path);
  moved += await moveDevices(fleet, path, newPath);
  await fleet.endGroupMove(path);
  return moved;
}

export type MoveRefusal = Exclude<GroupMoveStart, 'begun'>;

async function moveDevices(fleet: Fleet, path: GroupPath, newPath: GroupPath): Promise<number> {
  let moved = 0;
  let page: Device[];
  let after: DeviceId | undefined;
  do {
    page = await fleet.listDevices({ group: path, includeSubgroups: true, limit: batch, ...(after && { after }) });
    const done = await Promise.all(page.map(({ id, group }) => fleet.moveDevice(id, movedPath(group, path, newPath))));
    moved += done.filter(Boolean).length;
    after = page.at(-1)?.id;
  } while (page.length === batch);
  return moved;
}

async function rewriteScopes(fleet: Fleet, rewrite: (group: GroupPath) => GroupPath[]): Promise<void> {
  for (const { id } of await fleet.listDistributionPoints()) {
    for (;;) {
      const point = await fleet.getDistributionPoint(id);
      if (!point) break;
      const groups = [...new Set(point.groups.flatMap(rewrite))];
      if (JSON.stringify(groups) === JSON.stringify(point.groups)) break;
      if (await fleet.replaceScope(id, point.groups, groups)) break;
    }
  }
}

/** Whether `path` is `group`, or one of its subgroups. */
export function isWithin(path: GroupPath, group: GroupPath): boolean {
  return path === group || path.startsWith(`${group}/`);
}

/** The path that `path`, which is within `from`, has once `from` is at `to`. */
export function movedPath(path: GroupPath, from: GroupPath, to: GroupPath): GroupPath {
  return `${to}${path.slice(from.length)}` as GroupPath;
}

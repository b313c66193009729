import type { GroupPath } from '@pushfleet/protocol';

/** Whether `path` is `group`, or one of its subgroups. */
export function isWithin(path: GroupPath, group: GroupPath): boolean {
  return path === group || path.startsWith(`${group}/`);
}

/** Where `path`, which is within `from`, is once `from` is at `to`. */
export function movedPath(path: GroupPath, from: GroupPath, to: GroupPath): GroupPath {
  return `${to}${path.slice(from.length)}` as GroupPath;
}

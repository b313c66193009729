/** A group with those below it. */
export interface GroupNode {
  /** Its path; lists of components are keyed by it. */
  id: string;
  /** Last part of the path; of a group whose parent is not shown, the whole path. */
  name: string;
  children: GroupNode[];
}

/** The groups as a tree, in the order of their names. Where a parent is not among them, its children stand at the top. */
export function toTree(paths: readonly string[]): GroupNode[] {
  const nodes = new Map<string, GroupNode>();
  const roots: GroupNode[] = [];
  for (const path of paths.toSorted((one, other) => one.localeCompare(other))) {
    const parent = nodes.get(parentOf(path));
    const node = { id: path, name: parent ? path.slice(parent.id.length + 1) : path, children: [] };
    nodes.set(path, node);
    (parent?.children ?? roots).push(node);
  }
  return roots;
}

/** The paths of the groups above these, which a tree opens to show them. */
export function ancestorsOf(paths: Iterable<string>): string[] {
  const found = new Set<string>();
  for (const path of paths) {
    for (let above = parentOf(path); above !== ''; above = parentOf(above)) found.add(above);
  }
  return [...found];
}

/** True where the group is one of these or below one. */
export function isInScope(path: string, scope: readonly string[]): boolean {
  return scope.some((one) => path === one || path.startsWith(`${one}/`));
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

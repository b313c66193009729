import { readFileSync } from 'node:fs';

/** The fields of V8's heap snapshots that are read here. */
interface HeapSnapshot {
  snapshot: { meta: { node_fields: string[]; node_types: [string[]] } };
  nodes: number[];
  strings: string[];
}

/** Bytes and objects of one class. */
export interface HeapClass {
  bytes: number;
  count: number;
}

const unnamed = new Set(['string', 'concatenated string', 'sliced string', 'number', 'code', 'object shape']);

/** Bytes and objects of a heap snapshot by class: the constructor's name, or V8's own word for what has none. */
export function readHeapClasses(file: string): Map<string, HeapClass> {
  const { snapshot, nodes, strings } = JSON.parse(readFileSync(file, 'utf8')) as HeapSnapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [typeAt, nameAt, sizeAt] = ['type', 'name', 'self_size'].map((name) => fields.indexOf(name)) as [
    number,
    number,
    number,
  ];
  const classes = new Map<string, HeapClass>();
  for (let at = 0; at < nodes.length; at += fields.length) {
    const type = types[0][nodes[at + typeAt] as number] as string;
    const name = unnamed.has(type) ? type : `${type} ${strings[nodes[at + nameAt] as number]}`;
    const found = classes.get(name) ?? { bytes: 0, count: 0 };
    found.bytes += nodes[at + sizeAt] as number;
    found.count += 1;
    classes.set(name, found);
  }
  return classes;
}

/** How much more there is after than before, the largest first. */
export function growthOf(before: ReadonlyMap<string, HeapClass>, after: ReadonlyMap<string, HeapClass>) {
  const none: HeapClass = { bytes: 0, count: 0 };
  return [...after]
    .map(([name, { bytes, count }]) => {
      const was = before.get(name) ?? none;
      return { name, bytes: bytes - was.bytes, count: count - was.count };
    })
    .sort((one, other) => other.bytes - one.bytes);
}

import { type Frame, nameOfFrame } from './cpu-profile.ts';

/** A sampling heap profile as Node.js' inspector writes it; each node says the bytes that its function allocated itself. */
export interface AllocationProfile {
  head: AllocationNode;
}

interface AllocationNode {
  callFrame: Frame;
  selfSize: number;
  children: AllocationNode[];
}

/** Bytes allocated by each function, the most first. */
export function bytesOfFunctions({ head }: AllocationProfile): [name: string, bytes: number][] {
  const bytes = new Map<string, number>();
  const nodes = [head];
  for (let node = nodes.pop(); node; node = nodes.pop()) {
    const name = nameOfFrame(node.callFrame);
    bytes.set(name, (bytes.get(name) ?? 0) + node.selfSize);
    nodes.push(...node.children);
  }
  return [...bytes].sort(([, one], [, other]) => other - one);
}

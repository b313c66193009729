import type { admin } from '@pushfleet/protocol';

/** `certificate expired`; null: it has none. A newer balancer may know of ones that this program has no word for. */
export function problemName({ problem }: Pick<admin.Node, 'problem'>): string | null {
  if (problem === 'NODE_PROBLEM_UNSPECIFIED') return null;
  return wordsOf(problem, 'NODE_PROBLEM_');
}

/** `ready`, `unreachable`, … */
export function statusName({ status }: Pick<admin.Node, 'status'>): string {
  return wordsOf(status, 'NODE_STATUS_');
}

/** In words, with what is wrong: `unreachable, certificate expired: its certificate …`. */
export function describeStatus(node: admin.Node | undefined): string {
  if (!node) return 'it is not listed any more';
  const problem = problemName(node);
  const detail = node.problemDetail === '' ? '' : `: ${node.problemDetail}`;
  return problem === null ? statusName(node) : `${statusName(node)}, ${problem}${detail}`;
}

function wordsOf(name: string | number, prefix: string): string {
  return typeof name === 'string' ? name.slice(prefix.length).toLowerCase().replaceAll('_', ' ') : `unknown (${name})`;
}

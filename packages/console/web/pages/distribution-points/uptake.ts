import type { Node } from '../../api/messages.ts';
import { nodeWords, problemText } from '../../app/node-words.ts';
import type { Tone } from '../../components/status-badge.tsx';
import type { Settings } from './settings.ts';

/** Progress of the real state towards the wanted one. */
export type Uptake =
  | { kind: 'waiting'; tone: Tone; text: string }
  | { kind: 'done'; text: string }
  | { kind: 'port-in-use'; text: string }
  | { kind: 'failed'; text: string }
  | { kind: 'no-host' };

/** @param node The push server as it is seen now; `undefined`: it was never seen */
export function uptakeOf(node: Node | undefined, wanted: Settings): Uptake {
  if (!wanted.enabled) return disablingOf(node);
  if (node === undefined || node.status === 'NODE_STATUS_DEAD') return { kind: 'no-host' };
  if (node.problem === 'NODE_PROBLEM_PORT_IN_USE' && isAbout(node, wanted.port)) {
    return { kind: 'port-in-use', text: `Port ${wanted.port} is in use on that host by another program.` };
  }
  const { label, tone } = nodeWords(node, true);
  if (node.port !== wanted.port || node.address !== wanted.address) {
    return { kind: 'waiting', tone: 'busy', text: 'The push server takes up the settings …' };
  }
  if (node.status === 'NODE_STATUS_READY') return { kind: 'done', text: 'The push server is enabled.' };
  const isFailed = node.status === 'NODE_STATUS_FAILED' || node.status === 'NODE_STATUS_UNREACHABLE';
  return isFailed
    ? { kind: 'failed', text: problemText(node) || label }
    : { kind: 'waiting', tone, text: `${label} …` };
}

function disablingOf(node: Node | undefined): Uptake {
  if (node === undefined) return { kind: 'done', text: 'Saved.' };
  const isOff = node.status === 'NODE_STATUS_DISABLED' || node.status === 'NODE_STATUS_DEAD';
  if (isOff) return { kind: 'done', text: 'The push server is disabled.' };
  const { label, tone } = nodeWords(node, false);
  return { kind: 'waiting', tone, text: `${label} …` };
}

/** True where the problem is about this port: what is said may still be about the one before. */
function isAbout({ port, problemDetail }: Node, wanted: number): boolean {
  const named = problemDetail.match(/\d+/g);
  return named === null ? port === wanted || port === 0 : named.includes(String(wanted));
}

import type { Node, NodeProblem, NodeStatus } from '../api/messages.ts';
import type { Tone } from '../components/status-badge.tsx';
import { formatEnum } from './format.ts';

const statusTones: Readonly<Record<NodeStatus, Tone>> = {
  NODE_STATUS_UNSPECIFIED: 'none',
  NODE_STATUS_STARTING: 'busy',
  NODE_STATUS_READY: 'good',
  NODE_STATUS_DRAINING: 'busy',
  NODE_STATUS_SUSPECT: 'warn',
  NODE_STATUS_DEAD: 'bad',
  NODE_STATUS_DISABLED: 'none',
  NODE_STATUS_FAILED: 'bad',
  NODE_STATUS_UNREACHABLE: 'warn',
  NODE_STATUS_OVERLOADED: 'warn',
};

export interface NodeWords {
  label: string;
  tone: Tone;
}

/** The observed state of a push server. @param node `undefined`: no host with this id has ever said that it is there. */
export function nodeWords(node: Pick<Node, 'status' | 'problem'> | undefined, isWanted: boolean): NodeWords {
  if (node === undefined || node.status === 'NODE_STATUS_UNSPECIFIED') {
    return isWanted ? { label: 'Not seen', tone: 'warn' } : { label: 'Off', tone: 'none' };
  }
  if (node.problem === 'NODE_PROBLEM_PORT_IN_USE') return { label: 'Port in use', tone: 'bad' };
  return { label: formatEnum(node.status, 'NODE_STATUS'), tone: statusTones[node.status] };
}

/** A problem in words; empty: there is none. */
export function problemText({ problem, problemDetail }: Pick<Node, 'problem' | 'problemDetail'>): string {
  if (problem === 'NODE_PROBLEM_UNSPECIFIED') return '';
  const label = problemLabel(problem);
  return problemDetail === '' ? label : `${label}: ${problemDetail}`;
}

function problemLabel(problem: NodeProblem): string {
  return formatEnum(problem, 'NODE_PROBLEM');
}

import { type Finding, ok, problem, skipped, warning } from './finding.ts';

export type AdminApi =
  | { kind: 'reached'; address: string; token: { name: string; role: string }; nodes: readonly NodeStanding[] }
  | { kind: 'failed'; address: string; words: string }
  /** There is no token here, or no CA. */
  | { kind: 'unequipped'; words: string };

/** A push server in the words of `pushfleet nodes`. */
export interface NodeStanding {
  nodeId: string;
  status: string;
  problem: string | null;
}

/** Judges the way from here to the admin API, and what balancers say of the push servers. */
export function checkAdminApi(api: AdminApi, isOnlyClient: boolean): Finding[] {
  const check = 'admin API';
  switch (api.kind) {
    case 'unequipped': {
      const change =
        'copy ca.crt and admin-token of the cluster here, and name them in PUSHFLEET_CA_FILE and PUSHFLEET_ADMIN_TOKEN_FILE';
      return [isOnlyClient ? problem(check, api.words, change) : skipped(check, api.words)];
    }
    case 'failed': {
      const change = `set PUSHFLEET_ADMIN_ADDRESS to a balancer that runs (it is ${api.address}), or start one: pushfleet balancer`;
      return [(isOnlyClient ? problem : warning)(check, api.words, change)];
    }
    case 'reached': {
      const reached = ok(check, `${api.address} takes the token "${api.token.name}", role ${api.token.role}`);
      return [reached, checkPushServers(api.nodes)];
    }
    default:
      return api satisfies never;
  }
}

const page = 'docs/operations.md#push-servers-that-do-not-work';

function checkPushServers(nodes: readonly NodeStanding[]): Finding {
  const check = 'push servers';
  if (nodes.length === 0) {
    const change =
      'PUSHFLEET_DISTRIBUTION_POINT=<id> pushfleet push-server on a distribution point; pushfleet dp lists them';
    return warning(check, 'none is registered: no device can connect', change);
  }
  const bad = nodes.filter(({ status, problem: wrong }) => wrong !== null || !['ready', 'disabled'].includes(status));
  if (bad.length === 0) return ok(check, `${nodes.length}: ${nodes.map(({ nodeId }) => nodeId).join(', ')}`);
  const meaning = bad
    .map(({ nodeId, status, problem: wrong }) => `${nodeId} ${status}${wrong === null ? '' : `, ${wrong}`}`)
    .join('; ');
  const works = nodes.some(({ status }) => status === 'ready');
  return (works ? warning : problem)(check, meaning, `pushfleet nodes shows them; ${page} says what to do for each`);
}

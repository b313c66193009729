import type { HeartbeatVerdict, RegistryPosition } from '../nodes.ts';

/** `changes` of the server count in this process; `at` is the position as the scripts say it. */
export function encodePosition(changes: number, at: string): RegistryPosition {
  return `${changes} ${at}`;
}

export function decodePosition(position: RegistryPosition = ''): { changes: number | undefined; at: string } {
  const [, changes, at = ''] = /^(\d+) (.*)$/.exec(position) ?? [];
  return { changes: changes === undefined ? undefined : Number(changes), at };
}

/** The answer of a script, which cannot know that another server has answered since the position `known`. */
export function toAnswer<Verdict extends HeartbeatVerdict>(
  [verdict, at]: [Verdict, string],
  changes: number,
  known: RegistryPosition | undefined,
): { verdict: Verdict | 'restarted'; position: RegistryPosition } {
  const before = decodePosition(known).changes ?? changes;
  const mayLack = changes > before && (verdict === 'ok' || verdict === 'struck-off');
  return { verdict: mayLack ? 'restarted' : verdict, position: encodePosition(changes, at) };
}

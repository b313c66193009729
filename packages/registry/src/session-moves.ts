import type { DeviceLinkKind, NodeId } from '@pushfleet/protocol';

/** One change of where a device is connected. */
export interface SessionMove {
  /** `moved`: from a link that was still up on another worker. */
  kind: 'connected' | 'moved' | 'disconnected';
  /** Milliseconds since the Unix epoch, by the registry's clock. */
  atMs: number;
  /** The push server that it came to, or left. */
  nodeId: NodeId;
  link: DeviceLinkKind;
  /**
   * The name of a close reason, of `disconnected`; `nodeDead`: its worker was taken for dead. Of `connected` `sessionAsserted`: its
   * worker had it all the time, and the registry had lost it or given it up. Else empty.
   */
  reason: string;
}

/** How many moves are kept of a device. */
export const rememberedMoves = 20;

/** Encoded moves with one more, as both registries keep them with the session: a line each, the newest first. */
export function addMove(moves: string, { kind, atMs, nodeId, link, reason }: SessionMove): string {
  const kept = moves === '' ? [] : moves.split('\n', rememberedMoves - 1);
  return [`${kind} ${atMs} ${nodeId} ${link} ${reason}`, ...kept].join('\n');
}

export function decodeMoves(moves: string): SessionMove[] {
  if (moves === '') return [];
  return moves.split('\n').map((line) => {
    const [kind, atMs, nodeId, link, reason = ''] = line.split(' ');
    return { kind, atMs: Number(atMs), nodeId, link, reason } as SessionMove;
  });
}

import type { DoorBounds } from './front-door.ts';

export interface FileShare {
  /** How many files the process may have open. */
  fileLimit: number;
  /** What part of them the connections of one port may take. Those of all ports leave some to the process itself. */
  share: number;
  /** Wanted; where files are few it is less. */
  strangers: number;
  strangersPerAddress: number;
}

/** What a process needs besides its connections: itself, the registry, logs, connections to others. */
const ownFiles = 40;
const leastConnections = 16;

/** How many connections one port may have, so that a flood of them leaves files to all else that the process does. */
export function boundsUnder({ fileLimit, share, strangers, strangersPerAddress }: FileShare): DoorBounds {
  const connections = Math.max(leastConnections, Math.floor((fileLimit - ownFiles) * share));
  const unknown = Math.min(strangers, Math.floor(connections / 2));
  return { connections, strangers: unknown, strangersPerAddress: Math.min(strangersPerAddress, unknown) };
}

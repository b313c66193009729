import type { Registry } from './registry.ts';

/**
 * All that a push server uses of the registry. Its Redis user is given the rights for this and no others
 * (redis/access-rules.ts), so that whoever steals a push server has no more either.
 */
export const pushServerCalls = {
  nodes: ['register', 'heartbeat', 'retire', 'list'],
  assignments: ['reserve'],
  sessions: ['open', 'assert', 'close', 'find', 'findMany', 'history'],
  commands: ['take', 'updateStatus'],
  fleet: ['getDistributionPoint'],
  ticketKeys: ['list'],
  tlsTicketKeys: ['read', 'replace'],
  revocations: ['list'],
  maintenance: ['get', 'advance'],
  events: ['append'],
} as const;

type Calls = typeof pushServerCalls;

export type PushServerRegistry = {
  readonly [Port in keyof Calls]: Pick<Registry[Port], Extract<Calls[Port][number], keyof Registry[Port]>>;
} & AsyncDisposable;

import type { RegistryFault } from '../registry.ts';

/** Error replies by the code that they begin with; a script's own error may quote one further on, after a "-". */
const replies: Record<string, RegistryFault> = {
  NOREPLICAS: refusesWrites('fewer replicas are connected than min-replicas-to-write asks for (NOREPLICAS)'),
  MISCONF: refusesWrites('it cannot save its data to disk; its log says why (MISCONF)'),
  OOM: refusesWrites('its memory is full up to maxmemory (OOM)'),
  READONLY: refusesWrites('it is a replica, or has just become one (READONLY)'),
  LOADING: away('is still loading its data (LOADING)'),
  MASTERDOWN: away('is a replica without a master (MASTERDOWN)'),
  CLUSTERDOWN: away('is a cluster that is not complete (CLUSTERDOWN)'),
  TRYAGAIN: away('is moving data between its members (TRYAGAIN)'),
  MOVED: away('has moved data between its members, or is a cluster and not named as one (MOVED)'),
  ASK: away('is moving data between its members (ASK)'),
  CROSSSLOT: away('is a cluster, and not named as one (CROSSSLOT)'),
  BUSY: away('is busy with a script (BUSY)'),
  UNKILLABLE: away('is busy with a script (UNKILLABLE)'),
  NOAUTH: away('wants a user and a password (NOAUTH)'),
  WRONGPASS: away('does not know this user or password (WRONGPASS)'),
  NOPERM: away('does not permit this user what is needed; docs/registry.md lists it (NOPERM)'),
  DENIED: away('takes only clients of its own machine (DENIED)'),
};

/** Errors of the server as a whole that have no code of their own. */
const unspecific =
  /^ERR (?:max number of clients|DB index|invalid DB|AUTH|Client sent AUTH|unknown command|Redis|Lua)/i;

const codeForm = new RegExp(`(?:^|-)(${Object.keys(replies).join('|')})\\b`);

/** The fault that an error stands for. An error that is not the server's own is about the way to it. */
export function faultOf(error: unknown): RegistryFault {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return away('does not answer');
  const known = replies[codeForm.exec(error.message)?.[1] ?? ''];
  if (known) return known;
  // Its first word says enough; the rest may quote keys, and stays in the error's cause.
  const refuses = `refuses: ${error.message.split(' ', 1)[0]}`;
  return unspecific.test(error.message) ? away(refuses) : { kind: 'bug', why: refuses };
}

function away(why: string): RegistryFault {
  return { kind: 'away', why };
}

function refusesWrites(why: string): RegistryFault {
  return { kind: 'refuses-writes', why };
}

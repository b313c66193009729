import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { luaPrelude } from './lua-prelude.ts';

/** One atomic operation in Redis; its file says what it takes and returns. */
export interface Script {
  name: string;
  source: string;
  /** By which Redis knows it once it has seen the source. */
  sha1: string;
}

const shared = readLua('reservations');
const writeClock = readLua('write-clock');
const position = readLua('position');
const heartbeatDelta = readLua('heartbeat-delta');
const commands = readLua('commands');
const moves = readLua('session-moves');
const tickets = readLua('tickets');
const generations = `${moves}\n${tickets}\n${readLua('generations')}`;
const tokenGrants = readLua('token-grants');
const enrollmentTokens = readLua('enrollment-tokens');

export const scripts = {
  ping: loadScript('ping', writeClock),
  registerNode: loadScript('register-node', writeClock, position),
  heartbeat: loadScript('heartbeat', writeClock, position, heartbeatDelta),
  retireNode: loadScript('retire-node'),
  setProblem: loadScript('set-problem', heartbeatDelta),
  listNodes: loadScript('list-nodes', writeClock),
  claimBoot: loadScript('claim-boot', writeClock),
  forgetHeldDevices: loadScript('forget-held-devices', heartbeatDelta),
  appendEvents: loadScript('append-events', heartbeatDelta),
  endOfEvents: loadScript('end-of-events'),
  reserve: loadScript('reserve', writeClock),
  openSession: loadScript('open-session', commands, generations),
  assertSession: loadScript('assert-session', commands, generations),
  reapSession: loadScript('reap-session', moves),
  closeSession: loadScript('close-session', moves),
  putCommand: loadScript('put-command', commands, generations),
  restoreCommand: loadScript('restore-command', commands, generations),
  takeCommands: loadScript('take-commands', commands),
  updateStatus: loadScript('update-status', commands),
  cancelCommand: loadScript('cancel-command', commands),
  getCommand: loadScript('get-command', commands),
  listCommands: loadScript('list-commands', commands),
  listEndedCommands: loadScript('list-ended-commands', commands),
  overdueCommands: loadScript('overdue-commands', commands),
  pickCommandedDevices: loadScript('pick-commanded-devices'),
  markCommandedDevices: loadScript('mark-commanded-devices'),
  forgetCommandedDevices: loadScript('forget-commanded-devices'),
  createGroupPush: loadScript('create-group-push'),
  enterGroupPush: loadScript('enter-group-push'),
  forgetGroupPushes: loadScript('forget-group-pushes'),
  advanceGroupPush: loadScript('advance-group-push'),
  setDesiredState: loadScript('set-desired-state'),
  deleteGroup: loadScript('delete-group'),
  beginGroupMove: loadScript('begin-group-move'),
  replaceDistributionPoint: loadScript('replace-distribution-point'),
  indexDevice: loadScript('index-device'),
  writeDevice: loadScript('write-device', commands, generations),
  voidTickets: loadScript('void-tickets', commands, generations),
  copyTickets: loadScript('copy-tickets', tickets),
  unindexDevice: loadScript('unindex-device'),
  publishTicketKey: loadScript('publish-ticket-key', writeClock),
  listTicketKeys: loadScript('list-ticket-keys', writeClock),
  readTlsTicketKeys: loadScript('read-tls-ticket-keys', writeClock),
  replaceTlsTicketKeys: loadScript('replace-tls-ticket-keys', writeClock),
  announceBalancer: loadScript('announce-balancer', writeClock, position),
  listBalancers: loadScript('list-balancers', writeClock),
  holdLease: loadScript('hold-lease', writeClock),
  releaseLease: loadScript('release-lease', writeClock),
  putRebalance: loadScript('put-rebalance'),
  abortRebalance: loadScript('abort-rebalance'),
  requestMaintenance: loadScript('request-maintenance'),
  createApiToken: loadScript('create-api-token'),
  putTokenGrant: loadScript('put-token-grant', writeClock),
  readTokenGrants: loadScript('read-token-grants', writeClock, tokenGrants),
  useTokenGrant: loadScript('use-token-grant', writeClock, tokenGrants),
  endTokenGrant: loadScript('end-token-grant', writeClock, tokenGrants),
  createEnrollmentToken: loadScript('create-enrollment-token'),
  revokeEnrollmentToken: loadScript('revoke-enrollment-token', enrollmentTokens),
  takeEnrollment: loadScript('take-enrollment', enrollmentTokens),
  settleEnrollment: loadScript('settle-enrollment', enrollmentTokens),
  advanceMaintenance: loadScript('advance-maintenance'),
  beginRollingRestart: loadScript('begin-rolling-restart'),
  advanceRollingRestart: loadScript('advance-rolling-restart'),
  setRollingRestartState: loadScript('set-rolling-restart-state'),
} as const;

const timed = new Map<Script, Script>();

/** The script as it takes the time from one more argument, the last one, instead of from the server. */
export function takeTime(script: Script): Script {
  const known = timed.get(script);
  if (known) return known;
  const taking = createScript(script.name, `${readLua('given-time')}\n${script.source}`);
  timed.set(script, taking);
  return taking;
}

function loadScript(name: string, ...more: string[]): Script {
  return createScript(name, [luaPrelude, shared, ...more, readLua(name)].join('\n'));
}

function createScript(name: string, source: string): Script {
  return { name, source, sha1: createHash('sha1').update(source).digest('hex') };
}

function readLua(name: string): string {
  return readFileSync(new URL(`../../lua/${name}.lua`, import.meta.url), 'utf8');
}

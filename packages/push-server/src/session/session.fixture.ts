import {
  type CommandId,
  type Epoch,
  type NodeId,
  parseDeviceId,
  parseGroupPath,
  type device as wire,
} from '@pushfleet/protocol';
import type { SessionRef } from '@pushfleet/registry';
import type { LinkTerms, PushedCommand } from './command.ts';
import * as clock from './on-clock.ts';
import * as cluster from './on-cluster.ts';
import * as link from './on-device.ts';
import { createSession, type Effect, type Session } from './session.ts';

export const deadlines = { greetingMs: 10_000, attachMs: 60_000 };
export const device = parseDeviceId('d1');
export const ticket = { device, group: parseGroupPath('HQ'), nodes: ['n1' as NodeId, 'n2' as NodeId], generation: 7 };
export const epoch = 7 as Epoch;
export const terms: LinkTerms = {
  link: 'grpc',
  silenceLimitMs: 60_000,
  window: 2,
  confirms: true,
  countsPackets: false,
  capabilities: undefined,
};
export const previous = {
  nodeId: 'n2',
  workerId: 'w0',
  bootId: 'b0',
  epoch: 6,
  link: 'mqtt',
  openedAtMs: 0,
} as SessionRef;

/** Calls the function itself with one time for both clocks, as do the two below. */
export function onDevice(session: Session, said: link.DeviceInput, nowMs: number): Effect[] {
  return link.onDevice(session, said, nowMs, nowMs);
}

export function onCluster(session: Session, said: cluster.ClusterInput, nowMs: number): Effect[] {
  return cluster.onCluster(session, said, nowMs, nowMs);
}

export function onClock(session: Session, nowMs: number): readonly Effect[] {
  return clock.onClock(session, nowMs, nowMs);
}

export function hello(attach = true, claimedDevice?: string) {
  return { kind: 'hello', ticket: 't', terms: { ...terms }, attach, claimedDevice } as const;
}

export function command(id: string, more: Partial<PushedCommand> = {}): PushedCommand {
  const operation = { kind: 'forceSync', forceSync: { reason: '' } } as const;
  const base = {
    operation,
    payloadBytes: 100,
    deliverByMs: 1_000,
    finishByMs: 5_000,
    channel: 1,
    redelivered: false,
    isSuspect: false,
  };
  return { ...base, id: id as CommandId, ...more };
}

export function known(): Session {
  const session = createSession(0, deadlines);
  onDevice(session, hello(false), 0);
  onCluster(session, { kind: 'ticket-good', ticket }, 0);
  return session;
}

export function live(changes: Partial<LinkTerms> = {}): Session {
  const session = createSession(0, deadlines);
  onDevice(session, { ...hello(), terms: { ...terms, ...changes } }, 0);
  onCluster(session, { kind: 'ticket-good', ticket }, 0);
  onCluster(session, { kind: 'opened', device, epoch, previous: undefined }, 0);
  return session;
}

export function push(session: Session, pushed: PushedCommand, nowMs = 0): Effect[] {
  return onCluster(session, { kind: 'push', command: pushed }, nowMs);
}

/** Effects in short: what is sent and what is reported of which command. */
export function brief(effects: readonly Effect[]): string[] {
  return effects.map((effect) => {
    if (effect.kind === 'send') {
      const { message } = effect;
      if (message.kind === 'command') return `send command ${message.command.id}`;
      const isAboutOne = message.kind === 'cancel' || message.kind === 'result-received';
      return isAboutOne ? `send ${message.kind} ${message.command}` : `send ${message.kind}`;
    }
    if (effect.kind === 'report') {
      const { report } = effect;
      const detail = report.report === 'unsent' ? ` ${report.unsent.cause}` : '';
      return `report ${report.report}${detail} ${report.commandId} to ${effect.channel}`;
    }
    if (effect.kind === 'end') return `end ${effect.reason}`;
    return effect.kind;
  });
}

export function succeeded(commandId: string): wire.CommandResult {
  const said = { output: Buffer.alloc(0), statistics: null, alreadyEnded: false };
  return { commandId, outcome: 'succeeded', succeeded: said };
}

export function running(commandId: string): wire.CommandResult {
  return { commandId, outcome: 'running', running: { progress: null, statistics: null } };
}

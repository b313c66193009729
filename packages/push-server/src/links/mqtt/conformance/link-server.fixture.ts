import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import {
  type CloseReason,
  type CommandId,
  parseBootId,
  parseDeviceId,
  parseGroupPath,
  parseNodeId,
  parseWorkerId,
} from '@pushfleet/protocol';
import { openRegistry } from '@pushfleet/registry';
import { AttendedClock, Barrier, silentLogger, systemClock } from '@pushfleet/runtime';
import { vi } from 'vitest';
import { ManualClock } from '../../../../../../test/time/manual-clock.ts';
import type { PushedCommand } from '../../../session/command.ts';
import type { RedirectTarget, Report } from '../../../session/session.ts';
import type { TicketVerdict } from '../../../tickets/verifier.ts';
import type { LinkEntry } from '../../link.ts';
import { LinkTable } from '../../link-table.ts';
import { SessionCloser } from '../../session-closer.ts';
import { DelayedAcks } from '../delayed-acks.ts';
import { MqttLink } from '../link.ts';

/** A ticket that is refused for this reason. */
export const badTicket = (reason: CloseReason) => `bad:${reason}`;

/** MQTT links with real sockets, sessions and registry; only tickets are names of devices, and time is turned by hand. */
export async function startLinkServer({ maxKeepAliveMs = 1_200_000, capacity = 10_000 } = {}) {
  const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-mqtt-'));
  const silence = { suspectAfterMs: 60_000, deadAfterMs: 120_000 };
  const registry = await openRegistry({ stateDir, redisUrl: undefined, redisKeyPrefix: 'test', ...silence });
  const self = { nodeId: parseNodeId('dp-1'), workerId: parseWorkerId('w0'), bootId: parseBootId('boot') };
  const turned = new ManualClock();
  const clock = { ...systemClock, now: () => turned.now(), wallMs: () => turned.wallMs() };
  const barrier = new Barrier({ logger: silentLogger });
  const attended = new AttendedClock({ clock: turned, afterReading: (run) => run() });
  const closer = new SessionCloser(registry.sessions, { ...systemClock });
  const reports: { report: Report; from: LinkEntry }[] = [];
  const redirect: { target?: RedirectTarget } = {};
  const waiting: (() => void)[] = [];
  const links = new LinkTable({
    ...{ self, capacity, sessions: registry.sessions, closer, clock, attended, barrier, logger: silentLogger },
    verifyTicket: async (token) => {
      if (token.startsWith('slow-')) await new Promise<void>((resolve) => waiting.push(resolve));
      return judge(token.replace(/^slow-/, ''));
    },
    findRedirectTarget: async () => redirect.target,
    evictFormer: async () => {},
    evict: () => {},
    report: ({ report }, from) => void reports.push({ report, from }),
    onCommandsWaiting: () => {},
  });
  const settings = {
    nodeId: 'dp-1',
    keepAlive: { defaultMs: 60_000, maxMs: maxKeepAliveMs },
    barrier,
    attended,
    acks: new DelayedAcks(systemClock),
    markAuthenticated: () => {},
  };
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    void new MqttLink(socket, settings, (link) => links.accept(link, 0));
  });
  /** A link whose client is a stream in memory. It never reads what it is sent, unless `reads`. */
  const openStream = ({ reads = true } = {}) => {
    const sent: Buffer[] = [];
    const socket = new Duplex({
      read: () => {},
      write: (chunk, _encoding, done) => {
        if (!reads) return;
        sent.push(chunk);
        done();
      },
      final: (done) => void (reads && done()),
    });
    socket.on('error', () => {});
    const link = new MqttLink(socket as Socket, settings, (opened) => links.accept(opened, 0));
    return { socket, link, sent, send: (chunk: Buffer) => void socket.push(chunk) };
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    ...{ port, links, barrier, reports, redirect, clock: turned, openStream },
    /** The tickets that begin with `slow-` are good now. */
    letIn: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
    /** The reports of sessions about the device, in short. */
    reportsOf: (device: string) => reports.filter(({ report }) => report.deviceId === device).map(briefly),
    /** Once its link is live. */
    push: async (device: string, command: Partial<PushedCommand> = {}) => {
      await vi.waitUntil(() => links.epochOf(parseDeviceId(device)) > 0);
      links.push(parseDeviceId(device), { ...forceSync(turned.now()), ...command });
    },
    [Symbol.asyncDispose]: async () => {
      links.closeAll('serverShuttingDown');
      turned.advance(60_000);
      server.close();
      await once(server, 'close');
      await closer[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
      await rm(stateDir, { recursive: true });
    },
  };
}

export type LinkServer = Awaited<ReturnType<typeof startLinkServer>>;

function judge(token: string): TicketVerdict {
  if (token.startsWith('bad:')) return { kind: 'bad', reason: token.slice(4) as CloseReason };
  if (!/^[a-z][a-z0-9-]*$/.test(token)) return { kind: 'bad', reason: 'ticketInvalid' };
  const nodes = [parseNodeId('dp-1')];
  const ticket = { device: parseDeviceId(token), group: parseGroupPath('HQ'), nodes, generation: 0 };
  return { kind: 'good', ticket };
}

function forceSync(nowMs: number): PushedCommand {
  const operation = { kind: 'forceSync', forceSync: { reason: '' } } as const;
  const times = { deliverByMs: nowMs + 10_000, finishByMs: nowMs + 30_000 };
  return {
    id: 'c1' as CommandId,
    operation,
    payloadBytes: 1,
    channel: 1,
    redelivered: false,
    isSuspect: false,
    ...times,
  };
}

function briefly({ report }: { report: Report }): string {
  const detail = report.report === 'result' ? ` ${report.result.outcome}` : '';
  return `${report.report}${detail} ${report.commandId}`;
}

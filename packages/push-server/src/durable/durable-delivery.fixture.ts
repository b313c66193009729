import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import {
  type Capabilities,
  type CloseReason,
  type CommandId,
  durableCommandId,
  isDurable,
  PushfleetError,
  parseBootId,
  parseDeviceId,
  parseGroupPath,
  parseNodeId,
  parseWorkerId,
  type device as wire,
} from '@pushfleet/protocol';
import {
  type Commands,
  type NewCommand,
  openRegistry,
  type StatusUpdate,
  type StatusUpdateResult,
} from '@pushfleet/registry';
import { Barrier, silentLogger } from '@pushfleet/runtime';
import { vi } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import type { OnInput } from '../links/link.ts';
import { LinkTable } from '../links/link-table.ts';
import { SessionCloser } from '../links/session-closer.ts';
import type { ReportTo } from '../session/command.ts';
import type { Report, ToDevice } from '../session/session.ts';
import { DurableDelivery } from './durable-delivery.ts';

const policy = { maxCommands: 10_000, maxBytes: 100_000_000, window: 32, keepEndedMs: 60_000 };
const operation = { kind: 'forceSync', forceSync: { reason: '' } } as const;
export const device = parseDeviceId('d1');

/** A worker's links and its delivery, on a real registry that can be taken away. Reports are kept, and passed to `report`. */
export async function createDeliveryHarness(report: (said: Report, channel: ReportTo) => void = () => {}) {
  const stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-delivery-'));
  const liveness = { suspectAfterMs: 60_000, deadAfterMs: 120_000 };
  const registry = await openRegistry({ stateDir, redisUrl: undefined, redisKeyPrefix: 'test', ...liveness });
  const clock = new ManualClock();
  const commands = new ReachedCommands(registry.commands);
  const closer = new SessionCloser(registry.sessions, clock);
  const reported: { report: Report; channel: ReportTo }[] = [];
  const links: LinkTable = new LinkTable({
    ...{
      self: worker,
      capacity: 10_000,
      sessions: registry.sessions,
      closer,
      clock,
      attended: clock,
      logger: silentLogger,
    },
    barrier: new Barrier({ logger: silentLogger }),
    verifyTicket: async (token) => ({ kind: 'good', ticket: ticketOf(token) }),
    findRedirectTarget: async () => undefined,
    evictFormer: async () => {},
    evict: () => {},
    report: (said, from) => {
      if (isDurable(said.report.commandId as CommandId)) delivery.onReport(said, from);
      else tell(said.report, said.channel);
    },
    onCommandsWaiting: (waiting) => delivery.fetch(waiting),
  });
  const tell = (said: Report, channel: ReportTo) => {
    reported.push({ report: said, channel });
    report(said, channel);
  };
  const traces = { begin: () => {} };
  const delivery: DurableDelivery = new DurableDelivery({
    commands,
    links,
    report: tell,
    traces,
    clock,
    logger: silentLogger,
  });
  return {
    ...{ registry, commands, clock, links, delivery, reported, device },
    /** Reports in short. */
    reports: () =>
      reported.map(({ report: { report: kind, commandId }, channel }) => `${kind} ${commandId} to ${channel}`),
    put: (name: string, more: Partial<NewCommand> = {}) => registry.commands.put(newCommand(name, more), policy),
    /** Without handing it to the session that the device may have. */
    putAside: (name: string) => registry.commands.put(newCommand(name, {}), { ...policy, window: 0 }),
    find: async (name: string, of = device) => (await registry.commands.get(of, durableCommandId(name)))?.status,
    /** A second passes for links and delivery. */
    tick: async () => {
      await clock.turn(1_000);
      links.tick();
      delivery.tick();
    },
    /** The registry loses what it was told of the commands since the copy that this makes. */
    copyCommands: () => {
      using sqlite = new DatabaseSync(join(stateDir, 'registry.sqlite'));
      const rows = sqlite.prepare('SELECT * FROM commands').all();
      return () => goBackTo(join(stateDir, 'registry.sqlite'), rows);
    },
    connect: (terms: Partial<DeviceTerms> = {}, id: string = device) => connect(links, id, terms),
    [Symbol.asyncDispose]: async () => {
      commands.isAway = false;
      await delivery[Symbol.asyncDispose]();
      await closer[Symbol.asyncDispose]();
      await registry[Symbol.asyncDispose]();
      await rm(stateDir, { recursive: true });
    },
  };
}

function goBackTo(file: string, rows: Record<string, SQLOutputValue>[]): void {
  using sqlite = new DatabaseSync(file);
  sqlite.exec('DELETE FROM commands');
  for (const row of rows) {
    const columns = Object.keys(row);
    const values = columns.map(() => '?');
    sqlite.prepare(`INSERT INTO commands (${columns}) VALUES (${values})`).run(...Object.values(row));
  }
}

const failedUpdate: StatusUpdateResult = { verdict: 'failed', status: undefined, more: false };

/** The way to the registry: it may be cut off, and what goes over it is counted. */
export class ReachedCommands implements Pick<Commands, 'updateStatus' | 'take'> {
  isAway = false;
  /** So many answers are lost after the registry has done what it was asked. */
  lostAnswers = 0;
  /** A command that the registry cannot take a update of. */
  poison: CommandId | undefined;
  /** Commands of devices that the registry does not answer for, while it does for others. */
  readonly outOfReach = new Set<CommandId>();
  /** Until it resolves, nobody hears what has been taken. */
  held: Promise<void> | undefined;
  readonly batches: StatusUpdate[][] = [];
  readonly takes = { now: 0, most: 0, all: 0 };
  readonly #commands: Commands;

  constructor(commands: Commands) {
    this.#commands = commands;
  }

  updateStatus: Commands['updateStatus'] = async (updates, window) => {
    this.#reach();
    if (updates.some(({ id }) => id === this.poison)) throw new TypeError('cannot be read');
    const within = updates.filter(({ id }) => !this.outOfReach.has(id));
    if (within.length === 0) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'away');
    const answers = (await this.#commands.updateStatus(within, window)).values();
    const answer = updates.map((update) =>
      within.includes(update) ? (answers.next().value as StatusUpdateResult) : failedUpdate,
    );
    this.batches.push(within);
    this.lostAnswers -= 1;
    if (this.lostAnswers >= 0) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'the answer is lost');
    return answer;
  };

  take: Commands['take'] = async (...args) => {
    this.takes.now += 1;
    this.takes.all += 1;
    this.takes.most = Math.max(this.takes.most, this.takes.now);
    try {
      // Never in the same turn, as over a network.
      await new Promise((resolve) => setImmediate(resolve));
      this.#reach();
      const taken = await this.#commands.take(...args);
      await this.held;
      return taken;
    } finally {
      this.takes.now -= 1;
    }
  };

  /** The status updates that were written, in short. */
  get written(): string[] {
    return this.batches.flat().map(({ kind, id }) => `${kind} ${id}`);
  }

  #reach(): void {
    if (this.isAway) throw new PushfleetError('REGISTRY_UNAVAILABLE', 'away');
  }
}

export const worker = {
  nodeId: parseNodeId('dp-1'),
  workerId: parseWorkerId('w0'),
  bootId: parseBootId('boot-w0'),
};

interface DeviceTerms {
  window: number;
  capabilities: Capabilities;
}

/** A device with a live link. */
export async function connect(links: LinkTable, id: string, terms: Partial<DeviceTerms>) {
  const received: ToDevice[] = [];
  const listen: OnInput = links.accept(
    { kind: 'grpc', remote: 'test', bufferedBytes: 0, send: (message) => void received.push(message), end: () => {} },
    13_295,
  );
  const base = {
    link: 'grpc',
    silenceLimitMs: 3_600_000,
    window: 32,
    confirms: true,
    countsPackets: false,
    capabilities: undefined,
  } as const;
  listen({ kind: 'hello', ticket: id, terms: { ...base, ...terms }, attach: true });
  await vi.waitUntil(() => received.some(({ kind }) => kind === 'attached'));
  const end = (reason: CloseReason) => listen({ kind: 'fault', reason });
  return {
    /** The messages about commands that it was sent, in short. */
    seen: () => received.flatMap(inShort),
    confirmDirect: (id: string) => listen({ kind: 'delivered', command: id as CommandId }),
    confirm: (command: string) => listen({ kind: 'delivered', command: durableCommandId(command) }),
    running: (command: string, percent: number) =>
      listen({ kind: 'result', result: runningResult(durableCommandId(command), percent) }),
    succeed: (command: string) => listen({ kind: 'result', result: succeededResult(durableCommandId(command)) }),
    cancelled: (command: string) =>
      listen({
        kind: 'result',
        result: { commandId: durableCommandId(command), outcome: 'cancelled', cancelled: { reason: 'asked to' } },
      }),
    lose: () => end('linkLost'),
    end,
  };
}

function inShort(message: ToDevice): string[] {
  if (message.kind === 'command') return [`${message.command.redelivered ? 'again' : 'command'} ${message.command.id}`];
  return message.kind === 'cancel' || message.kind === 'result-received' ? [`${message.kind} ${message.command}`] : [];
}

function runningResult(commandId: CommandId, percent: number): wire.CommandResult {
  return { commandId, outcome: 'running', running: { progress: { percent, message: '' }, statistics: null } };
}

function succeededResult(commandId: CommandId): wire.CommandResult {
  const succeeded = { output: Buffer.from('done'), statistics: null, alreadyEnded: false };
  return { commandId, outcome: 'succeeded', succeeded };
}

function newCommand(name: string, more: Partial<NewCommand>): NewCommand {
  const keys = { collapseKey: '', idempotencyKey: '', fingerprint: '' };
  const base = { device, operation, priority: 'normal', ttlMs: 60_000, finishWithinMs: 120_000, ...keys } as const;
  return { ...base, id: durableCommandId(name), ...more };
}

function ticketOf(id: string) {
  return { device: parseDeviceId(id), group: parseGroupPath('HQ'), nodes: [worker.nodeId], generation: 0 };
}

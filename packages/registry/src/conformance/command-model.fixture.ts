import { type CommandId, type common, type Epoch, hasEnded } from '@pushfleet/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankOf } from '../command-state.ts';
import type { NewCommand, Priority, StatusUpdate } from '../commands.ts';
import type { Registry } from '../registry.ts';
import { newCommand, policy } from './command-samples.fixture.ts';
import { deviceId, openSession, workerRef } from './samples.fixture.ts';
import type { CreateStore } from './store.fixture.ts';

type Step =
  | { kind: 'put'; priority: Priority; collapse: boolean }
  | { kind: 'take'; limit: number; late: boolean }
  | { kind: 'update'; which: number; update: 'delivered' | 'running' | 'succeeded' | 'failed' | 'released' }
  | { kind: 'fail'; which: number; late: boolean; alone: boolean; weight: number }
  | { kind: 'cancel'; which: number }
  | { kind: 'open' }
  | { kind: 'close' };

const which = fc.nat({ max: 30 });
const priority = fc.constantFrom<Priority>('high', 'normal', 'low');
const update = fc.constantFrom('delivered', 'running', 'succeeded', 'failed', 'released');
const arbitraryStep = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('put'), priority, collapse: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('take'), limit: fc.integer({ min: 1, max: 4 }), late: fc.boolean() }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('update'), which, update }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fail'),
      which,
      late: fc.boolean(),
      alone: fc.boolean(),
      weight: fc.constantFrom(20, 50, 51),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel'), which }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('open') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('close') }) },
) as fc.Arbitrary<Step>;

const window = 3;
const tight = { ...policy, maxCommands: 6, window };
const urgency: Priority[] = ['high', 'normal', 'low'];

/** The belief about one command; nothing here knows how an adapter keeps it. */
interface Believed {
  command: NewCommand;
  /** In the order of acceptance. */
  place: number;
  outcome: common.Outcome;
  /** That were given it, the last one last, without those that gave it back. */
  epochs: Epoch[];
  /** The last of them has not heard from the device since. */
  open: boolean;
  cancelAsked: boolean;
  /** Sessions that ended upon it. */
  failed: Epoch[];
  failedWeight: number;
}

const failedAndReleased: Step[] = [
  { kind: 'put', priority: 'high', collapse: false },
  { kind: 'open' },
  { kind: 'take', limit: 1, late: false },
  { kind: 'fail', which: 0, late: false, alone: false, weight: 20 },
  { kind: 'update', which: 0, update: 'released' },
  { kind: 'take', limit: 1, late: false },
];

/** One device, one command after the other, against a list in memory. */
export function describeCommandModel(createStore: CreateStore): void {
  describe('commands, for any order of puts, takes, updates, cancels and sessions', () => {
    it('are never lost, sent in order, never more than the window, and end once', async () => {
      await using store = await createStore();
      await using registry = await store.open();
      await fc.assert(
        fc.asyncProperty(fc.array(arbitraryStep, { minLength: 1, maxLength: 40 }), async (steps) => {
          await store.wipe();
          const model = new CommandModel(registry);
          for (const step of steps) {
            await model.perform(step);
            await model.expectSame();
          }
        }),
        {
          numRuns: 150,
          // A command that is given back by the session that had said that its attempt to send it had failed.
          examples: [[failedAndReleased]],
        },
      );
    });
  });
}

class CommandModel {
  readonly #registry: Registry;
  readonly #all = new Map<CommandId, Believed>();
  #epoch = 0 as Epoch;
  #earlier = 0 as Epoch;
  #isOpen = false;

  constructor(registry: Registry) {
    this.#registry = registry;
  }

  async perform(step: Step): Promise<void> {
    switch (step.kind) {
      case 'put':
        return this.#put(step.priority, step.collapse ? 'key' : '');
      case 'take':
        return this.#take(step.late ? this.#earlier : this.#epoch, step.limit);
      case 'update':
        return this.#update(this.#pick(step.which), step.update);
      case 'fail':
        return this.#fail(this.#pick(step.which), step.late ? this.#earlier : this.#epoch, step);
      case 'cancel':
        return this.#cancel(this.#pick(step.which));
      case 'open':
        return this.#open();
      case 'close':
        this.#isOpen = false;
        return void (await this.#registry.sessions.close(deviceId(1), this.#epoch));
      default:
        return step satisfies never;
    }
  }

  /** The registry says of every command what is believed of it, and lists those that have not ended. */
  async expectSame(): Promise<void> {
    const all = [...this.#all.values()];
    const refs = all.map(({ command: { id, device } }) => ({ device, id }));
    const stored = await this.#registry.commands.getMany(refs);
    expect(stored.map((one) => one?.status.outcome)).toEqual(all.map(({ outcome }) => outcome));
    expect(stored.map((one) => one?.status.cancelRequested ?? false)).toEqual(all.map((one) => one.cancelAsked));
    const listed = await this.#registry.commands.list(deviceId(1));
    const unended = [...this.#inOrder((one) => isTaken(one)), ...this.#waiting()];
    expect(listed.map(({ id }) => id)).toEqual(unended.map(({ command }) => command.id));
    expect(this.#unconfirmed()).toBeLessThanOrEqual(window);
  }

  async #put(urgent: Priority, collapseKey: string): Promise<void> {
    const command = newCommand(this.#all.size, { priority: urgent, collapseKey });
    const put = await this.#registry.commands.put(command, tight);
    const collapsed = this.#waiting().find((one) => collapseKey !== '' && one.command.collapseKey === collapseKey);
    const others = this.#waiting().filter((one) => one !== collapsed);
    const unended = this.#inOrder((one) => !hasEnded(one.outcome)).length - (collapsed ? 1 : 0);
    if (unended >= tight.maxCommands) {
      const last = others.pop();
      if (!last || rankOfPriority(last) <= urgency.indexOf(urgent)) return expect(put.kind).toBe('full');
      last.outcome = 'OUTCOME_SUPERSEDED';
    }
    if (collapsed) collapsed.outcome = 'OUTCOME_SUPERSEDED';
    const isFirst = others.every((one) => rankOfPriority(one) > urgency.indexOf(urgent));
    const goes = this.#isOpen && isFirst && this.#unconfirmed() < window;
    expect(put.kind).toBe(goes ? 'routed' : 'queued');
    this.#all.set(command.id, {
      command,
      place: this.#all.size,
      outcome: goes ? 'OUTCOME_ROUTED' : 'OUTCOME_QUEUED',
      epochs: goes ? [this.#epoch] : [],
      open: goes,
      cancelAsked: false,
      failed: [],
      failedWeight: 0,
    });
  }

  async #take(epoch: Epoch, limit: number): Promise<void> {
    const { commands, more } = await this.#registry.commands.take(deviceId(1), epoch, window, limit);
    const isCurrent = this.#epoch === 0 || (epoch === this.#epoch && this.#isOpen);
    if (!isCurrent) return expect(commands).toEqual([]);
    const again = this.#inOrder((one) => isTaken(one) && one.epochs.at(-1) !== epoch);
    const first = again.filter(({ failed }) => failed.length === 0);
    const last = again.filter(({ failed }) => failed.length > 0).sort((a, b) => a.failedWeight - b.failedWeight);
    const room = Math.max(0, Math.min(window - this.#unconfirmed(), limit - first.length));
    const expected = [...first, ...this.#waiting().slice(0, room), ...last].slice(0, limit);
    const isLeft = again.some((one) => !expected.includes(one));
    expect(commands.map(({ id }) => id)).toEqual(expected.map(({ command }) => command.id));
    for (const [index, one] of expected.entries()) {
      if (one.outcome === 'OUTCOME_QUEUED') one.outcome = 'OUTCOME_ROUTED';
      expect(commands[index]).toMatchObject({
        redelivered: one.epochs.length > 0,
        cancelRequested: one.cancelAsked,
        failedBefore: one.failed.length > 0,
      });
      one.epochs.push(epoch);
      one.open = true;
    }
    const hasRoom = this.#unconfirmed() < window && this.#waiting().length > 0;
    expect(more).toBe(isLeft || hasRoom);
  }

  async #update(one: Believed | undefined, what: (Step & { kind: 'update' })['update']): Promise<void> {
    if (!one) return;
    const [applied] = await this.#registry.commands.updateStatus([toUpdate(one, what, this.#epoch)], window);
    const before = one.outcome;
    const isNew = what === 'released' ? this.#release(one) : climb(one, what);
    expect([before, what, applied?.verdict]).toEqual([before, what, isNew ? 'applied' : 'stale']);
    const isSaid = !isNew || what === 'released';
    expect(applied?.status?.outcome).toBe(isSaid ? one.outcome : undefined);
    const isToBeTaken = isNew && what === 'released' && isTaken(one);
    expect(applied?.more).toBe(isToBeTaken || (this.#unconfirmed() < window && this.#waiting().length > 0));
  }

  #release(one: Believed): boolean {
    if (!isTaken(one) || one.epochs.at(-1) !== this.#epoch || !one.open) return false;
    // What others may have sent stays what it is, and goes to whoever takes next.
    if (one.epochs.length > 1) {
      one.epochs.push(0 as Epoch);
      return true;
    }
    Object.assign(one, { epochs: [], open: false, failed: [], failedWeight: 0 });
    const newer = this.#waiting().some(({ command }) => isSameKey(command, one.command));
    const waits = newer ? 'OUTCOME_SUPERSEDED' : 'OUTCOME_QUEUED';
    one.outcome = one.cancelAsked ? 'OUTCOME_CANCELLED' : waits;
    return true;
  }

  async #fail(one: Believed | undefined, epoch: Epoch, { alone, weight }: Step & { kind: 'fail' }): Promise<void> {
    if (!one || epoch === 0) return;
    const { device, id } = one.command;
    const update = { device, id, kind: 'attempt-failed', epoch, weight, alone, reason: '' } as const;
    const [applied] = await this.#registry.commands.updateStatus([update], window);
    const hasMovedOn = (one.epochs.at(-1) ?? 0) > epoch && !one.open;
    const isNew = isTaken(one) && !hasMovedOn && epoch > (one.failed.at(-1) ?? 0);
    expect(applied?.verdict).toBe(isNew ? 'applied' : 'stale');
    if (!isNew) return;
    one.failed.push(epoch);
    one.failedWeight += weight;
    if (alone && one.failedWeight >= 100) {
      one.outcome = one.outcome === 'OUTCOME_ROUTED' ? 'OUTCOME_REJECTED' : 'OUTCOME_UNKNOWN';
    }
    expect(applied?.status?.outcome).toBe(one.outcome);
  }

  async #cancel(one: Believed | undefined): Promise<void> {
    if (!one) return;
    const { kind } = await this.#registry.commands.cancel(deviceId(1), one.command.id, '');
    if (hasEnded(one.outcome)) return expect(kind).toBe('ended');
    const waits = one.outcome === 'OUTCOME_QUEUED';
    expect(kind).toBe(waits ? 'cancelled' : 'asked');
    if (waits) one.outcome = 'OUTCOME_CANCELLED';
    else one.cancelAsked = true;
  }

  async #open(): Promise<void> {
    const opened = await openSession(this.#registry, deviceId(1), workerRef('dp-1'), 'mqtt');
    expect(opened.hasCommands).toBe(this.#inOrder((one) => !hasEnded(one.outcome)).length > 0);
    this.#earlier = this.#epoch;
    this.#epoch = opened.epoch;
    this.#isOpen = true;
  }

  #pick(index: number): Believed | undefined {
    return [...this.#all.values()][index % Math.max(1, this.#all.size)];
  }

  #inOrder(filter: (one: Believed) => boolean): Believed[] {
    const found = [...this.#all.values()].filter(filter);
    return found.sort((a, b) => rankOfPriority(a) - rankOfPriority(b) || a.place - b.place);
  }

  #waiting(): Believed[] {
    return this.#inOrder(({ outcome }) => outcome === 'OUTCOME_QUEUED');
  }

  /** How many of these are in the window. */
  #unconfirmed(): number {
    return this.#inOrder(({ outcome, failed }) => outcome === 'OUTCOME_ROUTED' && failed.length === 0).length;
  }
}

function climb(one: Believed, what: 'delivered' | 'running' | 'succeeded' | 'failed'): boolean {
  const outcome = reached[what];
  if (hasEnded(one.outcome)) return false;
  one.open = false;
  if (rankOf(outcome) < rankOf(one.outcome) || (what === 'delivered' && outcome === one.outcome)) return false;
  // A device may confirm what its session gave back: it has it, whoever may believe otherwise.
  if (one.outcome === 'OUTCOME_QUEUED') one.epochs.push(0 as Epoch);
  one.outcome = outcome;
  return true;
}

const reached = {
  delivered: 'OUTCOME_DELIVERED',
  running: 'OUTCOME_RUNNING',
  succeeded: 'OUTCOME_SUCCEEDED',
  failed: 'OUTCOME_FAILED',
} as const satisfies Record<string, common.Outcome>;

function toUpdate(
  { command: { device, id } }: Believed,
  what: (Step & { kind: 'update' })['update'],
  epoch: Epoch,
): StatusUpdate {
  if (what === 'released') return { device, id, kind: 'released', epoch };
  if (what === 'delivered' || what === 'running') return { device, id, kind: what };
  return { device, id, kind: 'ended', outcome: reached[what], reason: '' };
}

function isTaken({ outcome }: Believed): boolean {
  return outcome !== 'OUTCOME_QUEUED' && !hasEnded(outcome);
}

function rankOfPriority({ command }: Believed): number {
  return urgency.indexOf(command.priority);
}

function isSameKey(a: NewCommand, b: NewCommand): boolean {
  return a.collapseKey !== '' && a.collapseKey === b.collapseKey;
}

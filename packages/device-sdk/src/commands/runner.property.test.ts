import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CommandStore, StoredCommand } from './log.ts';
import { start } from './runner.fixture.ts';

type Runner = ReturnType<typeof start>;
type Step =
  | { kind: 'command'; nth: number; operation: 'forceSync' | 'runTask' | 'stopTask' }
  | { kind: 'cancel' | 'finish' | 'fail' | 'confirm'; nth: number }
  | { kind: 'cut' | 'restart' };

const nth = fc.nat(5);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('command' as const),
      nth,
      operation: fc.constantFrom('forceSync', 'runTask', 'stopTask'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('cancel', 'finish', 'fail', 'confirm'), nth }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
);

/** Survives the device. Its writes take a turn, as those of a disk do. */
class MemoryStore implements CommandStore {
  readonly commands = new Map<string, StoredCommand>();

  async load() {
    return [...this.commands.values()];
  }

  async begin(id: string) {
    await Promise.resolve();
    this.commands.set(id, { id, ending: 'begun' });
  }

  async end(id: string, ending: Exclude<StoredCommand['ending'], string>) {
    await Promise.resolve();
    this.commands.set(id, { id, ending });
  }
}

/** A device to which anything happens, in any order, and a server that writes down what it says. */
class World {
  readonly store = new MemoryStore();
  readonly sent = new Map<string, () => void>();
  readonly cancelled = new Set<string>();
  readonly runs: string[] = [];
  readonly endings = new Map<string, Set<string>>();
  readonly #open = new Map<string, PromiseWithResolvers<void>>();
  #device: Runner | undefined;

  async boot(): Promise<void> {
    // What the process held is gone: its handlers and what they would have said.
    this.#open.clear();
    this.#device = start({ store: this.store, rememberCommands: 100 });
    const { runner } = this.#device;
    await runner.load();
    for (const name of ['forceSync', 'runTask'] as const) {
      runner.handlers.set(name, (_: unknown, { commandId }: { commandId: string }) => {
        this.runs.push(commandId);
        const end = Promise.withResolvers<void>();
        this.#open.set(commandId, end);
        return end.promise;
      });
    }
  }

  async take(step: Step): Promise<void> {
    const device = this.#device as Runner;
    switch (step.kind) {
      case 'command':
        this.#send(`d-${step.operation}-${step.nth}`, step.operation, `task-${step.nth % 2}`);
        break;
      case 'cancel':
        for (const id of this.#ids(step.nth)) {
          this.cancelled.add(id);
          device.runner.onCancel(id, 'enough');
        }
        break;
      case 'finish':
        for (const id of this.#ids(step.nth)) this.#open.get(id)?.resolve();
        break;
      case 'fail':
        for (const id of this.#ids(step.nth)) this.#open.get(id)?.reject(new Error('broke'));
        break;
      case 'confirm':
        for (const id of this.#ids(step.nth)) device.link.confirm(id);
        break;
      case 'cut':
        this.#reconnect(device);
        break;
      case 'restart':
        await this.#hear();
        await this.boot();
        break;
      default:
        throw new TypeError(step satisfies never);
    }
    await this.#hear();
  }

  /** All that is under way comes to its end; all that was sent is sent once more, as a server does that has heard nothing. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) {
      await this.#hear();
      for (const end of this.#open.values()) end.resolve();
      await this.#hear();
      for (const send of this.sent.values()) send();
    }
    await this.#hear();
  }

  #send(id: string, operation: 'forceSync' | 'runTask' | 'stopTask', taskId: string): void {
    const operations = {
      forceSync: { forceSync: { reason: '' } },
      runTask: { runTask: { taskId, parameters: {} } },
      stopTask: { stopTask: { taskId } },
    };
    const send = () => this.#device?.take(id, operations[operation], { durable: true, finishWithinMs: 0 });
    this.sent.set(id, send);
    send();
  }

  #ids(nth: number): string[] {
    return ['forceSync', 'runTask', 'stopTask'].map((operation) => `d-${operation}-${nth}`);
  }

  #reconnect(device: Runner): void {
    this.#device = { ...device, ...{ link: device.reconnect() } };
    this.#device.results = this.#device.link.results;
  }

  async #hear(): Promise<void> {
    // Handlers, the store and the runner each take a few turns.
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    const { results } = this.#device as Runner;
    while (results.size > 0) {
      const { commandId, outcome, ...rest } = await results.next();
      if (outcome === 'running') continue;
      const endings = this.endings.get(commandId) ?? new Set();
      this.endings.set(commandId, endings.add(JSON.stringify({ outcome, ...rest })));
    }
  }
}

it('runs each command at most once, and says one ending of each, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = new World();
      await world.boot();
      for (const one of steps) await world.take(one);
      await world.settle();
      expect(world.runs.length).toBe(new Set(world.runs).size);
      const reported = new Set([...world.sent.keys(), ...world.cancelled]);
      expect([...world.endings.keys()].toSorted()).toEqual([...reported].toSorted());
      for (const [id, endings] of world.endings) expect([...endings], id).toHaveLength(1);
    }),
    { numRuns: 300 },
  );
});

import { type BootId, type DeviceId, type Epoch, parseBootId, parseWorkerId } from '@pushfleet/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeldDevice, NodeRecord } from '../nodes.ts';
import type { Registry } from '../registry.ts';
import type { WorkerRef } from '../sessions.ts';
import { beat, by, deviceId, nodeId, nodeRecord, openSession, orphanedBoots, register } from './samples.fixture.ts';
import type { CreateStore, TestStore } from './store.fixture.ts';
import { eventually, patientLimits } from './store.fixture.ts';

/** One push server with one worker: what it believes, and what it has not told yet. */
interface ModelWorker {
  at: WorkerRef;
  supervisor: string;
  links: Map<DeviceId, Epoch>;
  arrived: HeldDevice[];
  left: HeldDevice[];
}

type Step =
  | { kind: 'open'; worker: number; device: number }
  /** The link ends; the registry hears of it later. */
  | { kind: 'end'; worker: number; device: number }
  /** One of the messages under way arrives: a goodbye, or that a link is to be closed. */
  | { kind: 'deliver'; which: number }
  | { kind: 'beat'; worker: number }
  | { kind: 'crash'; worker: number }
  /** All are silent for so long that they count as dead; the next heartbeat of each shows that it was not. */
  | { kind: 'fall-silent' }
  /** It was dead for so long that it is taken off the list. */
  | { kind: 'strike-off'; worker: number }
  | { kind: 'assert'; worker: number }
  /** Somebody begins to clean up what is left of the dead, and may stand still over it. */
  | { kind: 'reap' }
  | { kind: 'lose-registry' };

const workerNumber = fc.nat({ max: 2 });
const deviceNumber = fc.nat({ max: 1 });
const arbitraryStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('open'), worker: workerNumber, device: deviceNumber }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end'), worker: workerNumber, device: deviceNumber }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('deliver'), which: fc.nat({ max: 9 }) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('beat'), worker: workerNumber }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash'), worker: workerNumber }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fall-silent') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('strike-off'), worker: workerNumber }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('assert'), worker: workerNumber }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reap') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lose-registry') }) },
) as fc.Arbitrary<Step>;

/** The registry loses the session that took over, is told of the other one anew, and then that one ends. */
const lateEviction: Step[] = [
  { kind: 'open', worker: 0, device: 0 },
  { kind: 'open', worker: 2, device: 0 },
  { kind: 'crash', worker: 2 },
  { kind: 'lose-registry' },
  { kind: 'beat', worker: 0 },
];

/** A worker that was frozen for so long that its session is reaped wakes up, and hears of it before that is done. */
const pause: Step[] = [
  { kind: 'open', worker: 0, device: 0 },
  { kind: 'beat', worker: 0 },
  { kind: 'fall-silent' },
  { kind: 'reap' },
  { kind: 'beat', worker: 0 },
  { kind: 'deliver', which: 0 },
];

/** The same, once it was taken off the list. */
const longPause: Step[] = pause.toSpliced(4, 0, { kind: 'strike-off', worker: 0 });

/** Three workers and two devices against a real registry, every message between them as late as it likes. */
export function describeOwnership(createStore: CreateStore): void {
  describe('sessions, for any order of connects, takeovers, late goodbyes, crashes, pauses and losses of the registry', () => {
    it('have one owner at most, and nobody is left behind once all is told and reaped', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(arbitraryStep, { minLength: 1, maxLength: 30 }), async (steps) => {
          await using store = await createStore();
          await using registry = await store.open();
          const model = new OwnershipModel(store, registry);
          await model.start();
          for (const step of steps) {
            await model.perform(step);
            await model.expectOneOwner();
          }
          await model.settle();
          await model.expectNobodyLeftBehind();
        }),
        { numRuns: 150, examples: [[lateEviction], [pause], [longPause]] },
      );
    });
  });
}

class OwnershipModel {
  readonly #store: TestStore;
  readonly #registry: Registry;
  readonly #workers: ModelWorker[] = [0, 1, 2].map((index) => newWorker(index, 0));
  /** Messages under way. */
  readonly #under: (() => Promise<void>)[] = [];
  readonly #epochs = new Map<DeviceId, Epoch>();
  /** Lives of workers whose sessions somebody reaps, even now perhaps. */
  readonly #reaped = new Set<BootId>();
  #lives = 0;

  constructor(store: TestStore, registry: Registry) {
    this.#store = store;
    this.#registry = registry;
  }

  async start(): Promise<void> {
    for (const worker of this.#workers) await this.#registry.nodes.register(recordOf(worker));
  }

  async perform(step: Step): Promise<void> {
    switch (step.kind) {
      case 'open':
        return this.#open(this.#worker(step.worker), deviceId(step.device));
      case 'end':
        return this.#end(this.#worker(step.worker), deviceId(step.device));
      case 'deliver':
        return this.#deliver(step.which);
      case 'beat':
        return this.#beat(this.#worker(step.worker));
      case 'crash':
        return this.#crash(step.worker);
      case 'fall-silent':
        return this.#store.turn({ idleMs: patientLimits.deadAfterMs });
      case 'strike-off':
        return this.#strikeOff(this.#worker(step.worker));
      case 'assert':
        return this.#assert(this.#worker(step.worker));
      case 'reap':
        return this.#reap();
      case 'lose-registry':
        await this.#store.wipe();
        this.#reaped.clear();
        // No store loses its data and is back within the millisecond of the last epoch.
        return eventually(() => expect(Date.now()).toBeGreaterThan(Math.max(0, ...this.#epochs.values())));
      default:
        return step satisfies never;
    }
  }

  /** No two links of a device have the same epoch, so that the registry's record fits one of them at most. */
  async expectOneOwner(): Promise<void> {
    const sessions = await this.#registry.sessions.findMany([0, 1].map(deviceId));
    for (const [device, session] of sessions) {
      const owners = this.#workers.filter(
        ({ at, links }) => at.bootId === session.bootId && links.get(device) === session.epoch,
      );
      expect(owners.length).toBeLessThanOrEqual(1);
      expect(session.epoch).toBeLessThanOrEqual(this.#epochs.get(device) ?? 0);
    }
  }

  /** All that is under way arrives, everybody beats and asserts, and what the dead left is reaped. */
  async settle(): Promise<void> {
    while (this.#under.length > 0) await this.#deliver(0);
    for (const worker of this.#workers) await this.#beat(worker);
    await this.#reap();
    while (this.#under.length > 0) await this.#deliver(0);
    // Twice: whoever asserted before a later session was asserted learns of it the second time.
    for (const worker of [...this.#workers, ...this.#workers]) await this.#assert(worker);
    while (this.#under.length > 0) await this.#deliver(0);
  }

  async expectNobodyLeftBehind(): Promise<void> {
    const living = new Set(this.#workers.map(({ at }) => at.bootId));
    expect(await orphanedBoots(this.#registry)).toEqual([]);
    for (const device of [0, 1].map(deviceId)) {
      const holders = this.#workers.filter(({ links }) => links.has(device));
      expect(holders.length).toBeLessThanOrEqual(1);
      const session = await this.#registry.sessions.find(device);
      const [holder] = holders;
      if (holder) expect(session).toMatchObject({ ...holder.at, epoch: holder.links.get(device) });
      // A session that a crash took before any heartbeat told of it is void: its boot id is nobody's.
      else expect(session && living.has(session.bootId)).toBeFalsy();
    }
  }

  async #open(worker: ModelWorker, device: DeviceId): Promise<void> {
    const { epoch, previous } = await openSession(this.#registry, device, worker.at, 'mqtt');
    expect(epoch).toBeGreaterThan(this.#epochs.get(device) ?? 0);
    this.#epochs.set(device, epoch);
    worker.links.set(device, epoch);
    tellArrived(worker, device);
    if (previous) this.#under.push(async () => this.#evict(previous.bootId, device, previous.epoch));
  }

  #evict(bootId: BootId, device: DeviceId, epoch: Epoch): void {
    const worker = this.#workers.find(({ at }) => at.bootId === bootId);
    const held = worker?.links.get(device);
    if (!worker || held === undefined || held > epoch) return;
    lose(worker, device);
    // The registry may have lost the newer session, and been told of this one anew.
    this.#close(device, held);
  }

  async #end(worker: ModelWorker, device: DeviceId): Promise<void> {
    const epoch = worker.links.get(device);
    if (epoch === undefined) return;
    lose(worker, device);
    this.#close(device, epoch);
  }

  #close(device: DeviceId, epoch: Epoch): void {
    this.#under.push(async () => void (await this.#registry.sessions.close(device, epoch)));
  }

  async #deliver(which: number): Promise<void> {
    const [message] = this.#under.splice(which % Math.max(1, this.#under.length), 1);
    await message?.();
  }

  async #beat(worker: ModelWorker): Promise<void> {
    const { arrived, left } = worker;
    worker.arrived = [];
    worker.left = [];
    const verdict = await beat(this.#registry, recordOf(worker), { arrived, left, events: [] });
    if (verdict === 'ok') return expect(this.#reaped.has(worker.at.bootId), 'goes on under it').toBe(false);
    if (verdict === 'revived') {
      this.#rise(worker);
      await this.#beat(worker);
    }
    await this.#assert(worker);
  }

  /** Links and unreported changes are gone; the next life has another boot id, and its supervisor says so at once. */
  async #crash(index: number): Promise<void> {
    this.#lives += 1;
    const next = newWorker(index, this.#lives);
    this.#workers[index] = next;
    await register(this.#registry, recordOf(next));
  }

  async #strikeOff(worker: ModelWorker): Promise<void> {
    const { nodeId, bootId } = recordOf(worker);
    const listed = await this.#registry.nodes.list();
    const isDead = listed.some((node) => node.nodeId === nodeId && node.liveness === 'dead');
    if (isDead) await this.#registry.nodes.retire(nodeId, bootId);
  }

  /** Another boot id: somebody may just be reaping what the former one held. */
  #rise(worker: ModelWorker): void {
    this.#lives += 1;
    worker.at = { ...worker.at, bootId: parseBootId(`${worker.at.bootId}-${this.#lives}`) };
  }

  async #assert(worker: ModelWorker): Promise<void> {
    for (const [device, epoch] of worker.links) {
      const verdict = await this.#registry.sessions.assert(device, epoch, worker.at, by('mqtt'));
      // Nobody who has a live link is told that it is over, unless the device has come elsewhere since.
      expect(verdict).toBe((this.#epochs.get(device) ?? 0) > epoch && verdict !== 'ok' ? 'superseded' : 'ok');
      if (verdict === 'superseded') lose(worker, device);
      else tellArrived(worker, device);
    }
  }

  async #reap(): Promise<void> {
    const { nodes } = this.#registry;
    for (const bootId of await orphanedBoots(this.#registry)) {
      if (!(await nodes.claimBoot(bootId))) continue;
      this.#reaped.add(bootId);
      const devices = await nodes.heldDevices(bootId, 100);
      this.#under.push(() => this.#closeHeld(bootId, devices));
    }
  }

  async #closeHeld(bootId: BootId, devices: DeviceId[]): Promise<void> {
    const { nodes, sessions } = this.#registry;
    for (const device of devices) await sessions.reap(device, bootId);
    for (const device of devices) expect((await sessions.find(device))?.bootId).not.toBe(bootId);
    await nodes.forgetHeldDevices(bootId, devices);
  }

  #worker(index: number): ModelWorker {
    return this.#workers[index] as ModelWorker;
  }
}

function newWorker(index: number, life: number): ModelWorker {
  const at = {
    nodeId: nodeId(`dp-${index}`),
    workerId: parseWorkerId('w0'),
    bootId: parseBootId(`boot-${index}-${life}`),
  };
  return { at, supervisor: `supervisor-of-${at.bootId}`, links: new Map(), arrived: [], left: [] };
}

function recordOf({ at, supervisor }: ModelWorker): NodeRecord {
  const record = nodeRecord({ id: at.nodeId, boot: supervisor });
  return { ...record, workers: record.workers.slice(0, 1).map((worker) => ({ ...worker, bootId: at.bootId })) };
}

/** Only the end counts of a device that went and came again. */
function tellArrived(worker: ModelWorker, device: DeviceId): void {
  worker.left = worker.left.filter((held) => held.device !== device);
  worker.arrived.push({ device, bootId: worker.at.bootId });
}

function lose(worker: ModelWorker, device: DeviceId): void {
  worker.links.delete(device);
  worker.left.push({ device, bootId: worker.at.bootId });
}

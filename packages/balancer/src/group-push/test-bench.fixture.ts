import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { common, DeviceId, GroupPath, GroupPushId, Labels } from '@pushfleet/protocol';
import { type GroupPushRequest, type GroupPushView, openRegistry, type Registry } from '@pushfleet/registry';
import { silentLogger, systemClock } from '@pushfleet/runtime';
import { expect, vi } from 'vitest';
import { FakeDevices, FakeEngine } from './fake-engine.fixture.ts';
import { GroupPushScheduler } from './scheduler.ts';

/** One balancer's part in group pushes. */
export interface Balancer {
  scheduler: GroupPushScheduler;
  engine: FakeEngine;
  /** The process ends in the middle of whatever it does, without a word. */
  kill(): void;
}

/** To all devices, at once, direct. */
export const plainRequest: GroupPushRequest = {
  includeSubgroups: true,
  labels: {},
  operation: { kind: 'forceSync', forceSync: { reason: '' } },
  deliverWithinMs: 10_000,
  finishWithinMs: 30_000,
  ttlMs: 0,
  priority: 'normal',
  collapseKey: '',
  ratePerSecond: 0,
  jitterWindowMs: 0,
  abortFailedPercent: 0,
  abortAfter: 20,
  idempotencyKey: '',
};

/** A registry with devices, and balancers that run group pushes. */
export class TestBench implements AsyncDisposable {
  readonly registry: Registry;
  readonly devices = new FakeDevices();
  readonly #disposables: AsyncDisposableStack;
  #pushes = 0;

  static async create(): Promise<TestBench> {
    const stateDir = mkdtempSync(join(tmpdir(), 'pushfleet-group-push-'));
    const limits = { suspectAfterMs: 5_000, deadAfterMs: 15_000 };
    const registry = await openRegistry({ stateDir, redisUrl: undefined, redisKeyPrefix: 'test', ...limits });
    const disposables = new AsyncDisposableStack();
    disposables.defer(() => rmSync(stateDir, { recursive: true, force: true }));
    disposables.use(registry);
    return new TestBench(registry, disposables);
  }

  private constructor(registry: Registry, disposables: AsyncDisposableStack) {
    this.registry = registry;
    this.#disposables = disposables;
  }

  async put(group: string, ids: readonly string[], labels: Labels = {}): Promise<void> {
    await this.registry.fleet.putGroup(group as GroupPath);
    const one = { group: group as GroupPath, secretHash: 'sha256$salt$hash', labels, linkKinds: [] };
    await this.registry.fleet.putDevices(
      ids.map((id) => ({ ...one, id: id as DeviceId })),
      () => {},
    );
  }

  balancer({ maxInFlight = 5_000, leaseTtlMs = 10_000, maxRunning = 500, start = false } = {}): Balancer {
    const engine = new FakeEngine(this.devices);
    const life = { isKilled: false };
    const registry = { ...killable(this.registry, life), commands: this.devices.commands };
    const terms = { outcomesKeptMs: 86_400_000, maxInFlight, leaseTtlMs, maxRunning, lookMs: 100 };
    const options = { registry, engine, clock: systemClock, logger: silentLogger, ...terms };
    const scheduler = new GroupPushScheduler(options);
    if (start) scheduler.start();
    this.#disposables.defer(() => scheduler[Symbol.asyncDispose]());
    const kill = () => {
      life.isKilled = true;
      engine.isDead = true;
    };
    return { scheduler, engine, kill };
  }

  async create(change: Partial<GroupPushRequest> = {}): Promise<GroupPushId> {
    this.#pushes += 1;
    const id = `push-${this.#pushes}` as GroupPushId;
    const request = { ...plainRequest, ...change };
    const fresh = { state: 'running', reason: '', devices: 0, allFound: false, startedAtMs: Date.now() } as const;
    await this.registry.groupPushes.create({ id, request, ...fresh });
    return id;
  }

  async view(id: GroupPushId): Promise<GroupPushView> {
    const view = await this.registry.groupPushes.get(id);
    expect(view).toBeDefined();
    return view as GroupPushView;
  }

  /** Waits until the group push is as `check` wants it. */
  async until(id: GroupPushId, check: (view: GroupPushView) => void, timeout = 10_000): Promise<GroupPushView> {
    return vi.waitFor(
      async () => {
        const view = await this.view(id);
        check(view);
        return view;
      },
      { timeout, interval: 10 },
    );
  }

  ended(id: GroupPushId): Promise<GroupPushView> {
    return this.until(id, (view) => expect(view.endedAtMs).toBeDefined());
  }

  async outcomes(id: GroupPushId): Promise<Record<string, common.Outcome>> {
    const outcomes = await this.registry.groupPushes.outcomes(id, { limit: 100_000 });
    return Object.fromEntries(outcomes.map(({ device, outcome }) => [device, outcome]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#disposables.disposeAsync();
  }
}

export function ids(count: number, prefix = 'd'): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(5, '0')}`);
}

/** The same registry, which answers nothing any more, not even with an error, once its caller is dead. */
function killable(registry: Registry, life: { isKilled: boolean }): Registry {
  const guard = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...values: unknown[]) => {
          if (life.isKilled) await new Promise(() => {});
          const answer: unknown = await Reflect.apply(member, target, values);
          if (life.isKilled) await new Promise(() => {});
          return answer;
        };
      },
    });
  const { groupPushes, fleet, leases } = registry;
  return { ...registry, groupPushes: guard(groupPushes), fleet: guard(fleet), leases: guard(leases) };
}

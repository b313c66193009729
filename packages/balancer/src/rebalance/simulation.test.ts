import type { NodeId } from '@pushfleet/protocol';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type LoadedNode, planMoves } from './plan.ts';
import { evenRatio, Trigger } from './trigger.ts';

const capacity = 2_000;
const devicesPerCheck = 100;
const cooldownChecks = 5;

/** Push servers of one scope, all of one size; devices that are assigned as the registry assigns them. */
class Simulation {
  readonly nodes: LoadedNode[] = [];
  moved = 0;
  /** How many moves can have become necessary by what has happened so far. */
  justified = 0;
  #names = 0;
  #now = 0;
  readonly #trigger = new Trigger({ minLinks: 1, minPercent: 2, cooldownMs: cooldownChecks });

  join(): void {
    this.#names += 1;
    const nodeId = `dp-${this.#names}` as NodeId;
    this.nodes.push({ nodeId, live: 0, reserved: 0, capacity, weight: 100, scope: 'HQ' });
    this.justified += this.#share();
  }

  /** A drain and a crash look the same from here: the devices are assigned elsewhere. */
  leave(index: number): void {
    if (this.nodes.length < 2) return;
    const [gone] = this.nodes.splice(index % this.nodes.length, 1);
    this.justified += this.nodes.length;
    this.connect(gone?.live ?? 0);
  }

  /** To the one with the smallest load, each. Those that find no room stay away. */
  connect(devices: number): void {
    for (let device = 0; device < devices; device += 1) {
      const least = this.nodes.reduce((least, node) => (node.live < least.live ? node : least));
      if (least.live < capacity) least.live += 1;
    }
  }

  /** Some of the devices of one push server go for good. */
  disconnect(index: number, devices: number): void {
    const node = this.nodes[index % this.nodes.length];
    if (!node) return;
    const gone = Math.min(node.live, devices);
    node.live -= gone;
    this.justified += gone + this.nodes.length;
  }

  /** One look of the leader; a rebalance that starts is carried out at once, at the rate. */
  check(): void {
    this.#now += 1;
    const plan = planMoves(this.nodes);
    const ready = this.nodes.map(({ nodeId }) => nodeId);
    if (!this.#trigger.check({ plan, ready, isMaintained: false, nowMs: this.#now })) return;
    for (const { from, to, devices } of plan.moves) {
      for (let left = devices; left > 0; left -= devicesPerCheck) this.#move(from, to, Math.min(left, devicesPerCheck));
    }
    this.#trigger.onEnded(this.#now);
  }

  /** The fair share of one push server, rounded up. */
  #share(): number {
    return Math.ceil(this.nodes.reduce((sum, { live }) => sum + live, 0) / this.nodes.length) + this.nodes.length;
  }

  #move(from: NodeId, to: NodeId, devices: number): void {
    for (const node of this.nodes) {
      if (node.nodeId === from) node.live -= devices;
      if (node.nodeId === to) node.live += devices;
    }
    this.moved += devices;
    expect(this.nodes.every(({ live }) => live >= 0 && live <= capacity)).toBe(true);
  }
}

type Step = (simulation: Simulation) => void;
const index = fc.nat(20);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>((simulation) => simulation.join()),
  index.map(
    (at): Step =>
      (simulation) =>
        simulation.leave(at),
  ),
  fc.integer({ min: 1, max: 1_500 }).map(
    (devices): Step =>
      (simulation) =>
        simulation.connect(devices),
  ),
  fc.tuple(index, fc.nat(800)).map(
    ([at, devices]): Step =>
      (simulation) =>
        simulation.disconnect(at, devices),
  ),
  fc.constant<Step>((simulation) => simulation.check()),
);

it('comes to rest evenly after whatever happened, moves no more than is too much, and then moves nothing', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const simulation = new Simulation();
      simulation.join();
      for (const step of steps) step(simulation);

      for (let check = 0; check < cooldownChecks + 3; check += 1) simulation.check();
      const lives = simulation.nodes.map(({ live }) => live);
      const [largest, mean] = [Math.max(...lives), lives.reduce((sum, live) => sum + live, 0) / lives.length];
      expect(largest <= mean * evenRatio || largest - mean <= 1).toBe(true);
      expect(simulation.moved).toBeLessThanOrEqual(simulation.justified);

      const before = simulation.moved;
      for (let check = 0; check < 100; check += 1) simulation.check();
      expect(simulation.moved).toBe(before);
    }),
  );
});

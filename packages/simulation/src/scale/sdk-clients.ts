import { Plan, type Step } from '@pushfleet/device-sdk/plan';
import { CloseReason, PushfleetError } from '@pushfleet/protocol';
import type { Clients, Failure, World } from './clients.ts';

/** The SDK's own: the first failure waits for up to a second, later ones for up to a minute. */
const backoff = { baseMs: 1_000, capMs: 60_000 };
const ticketMs = 600_000;
const patienceMs = 10_000;

interface Ask {
  /** The balancer that is asked first; then one after the other. */
  first: number;
  failed: number;
  avoid: readonly number[];
}

/** Devices that do what the SDK decides, by its own code. Keeps a plan only for those that have no link. */
export class SdkClients implements Clients {
  readonly patienceMs = patienceMs;
  readonly #world: World;
  readonly #plans = new Map<number, Plan>();
  readonly #steps = new Map<number, Step>();
  readonly #asks = new Map<number, Ask>();

  constructor(world: World) {
    this.#world = world;
  }

  /** A device without a link or ticket begins. */
  begin(device: number): void {
    this.#take(device, this.#planOf(device).begin());
  }

  onAssigned(device: number, node: number, connectAfterMs: number): void {
    const { nowMs } = this.#world;
    const servers = [serverOf(node)];
    const connectAtMs = nowMs + connectAfterMs;
    const goodUntilMs = nowMs + ticketMs;
    const assignment = { servers, ticket: '', goodUntilMs, connectAtMs, returnWithinMs: 0 };
    const step = this.#planOf(device).onAsked({ kind: 'assigned', assignment });
    this.#take(device, step);
  }

  onAskFailed(device: number, failure: Failure, retryAfterMs: number): void {
    if (retryAfterMs > 0) {
      const error = new PushfleetError('OVERLOADED', failure, { retryAfterMs });
      return this.#take(device, this.#planOf(device).onAsked({ kind: 'refused', error }));
    }
    const ask = this.#asks.get(device) as Ask;
    ask.failed += 1;
    const { balancers } = this.#world;
    if (ask.failed < balancers.length) return this.#world.ask(device, ask.first + ask.failed, ask.avoid);
    const step = this.#planOf(device).onAsked({ kind: 'unreachable', detail: failure, retryAfterMs: 0 });
    this.#take(device, step);
  }

  onOpenFailed(device: number, node: number, failure: Failure): void {
    this.#take(device, this.#planOf(device).onEnded(serverOf(node), lostLink(failure), undefined));
  }

  onConnected(device: number): void {
    this.#plans.delete(device);
    this.#asks.delete(device);
  }

  onLinkLost(device: number, node: number): void {
    // Its ticket has long expired.
    this.#take(device, this.#planOf(device).onEnded(serverOf(node), lostLink(''), 60_000));
  }

  onRedirected(device: number, from: number): void {
    const { retry } = CloseReason.useAnotherServer;
    // Its ticket, which would name the other push server, has long expired.
    const end = { reason: 'useAnotherServer', retry, detail: '' } as const;
    this.#take(device, this.#planOf(device).onEnded(serverOf(from), end, 60_000));
  }

  onDue(device: number): void {
    const step = this.#steps.get(device);
    this.#steps.delete(device);
    if (step === undefined) this.begin(device);
    else this.#perform(device, step);
  }

  #planOf(device: number): Plan {
    const known = this.#plans.get(device);
    if (known) return known;
    const { random } = this.#world;
    const plan = new Plan({ backoff, random, now: () => this.#world.nowMs });
    this.#plans.set(device, plan);
    return plan;
  }

  #take(device: number, step: Step): void {
    if (step.kind !== 'stop' && step.delayMs > 0) {
      this.#steps.set(device, step);
      this.#world.wait(device, step.delayMs);
    } else this.#perform(device, step);
  }

  #perform(device: number, step: Step): void {
    if (step.kind === 'open') return this.#world.open(device, nodeOf(step.server.nodeId));
    if (step.kind === 'stop') throw new Error(`device ${device} has stopped: ${step.cause.reason}`);
    const { balancers, random } = this.#world;
    const first = Math.floor(random() * balancers.length);
    const avoid = step.unreachableNodeIds.map(nodeOf);
    this.#asks.set(device, { first, failed: 0, avoid });
    this.#world.ask(device, first, avoid);
  }
}

const prefix = 'dp-';

function serverOf(node: number) {
  return { nodeId: `${prefix}${node}`, address: '', port: 0 };
}

function nodeOf(nodeId: string): number {
  return Number(nodeId.slice(prefix.length));
}

function lostLink(detail: string) {
  return { reason: 'linkLost' as const, retry: CloseReason.linkLost.retry, detail };
}

import { meaningOf } from '@pushfleet/device-sdk/parts';
import { Plan, type PlanOptions, type Step } from '@pushfleet/device-sdk/plan';
import { CloseReason, PushfleetError } from '@pushfleet/protocol';
import type { Clients, Failure, World } from './clients.ts';

/** The SDK's own: the first failure waits for up to a second, later ones for up to a minute. */
const backoff = { baseMs: 1_000, capMs: 60_000 };
const ticketMs = 600_000;
const patienceMs = 10_000;

/** A device without a link. */
interface Actor {
  readonly plan: Plan;
  /** To be taken when it is due. */
  next: Step | undefined;
  /** The balancer that is asked first; then one after the other. */
  first: number;
  /** Balancers that have failed the question that is under way. */
  failed: number;
  avoid: readonly number[];
}

/** Devices that do what the SDK decides, by its own code. Keeps a plan only for those that have no link. */
export class SdkClients implements Clients {
  readonly patienceMs = patienceMs;
  readonly #world: World;
  readonly #actors = new Map<number, Actor>();
  /** All plans share them. */
  readonly #options: PlanOptions;

  constructor(world: World) {
    this.#world = world;
    this.#options = { backoff, random: world.random, now: () => world.nowMs };
  }

  /** A device without a link or ticket begins. */
  begin(device: number): void {
    const actor = this.#actorOf(device);
    this.#take(device, actor, actor.plan.begin());
  }

  onAssigned(device: number, node: number, connectAfterMs: number): void {
    const { nowMs } = this.#world;
    const servers = [serverOf(node)];
    const connectAtMs = nowMs + connectAfterMs;
    const goodUntilMs = nowMs + ticketMs;
    const assignment = { servers, ticket: '', goodUntilMs, connectAtMs, returnWithinMs: 0 };
    const actor = this.#actorOf(device);
    this.#answered(actor);
    this.#take(device, actor, actor.plan.onAsked({ kind: 'assigned', assignment }));
  }

  onAskFailed(device: number, failure: Failure, retryAfterMs: number): void {
    const actor = this.#actorOf(device);
    const error = errorOf(failure, retryAfterMs);
    const meaning = meaningOf(error);
    if (meaning === 'refused') {
      this.#answered(actor);
      return this.#take(device, actor, actor.plan.onAsked({ kind: 'refused', error: error as PushfleetError }));
    }
    actor.failed += 1;
    const { balancers } = this.#world;
    const asked = actor.first + actor.failed;
    if (meaning === 'next' && actor.failed < balancers.length) return this.#world.ask(device, asked, actor.avoid);
    if (meaning === 'turnedAway') actor.first = asked % balancers.length;
    this.#take(device, actor, actor.plan.onAsked({ kind: 'unreachable', detail: failure, retryAfterMs: 0 }));
  }

  onOpenFailed(device: number, node: number, failure: Failure): void {
    this.#end(device, node, lostLink(failure), undefined);
  }

  onConnected(device: number): void {
    this.#actors.delete(device);
  }

  onLinkLost(device: number, node: number): void {
    // Its ticket has long expired.
    this.#end(device, node, lostLink(''), 60_000);
  }

  onRedirected(device: number, from: number): void {
    const { retry } = CloseReason.useAnotherServer;
    // Its ticket, which would name the other push server, has long expired.
    this.#end(device, from, { reason: 'useAnotherServer', retry, detail: '' }, 60_000);
  }

  onDue(device: number): void {
    const actor = this.#actorOf(device);
    const { next } = actor;
    actor.next = undefined;
    if (next === undefined) this.#take(device, actor, actor.plan.begin());
    else this.#perform(device, actor, next);
  }

  #actorOf(device: number): Actor {
    const known = this.#actors.get(device);
    if (known) return known;
    // A fleet with one and the same list does not ask one and the same balancer.
    const first = Math.floor(this.#world.random() * this.#world.balancers.length);
    const actor: Actor = { plan: new Plan(this.#options), next: undefined, first, failed: 0, avoid: [] };
    this.#actors.set(device, actor);
    return actor;
  }

  /** The one that has answered is asked first the next time. */
  #answered(actor: Actor): void {
    actor.first = (actor.first + actor.failed) % this.#world.balancers.length;
    actor.failed = 0;
  }

  #end(device: number, node: number, end: Parameters<Plan['onEnded']>[1], upForMs: number | undefined): void {
    const actor = this.#actorOf(device);
    this.#take(device, actor, actor.plan.onEnded(serverOf(node), end, upForMs));
  }

  #take(device: number, actor: Actor, step: Step): void {
    if (step.kind !== 'stop' && step.delayMs > 0) {
      actor.next = step;
      this.#world.wait(device, step.delayMs);
    } else this.#perform(device, actor, step);
  }

  #perform(device: number, actor: Actor, step: Step): void {
    if (step.kind === 'open') return this.#world.open(device, nodeOf(step.server.nodeId));
    if (step.kind === 'stop') throw new Error(`device ${device} has stopped: ${step.cause.reason}`);
    actor.failed = 0;
    actor.avoid = step.unreachableNodeIds.map(nodeOf);
    this.#world.ask(device, actor.first, actor.avoid);
  }
}

const prefix = 'dp-';
const servers = new Map<number, ReturnType<typeof createServer>>();

/** One object for each push server: millions of devices refer to it. */
function serverOf(node: number) {
  const known = servers.get(node) ?? createServer(node);
  servers.set(node, known);
  return known;
}

function createServer(node: number) {
  return { nodeId: `${prefix}${node}`, address: '', port: 0 };
}

function nodeOf(nodeId: string): number {
  return Number(nodeId.slice(prefix.length));
}

function lostLink(detail: string) {
  return { reason: 'linkLost' as const, retry: CloseReason.linkLost.retry, detail };
}

/** The error that the SDK is given by sockets. */
const errors = {
  /** Closed before TLS. */
  refused: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }),
  timeout: new Error('the balancer did not answer'),
  'no place': new PushfleetError('NO_CAPACITY', 'every push server is full', { retryAfterMs: 3_000 }),
} as const satisfies Record<Failure, Error>;

function errorOf(failure: Failure, retryAfterMs: number): Error {
  return retryAfterMs > 0 ? new PushfleetError('OVERLOADED', failure, { retryAfterMs }) : errors[failure];
}

import type { CloseReason, device, ErrorCode } from '@pushfleet/protocol';
import type { Assignment } from './assignment/assignment.ts';
import { type AskOutcome, isTurn } from './assignment/client.ts';
import type { LinkEnd, RedirectTarget } from './link.ts';

/** The reason why the device waits or has stopped. */
export interface Cause {
  reason: CloseReason | ErrorCode | 'balancersUnreachable' | 'storeUnreadable';
  detail: string;
}

export type Step =
  | { kind: 'ask'; unreachableNodeIds: readonly string[]; delayMs: number; cause: Cause | undefined }
  | { kind: 'open'; server: device.Server; ticket: string; delayMs: number; cause: Cause | undefined }
  | { kind: 'stop'; cause: Cause };

export interface PlanOptions {
  backoff: Backoff;
  now: () => number;
  random: () => number;
}

/** A link that was up for this long was stable: the next loss counts as a first one. */
const settledMs = 10_000;

/** The ticket itself was refused: no other push server takes it either. */
const ticketRefused: readonly CloseReason[] = [
  'ticketInvalid',
  'ticketExpired',
  'ticketVoid',
  'ticketForAnotherNode',
  'ticketForAnotherDevice',
];

/** The push server redirects its devices; the balancer may not know it yet. */
const nodeDeclines: readonly CloseReason[] = ['useAnotherServer', 'serverShuttingDown', 'noCapacity'];

/**
 * The longest backoff where no balancer answers. In a storm they close most connections before they cost anything, and whoever has
 * waited for a minute after the last attempt is the last one in.
 */
const unreachableCapMs = 20_000;

/** Decides where to connect next, and when. Owns no timer and no socket: each event gives the step to take. */
export class Plan {
  readonly #options: PlanOptions;
  readonly #unreachable = new Set<string>();
  #assignment: Assignment | undefined;
  #failures = 0;
  /** No backoff is longer, while no balancer has answered the last question. */
  #mostDelayMs = Number.POSITIVE_INFINITY;
  /** Push server that the device was linked to last, as long as it is not known to be lost. */
  #linkedTo: string | undefined;

  constructor(options: PlanOptions) {
    this.#options = options;
  }

  begin(): Step {
    this.#failures = 0;
    this.#unreachable.clear();
    return this.#tryTicket(0, undefined);
  }

  onAsked(outcome: AskOutcome): Step {
    this.#mostDelayMs = outcome.kind === 'unreachable' ? unreachableCapMs : Number.POSITIVE_INFINITY;
    switch (outcome.kind) {
      case 'assigned':
        this.#assignment = outcome.assignment;
        this.#unreachable.clear();
        return this.#tryTicket(0, undefined);
      case 'refused':
        return this.#onRefused(outcome);
      case 'unreachable':
        return this.#onUnreachable(outcome);
      default:
        throw new TypeError(outcome satisfies never);
    }
  }

  /** `upForMs` is undefined where the push server never welcomed the device. */
  onEnded(server: device.Server, end: LinkEnd, upForMs: number | undefined): Step {
    const cause = { reason: end.reason, detail: end.detail };
    if (upForMs !== undefined) {
      this.#unreachable.clear();
      this.#linkedTo = server.nodeId;
    }
    if (upForMs !== undefined && upForMs >= settledMs) this.#failures = 0;
    switch (end.retry) {
      case 'never':
        return { kind: 'stop', cause };
      case 'same-node': {
        if (upForMs !== undefined || end.reason !== 'linkLost') return this.#tryTicket(this.#delayMs(), cause, server);
        this.#unreachable.add(server.nodeId);
        return this.#tryTicket(this.#delayMs(), cause, server, this.#returnDelayMs(server));
      }
      case 'reassign':
        return this.#onReassign(server, end, cause);
      default:
        throw new TypeError(end.retry satisfies never);
    }
  }

  #onReassign(server: device.Server, end: LinkEnd, cause: Cause): Step {
    if (ticketRefused.includes(end.reason)) this.#assignment = undefined;
    const target = this.#named(end.redirect);
    // One that only sends its devices to another port of its own has not declined them.
    const declines = nodeDeclines.includes(end.reason) && target?.server.nodeId !== server.nodeId;
    if (declines) this.#unreachable.add(server.nodeId);
    // A place is reserved there, and the push server chose the moment. Only a device sent to and fro has to wait.
    const sentOn = this.#failures === 0 && target !== undefined;
    const delayMs = this.#delayMs();
    if (target === undefined) return this.#ask(delayMs, cause);
    return { kind: 'open', ...target, delayMs: sentOn ? 0 : delayMs, cause };
  }

  #onRefused({ error }: Extract<AskOutcome, { kind: 'refused' }>): Step {
    const cause = { reason: error.code, detail: error.message };
    if (error.retry === 'never') return { kind: 'stop', cause };
    if (isTurn(error)) return this.#ask(this.#turnMs(error.retryAfterMs), cause);
    return this.#ask(this.#delayMs(error.retryAfterMs), cause);
  }

  /** Without balancers the ticket is still good: push servers verify it alone. */
  #onUnreachable({ detail, retryAfterMs }: Extract<AskOutcome, { kind: 'unreachable' }>): Step {
    const cause: Cause = { reason: 'balancersUnreachable', detail };
    if (this.#freshAssignment()?.servers.every((server) => this.#unreachable.has(server.nodeId))) {
      this.#unreachable.clear();
    }
    return this.#tryTicket(this.#delayMs(retryAfterMs), cause);
  }

  /**
   * The wait before a backup, once its push server is lost: all devices of it have lost it, and each takes a moment of its own. 0: the
   * device has come to the backups already.
   */
  #returnDelayMs({ nodeId }: device.Server): number {
    if (nodeId !== this.#linkedTo) return 0;
    this.#linkedTo = undefined;
    return this.#options.random() * (this.#assignment?.returnWithinMs ?? 0);
  }

  /**
   * The preferred server, else the best one of the ticket that was not found unreachable, else a balancer; not before the device's turn.
   * @param backupDelayMs A backup is not tried sooner.
   */
  #tryTicket(leastDelayMs: number, cause: Cause | undefined, preferred?: device.Server, backupDelayMs = 0): Step {
    const delayMs = Math.max(leastDelayMs, (this.#assignment?.connectAtMs ?? 0) - this.#options.now());
    const assignment = this.#freshAssignment(delayMs);
    const candidates = [...(preferred === undefined ? [] : [preferred]), ...(assignment?.servers ?? [])];
    const server = candidates.find(({ nodeId }) => !this.#unreachable.has(nodeId));
    if (assignment === undefined || server === undefined) return this.#ask(delayMs, cause);
    const openInMs = Math.max(delayMs, backupDelayMs);
    if (openInMs > delayMs && this.#freshAssignment(openInMs) === undefined) return this.#ask(delayMs, cause);
    return { kind: 'open', server, ticket: assignment.ticket, delayMs: openInMs, cause };
  }

  #ask(delayMs: number, cause: Cause | undefined): Step {
    return { kind: 'ask', unreachableNodeIds: [...this.#unreachable].filter(Boolean), delayMs, cause };
  }

  /** The redirect's server, where the ticket names it and is good. */
  #named(target: RedirectTarget | undefined): { server: device.Server; ticket: string } | undefined {
    const assignment = this.#freshAssignment();
    if (target === undefined || assignment === undefined) return undefined;
    const { nodeId, address, port } = target;
    const known = assignment.servers.find((server) =>
      nodeId === undefined ? server.address === address && server.port === port : server.nodeId === nodeId,
    );
    return known && { server: { nodeId: known.nodeId, address, port }, ticket: assignment.ticket };
  }

  /** The assignment, where its ticket is still good in `inMs`. */
  #freshAssignment(inMs = 0): Assignment | undefined {
    if (this.#assignment !== undefined && this.#options.now() + inMs >= this.#assignment.goodUntilMs) {
      this.#assignment = undefined;
    }
    return this.#assignment;
  }

  /** Other devices have their own turns, and no failure is waited out: the jitter does not grow. */
  #turnMs(retryAfterMs = 0): number {
    return retryAfterMs + this.#options.random() * this.#options.backoff.baseMs;
  }

  #delayMs(retryAfterMs = 0): number {
    const { baseMs, capMs } = this.#options.backoff;
    const attempt = this.#failures;
    this.#failures += 1;
    const mostMs = Math.min(capMs, this.#mostDelayMs);
    return backoffMs(attempt, { baseMs, capMs: mostMs }, this.#options.random, retryAfterMs);
  }
}

export interface Backoff {
  baseMs: number;
  capMs: number;
}

export const defaultBackoff: Backoff = { baseMs: 1_000, capMs: 60_000 };

/**
 * The delay before attempt `attempt` (from 0): full jitter, a random time in [0, min(cap, base * 2^attempt)), so
 * that a fleet that lost its server in one moment does not come back in one moment. A server's retry-after is waited
 * out before.
 */
export function backoffMs(attempt: number, backoff: Backoff, random: () => number, retryAfterMs = 0): number {
  // Beyond 2^30 the product means nothing but the cap.
  const windowMs = Math.min(backoff.capMs, backoff.baseMs * 2 ** Math.min(attempt, 30));
  return retryAfterMs + random() * windowMs;
}

import { CloseReason } from '@pushfleet/protocol';
import type { Timed } from '@pushfleet/runtime';
import type { AssignAnswer } from './assigner.ts';
import {
  endFor,
  type LeanCommand,
  type LeanLink,
  type LeanLinkKind,
  type LinkEnd,
  type LinkEvents,
  type ServerAddress,
} from './link.ts';

/** The states of a device. `gone`: it does not come back by itself. */
export type DeviceState = 'idle' | 'waiting' | 'assigning' | 'paced' | 'connecting' | 'up' | 'gone';

export type FailedStep = 'assign' | 'connect';

/** Everything that the devices of a process share: how they reach the cluster, the one timing wheel, and who counts what happens to them. */
export interface DeviceSurroundings {
  /** Wall of the wheel: whole milliseconds, as of the last turn. */
  readonly nowMs: number;
  readonly keepAliveMs: number;
  /** Time for one step, before a device gives up and begins anew. */
  readonly patienceMs: number;
  readonly ignoreConnectAfter: boolean;
  readonly resumption: boolean;
  random(): number;
  /** `machineUs`. */
  nowUs(): number;
  /** Each device has one deadline at most; a new one replaces it. */
  schedule(device: LeanDevice, delayMs: number): void;
  unschedule(device: LeanDevice): void;
  ask(device: LeanDevice, unreachable: readonly string[], onAnswer: (answer: AssignAnswer) => void): () => void;
  open(device: LeanDevice, server: ServerAddress, ticket: string, events: LinkEvents): LeanLink;
  /** Whether the load may go there. */
  permits(address: string): boolean;
  onOffered(): void;
  onAssigned(tookUs: number, pacedMs: number): void;
  onSecure(tookUs: number, resumed: boolean | undefined): void;
  /** @param returned The device had a link before, which it has lost. */
  onConnected(tookUs: number, returned: boolean): void;
  onFailed(step: FailedStep, reason: string, detail: string): void;
  onLost(reason: string): void;
  onClosed(): void;
  /** A command has come. The returned value says whether the device answers at once, with success, as in `LinkEvents`. */
  onCommand(device: LeanDevice, command: LeanCommand): boolean;
}

const backoffBaseMs = 1_000;
const backoffCapMs = 60_000;
/** A link that was up for this long was stable: the next loss counts as a first one. */
const settledMs = 10_000;

/** The ticket itself was refused: no other push server takes it either. */
const ticketRefused = /^ticket/;
/** The push server sends its devices elsewhere; the balancer may not know it yet. */
const nodeDeclines: readonly string[] = ['useAnotherServer', 'serverShuttingDown', 'noCapacity'];

/**
 * One device of a load: asks where it belongs, connects, answers commands, comes back. It decides as the device SDK does, with
 * as few objects as it takes: no timer, no promise and no signal of its own.
 */
export class LeanDevice implements Timed, LinkEvents {
  bucket = 0;
  previousDue: Timed | undefined = undefined;
  nextDue: Timed | undefined = undefined;
  /** Its deadline has come, and it has not been told yet. */
  isDue = false;
  readonly index: number;
  readonly id: string;
  readonly kind: LeanLinkKind;
  /** TLS sessions to resume: with the push servers, and with balancers. */
  tlsSession: Buffer | undefined;
  assignSession: Buffer | undefined;
  /** The push server that it is linked to, or was last. */
  server: ServerAddress | undefined;
  state: DeviceState = 'idle';
  readonly #around: DeviceSurroundings;
  #link: LeanLink | undefined;
  #giveUp: (() => void) | undefined;
  #servers: ServerAddress[] = [];
  #ticket = '';
  #ticketUntilMs = 0;
  #returnWithinMs = 0;
  /** Its link was to this push server, which is not known to be lost. */
  #linkedTo = '';
  #unreachable: string[] = [];
  #failures = 0;
  /** The moment from which its way in is measured. */
  #sinceUs = 0;
  #stepSinceUs = 0;
  #upAtMs = 0;
  #heardAtMs = 0;
  #keepAliveMs = 0;
  #returns = false;
  /** It is closed on purpose. */
  #isLeaving = false;
  #comesBack = false;

  constructor(around: DeviceSurroundings, index: number, id: string, kind: LeanLinkKind) {
    this.#around = around;
    this.index = index;
    this.id = id;
    this.kind = kind;
  }

  /** Comes in `delayMs`; its way in counts from then, however late the process is. */
  startIn(delayMs: number): void {
    if (this.state !== 'idle' && this.state !== 'gone') return;
    this.#isLeaving = false;
    this.#failures = 0;
    this.#returns = false;
    this.#sinceUs = this.#around.nowUs() + Math.round(delayMs * 1_000);
    this.#wait(delayMs);
  }

  /** Ends its link, or what it does to get one. `comesBack`: it connects again at once. */
  leave(comesBack: boolean): void {
    this.#isLeaving = true;
    this.#comesBack = comesBack;
    this.#around.unschedule(this);
    if (this.state === 'up') {
      this.#around.schedule(this, this.#around.patienceMs);
      return this.#link?.close();
    }
    if (this.state === 'connecting') return this.#link?.cut(endFor('goodbye'));
    this.#giveUp?.();
    this.#giveUp = undefined;
    this.state = 'idle';
    this.#left();
  }

  /** The next time that it comes it asks a balancer where it belongs. */
  forgetTicket(): void {
    this.#ticket = '';
  }

  answer(commandId: string, failure?: string): void {
    this.#link?.answer(commandId, failure);
  }

  /** Its deadline has come. */
  onDue(): void {
    switch (this.state) {
      case 'waiting':
        return this.#step();
      case 'paced':
        return this.#open();
      case 'assigning':
        this.#giveUp?.();
        return this.#onAnswer({ kind: 'broken', reason: 'timeout', detail: 'no answer in time' });
      case 'connecting':
        return this.#link?.cut({ reason: 'timeout', retry: 'reassign', detail: 'not connected in time' });
      case 'up':
        return this.#isLeaving ? this.#link?.cut(endFor('goodbye')) : this.#keepAlive();
      default:
        return;
    }
  }

  onSecure(resumed: boolean | undefined): void {
    this.#around.onSecure(this.#around.nowUs() - this.#stepSinceUs, resumed);
  }

  onTlsSession(session: Buffer): void {
    if (this.#around.resumption) this.tlsSession = session;
  }

  onHeard(): void {
    this.#heardAtMs = this.#around.nowMs;
  }

  onUp(keepAliveMs: number): void {
    if (this.state !== 'connecting') return;
    this.state = 'up';
    this.#upAtMs = this.#around.nowMs;
    this.#heardAtMs = this.#upAtMs;
    this.#keepAliveMs = keepAliveMs;
    this.#unreachable = [];
    this.#around.unschedule(this);
    if (keepAliveMs > 0) this.#around.schedule(this, keepAliveMs);
    this.#around.onConnected(this.#around.nowUs() - this.#sinceUs, this.#returns);
  }

  onCommand(command: LeanCommand): boolean {
    return this.#around.onCommand(this, command);
  }

  onEnd(end: LinkEnd): void {
    const wasUp = this.state === 'up';
    this.#link = undefined;
    this.#around.unschedule(this);
    this.state = 'idle';
    if (wasUp) this.#countEnd(end);
    else if (!this.#isLeaving) this.#around.onFailed('connect', end.reason, end.detail);
    if (this.#isLeaving) this.#left();
    else this.#retry(end, wasUp);
  }

  #countEnd({ reason }: LinkEnd): void {
    if (this.#isLeaving) this.#around.onClosed();
    else this.#around.onLost(reason);
    this.#returns = true;
    this.#sinceUs = this.#around.nowUs();
    if (this.#around.nowMs - this.#upAtMs >= settledMs) this.#failures = 0;
  }

  #left(): void {
    this.#isLeaving = false;
    if (this.#comesBack) this.#wait(0);
  }

  #retry(end: LinkEnd, wasUp: boolean): void {
    if (end.retry === 'never') {
      this.state = 'gone';
      return;
    }
    const { redirect, reason } = end;
    if (ticketRefused.test(reason)) this.#ticket = '';
    const here = this.server?.nodeId ?? '';
    const isBroken = reason === 'linkLost' || !Object.hasOwn(CloseReason, reason);
    if ((nodeDeclines.includes(reason) || (isBroken && !wasUp)) && redirect?.nodeId !== here) {
      this.#unreachable.push(here);
    }
    this.server = redirect ?? (end.retry === 'same-node' ? this.#nextServer() : undefined);
    // A place is reserved there, and the push server chose the moment. Only a device sent to and fro has to wait.
    const isSentOn = redirect !== undefined && this.#failures === 0;
    const backoffMs = this.#backoffMs(0);
    if (wasUp) this.#linkedTo = here;
    const returnMs = wasUp || this.server === undefined ? 0 : this.#returnDelayMs(here);
    this.#wait(isSentOn ? 0 : Math.max(backoffMs, returnMs));
  }

  /** The wait before the first backup: all devices of a push server that is lost take theirs. */
  #returnDelayMs(lost: string): number {
    if (lost !== this.#linkedTo || this.server?.nodeId === lost) return 0;
    this.#linkedTo = '';
    const delayMs = this.#around.random() * this.#returnWithinMs;
    return this.#around.nowMs + delayMs < this.#ticketUntilMs ? delayMs : 0;
  }

  /** The best push server of the ticket that is not known to be out of reach. The last one comes first. */
  #nextServer(): ServerAddress | undefined {
    const candidates = this.server === undefined ? this.#servers : [this.server, ...this.#servers];
    return candidates.find(({ nodeId }) => !this.#unreachable.includes(nodeId));
  }

  #wait(delayMs: number): void {
    this.state = 'waiting';
    this.#around.schedule(this, delayMs);
  }

  #step(): void {
    this.#around.onOffered();
    const isTicketGood = this.#ticket !== '' && this.#around.nowMs < this.#ticketUntilMs;
    if (this.server !== undefined && isTicketGood) return this.#open();
    this.state = 'assigning';
    this.#stepSinceUs = this.#around.nowUs();
    this.#around.schedule(this, this.#around.patienceMs);
    this.#giveUp = this.#around.ask(this, this.#unreachable, (answer) => this.#onAnswer(answer));
  }

  #onAnswer(answer: AssignAnswer): void {
    if (this.state !== 'assigning') return;
    this.#giveUp = undefined;
    this.#unreachable = [];
    if (answer.kind !== 'assigned') {
      this.#around.onFailed('assign', answer.reason, answer.detail);
      this.server = undefined;
      const isObeyed = answer.kind === 'refused' && !this.#around.ignoreConnectAfter;
      if (isObeyed && answer.reason === 'OVERLOADED' && answer.retryAfterMs > 0) {
        // A turn of its own: no failure is to be waited out.
        return this.#wait(answer.retryAfterMs + this.#around.random() * backoffBaseMs);
      }
      return this.#wait(this.#backoffMs(isObeyed ? answer.retryAfterMs : 0));
    }
    this.#servers = answer.servers;
    this.server = answer.servers[0];
    this.#ticket = answer.ticket;
    this.#ticketUntilMs = this.#around.nowMs + answer.goodForMs;
    this.#returnWithinMs = answer.returnWithinMs;
    const pacedMs = this.#around.ignoreConnectAfter ? 0 : answer.connectAfterMs;
    this.#around.onAssigned(this.#around.nowUs() - this.#stepSinceUs, pacedMs);
    if (pacedMs <= 0) return this.#open();
    this.state = 'paced';
    this.#around.schedule(this, pacedMs);
  }

  #open(): void {
    const server = this.server as ServerAddress;
    if (!this.#around.permits(server.address)) {
      this.state = 'gone';
      this.#around.unschedule(this);
      return this.#around.onFailed('connect', 'remoteAddress', `${server.nodeId} is at ${server.address}`);
    }
    this.state = 'connecting';
    this.#stepSinceUs = this.#around.nowUs();
    this.#around.schedule(this, this.#around.patienceMs);
    this.#link = this.#around.open(this, server, this.#ticket, this);
  }

  #keepAlive(): void {
    if (this.#around.nowMs - this.#heardAtMs > 2.5 * this.#keepAliveMs) {
      return this.#link?.cut({
        reason: 'serverSilent',
        retry: 'same-node',
        detail: 'nothing was heard for two keep-alives',
      });
    }
    this.#link?.ping();
    this.#around.schedule(this, this.#keepAliveMs);
  }

  /** Full jitter, after what the server asks for. */
  #backoffMs(retryAfterMs: number): number {
    const windowMs = Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(this.#failures, 16));
    this.#failures += 1;
    return retryAfterMs + this.#around.random() * windowMs;
  }
}

import type { ServerMethodDefinition, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import {
  type DeviceId,
  type GroupPath,
  type GroupPushId,
  mayAct,
  PushfleetError,
  parseGroupPath,
  streamOf,
  toStatus,
} from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import type { Logger } from '@pushfleet/runtime';
import { toPushfleetError } from '../errors.ts';
import { type AccessRule, accessRuleOf, type Concern } from './access-table.ts';
import { type AuditLog, type Deed, outcomeOf, subjectOf } from './audit-log.ts';
import { isWithinScope } from './scope.ts';
import { type Caller, permissionDenied, type TokenDirectory, type TokenEnd } from './token-directory.ts';

export interface AccessControlOptions {
  tokens: TokenDirectory;
  registry: {
    fleet: Pick<Registry['fleet'], 'getDevice'>;
    groupPushes: Pick<Registry['groupPushes'], 'get'>;
    enrollmentTokens: Pick<Registry['enrollmentTokens'], 'get'>;
  };
  audit: Pick<AuditLog, 'record'>;
  logger: Logger;
}

/** The questions and notes of a stream's handler for each of its messages. */
export interface MessageAccess {
  /**
   * Resolves, or returns nothing at once, where the caller may do this to the device.
   * @throws PushfleetError PERMISSION_DENIED, REGISTRY_UNAVAILABLE
   */
  assertDevice(id: string): undefined | Promise<void>;
  record(deed: Pick<Deed, 'target' | 'operation' | 'outcome'>): void;
}

/** A call as its handler gets it. */
interface Call {
  request?: unknown;
  getPeer(): string;
  emit(event: 'error', error: unknown): unknown;
  once(event: string, listener: () => void): unknown;
}
type Answer = (error: unknown, response?: unknown) => void;
type Handler = (call: Call, answer: Answer) => unknown;

/** Holds every call of the admin API to the role and the scope of its caller's token, and writes down what came of it. */
export class AccessControl {
  readonly #options: AccessControlOptions;
  readonly #callers = new WeakMap<object, Caller>();
  /** Calls that last. */
  readonly #streams = new Map<Call, Caller>();
  /** Callers whose tokens are good no more. */
  readonly #ended = new WeakMap<Caller, TokenEnd>();

  constructor(options: AccessControlOptions) {
    this.#options = options;
    options.tokens.onEnded((ended, end) => this.#endStreams(ended, end));
  }

  /** The call's token is the one of `caller`. */
  setCaller(call: object, caller: Caller): void {
    this.#callers.set(streamOf(call) ?? call, caller);
  }

  /** @throws PushfleetError BAD_TOKEN: its token was never looked at. */
  callerOf(call: object): Caller {
    const caller = this.#callers.get(streamOf(call) ?? call);
    if (!caller) throw new PushfleetError('BAD_TOKEN', 'an API token is needed');
    return caller;
  }

  /** The same handlers, which run for those who may. */
  restrict(service: ServiceDefinition, handlers: UntypedServiceImplementation): UntypedServiceImplementation {
    const restricted: UntypedServiceImplementation = {};
    for (const [name, method] of Object.entries(service)) {
      const handler = handlers[name] as Handler | undefined;
      if (handler) restricted[name] = this.#restrictOne(method, handler.bind(handlers)) as never;
    }
    return restricted;
  }

  /** @param method Full name of the method. */
  ofMessages(call: { getPeer(): string }, method: string): MessageAccess {
    const caller = this.callerOf(call);
    const who = { caller: caller.name, address: call.getPeer(), method };
    return {
      assertDevice: (id) =>
        caller.scope === undefined ? undefined : this.#assertConcern(caller, { kind: 'device', id }),
      record: (deed) => this.#options.audit.record({ ...who, ...deed }),
    };
  }

  #restrictOne(method: ServerMethodDefinition<unknown, unknown>, handler: Handler): Handler {
    const { path, requestStream, responseStream } = method;
    const rule = accessRuleOf(path);
    if (!rule) throw new TypeError(`${path} has no row in the access table`);
    return async (call, answer) => {
      const caller = this.callerOf(call);
      try {
        const permitted = this.#assertRule(rule, path, caller, call.request);
        // Nearly all tokens are for the whole fleet: theirs is known at once.
        if (permitted !== undefined) await permitted;
        this.#assertNotEnded(caller);
      } catch (error) {
        const refusal = toPushfleetError(error, this.#options.logger);
        this.#record(call, path, caller, call.request, refusal.code);
        if (answer) answer(toStatus(refusal));
        else call.emit('error', toStatus(refusal));
        return undefined;
      }
      if (requestStream || responseStream) this.#keepStream(call, caller);
      return handler(call, rule.audited === true && answer ? this.#audited(call, path, caller, answer) : answer);
    };
  }

  /** @throws PushfleetError PERMISSION_DENIED, REGISTRY_UNAVAILABLE */
  #assertRule(rule: AccessRule, path: string, caller: Caller, request: unknown): undefined | Promise<unknown> {
    if (!mayAct(caller.role, rule.role)) throw permissionDenied(caller, `${path.slice(1)} needs the role ${rule.role}`);
    if (caller.scope === undefined || rule.concerns === 'in messages') return undefined;
    return Promise.all(rule.concerns(request as never).map((concern) => this.#assertConcern(caller, concern)));
  }

  async #assertConcern(caller: Caller, concern: Concern): Promise<void> {
    const { fleet, groupPushes, enrollmentTokens } = this.#options.registry;
    switch (concern.kind) {
      case 'device': {
        const group = (await fleet.getDevice(concern.id as DeviceId))?.group;
        // Whether it exists is not told.
        return assertWithin(caller, group, `device "${concern.id}" is not in its scope`);
      }
      case 'new-device': {
        const known = await fleet.getDevice(concern.id as DeviceId);
        if (known) assertWithin(caller, known.group, `device "${concern.id}" is not in its scope`);
        return;
      }
      case 'group':
        return assertWithin(caller, spelled(concern.path), groupRefusal(concern.path));
      case 'group-push': {
        const push = await groupPushes.get(concern.id as GroupPushId);
        return assertWithin(caller, push?.request.group, `group push "${concern.id}" is not in its scope`);
      }
      case 'enrollment-token': {
        const token = await enrollmentTokens.get(concern.id);
        return assertWithin(caller, token?.group, `enrollment token "${concern.id}" is not in its scope`);
      }
      case 'fleet':
        throw permissionDenied(caller, 'this concerns the whole fleet');
      default:
        concern satisfies never;
    }
  }

  #audited(call: Call, path: string, caller: Caller, answer: Answer): Answer {
    return (error, response) => {
      this.#record(call, path, caller, call.request, outcomeOf(error, response));
      answer(error, response);
    };
  }

  #record(call: Call, path: string, caller: Caller, request: unknown, outcome: string): void {
    const [address, method] = [call.getPeer(), path.slice(1)];
    this.#options.audit.record({ caller: caller.name, address, method, ...subjectOf(request), outcome });
  }

  #keepStream(call: Call, caller: Caller): void {
    this.#streams.set(call, caller);
    for (const event of ['close', 'cancelled', 'error']) call.once(event, () => this.#streams.delete(call));
  }

  /** The registry may have taken its time. @throws PushfleetError BAD_TOKEN: the token has ended meanwhile. */
  #assertNotEnded(caller: Caller): void {
    const end = this.#ended.get(caller);
    if (end !== undefined) throw tokenEnded(caller, end);
  }

  #endStreams(ended: Caller, end: TokenEnd): void {
    this.#ended.set(ended, end);
    for (const [call, caller] of this.#streams) {
      if (caller !== ended) continue;
      this.#streams.delete(call);
      call.emit('error', toStatus(tokenEnded(ended, end)));
    }
  }
}

function tokenEnded({ name }: Caller, end: TokenEnd): PushfleetError {
  return new PushfleetError('BAD_TOKEN', `API token "${name}" ${end}`);
}

function assertWithin(caller: Caller, group: GroupPath | undefined, refusal: string): void {
  if (!isWithinScope(caller, group)) throw permissionDenied(caller, refusal);
}

function groupRefusal(path: string): string {
  return path === '' ? 'all groups are not in its scope: name a group' : `group "${path}" is not in its scope`;
}

/** `undefined`: no group, or no path at all. */
function spelled(path: string): GroupPath | undefined {
  try {
    return parseGroupPath(path);
  } catch {
    return undefined;
  }
}

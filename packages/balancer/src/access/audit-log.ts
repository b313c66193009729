import { type common, fromStatus, type OperationKind, operationNames } from '@pushfleet/protocol';
import type { AuditTrail, NewAuditEvent } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';

/** One thing that somebody did; see NewAuditEvent. */
export type Deed = Omit<NewAuditEvent, 'atMs' | 'count'>;

export interface AuditLogOptions {
  audit: Pick<AuditTrail, 'append'>;
  clock: Clock;
  logger: Logger;
}

const writeMs = 200;
const secondMs = 1_000;
/** So many deeds of one second are written down one by one; those that follow in it only as numbers. */
const eachPerSecond = 100;
/** The same of those who have not shown who they are: nobody drives the deeds of others out of what is kept. */
const strangersPerSecond = 5;
/** Events that wait for a registry that does not answer. */
const maxWaiting = 10_000;

/**
 * Writes down who did what, a moment later and together with others: nobody waits for it. Of many deeds in one second those
 * beyond a hundred, of strangers beyond five, are told as one event for each caller, method and outcome, with their number; none is left out.
 */
export class AuditLog implements AsyncDisposable {
  readonly #options: AuditLogOptions;
  readonly #timer: Disposable;
  #waiting: NewAuditEvent[] = [];
  readonly #merged = new Map<string, NewAuditEvent>();
  #secondEndsAt = 0;
  #takenInSecond = 0;
  #strangersInSecond = 0;
  #writing: Promise<void> | undefined;
  #lost = 0;
  #failing = false;

  constructor(options: AuditLogOptions) {
    this.#options = options;
    this.#timer = options.clock.every(writeMs, () => void this.#write());
  }

  record(deed: Deed): void {
    const { clock } = this.#options;
    const now = clock.now();
    if (now >= this.#secondEndsAt) this.#beginSecond(now);
    if (this.#hasRoom(deed)) return this.#add({ ...deed, atMs: clock.wallMs(), count: 1 });
    const { caller, method, operation = '', outcome } = deed;
    const key = `${caller}\n${method}\n${operation}\n${outcome}`;
    const merged = this.#merged.get(key);
    if (merged) merged.count += 1;
    else this.#merged.set(key, { ...deed, target: '', address: '', atMs: clock.wallMs(), count: 1 });
  }

  /** Writes what there is. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    await this.#writing;
    this.#endSecond();
    await this.#write();
  }

  #hasRoom({ caller }: Deed): boolean {
    if (caller === '') {
      this.#strangersInSecond += 1;
      return this.#strangersInSecond <= strangersPerSecond;
    }
    this.#takenInSecond += 1;
    return this.#takenInSecond <= eachPerSecond;
  }

  #beginSecond(now: number): void {
    this.#endSecond();
    this.#secondEndsAt = now + secondMs;
    this.#takenInSecond = 0;
    this.#strangersInSecond = 0;
  }

  #endSecond(): void {
    for (const event of this.#merged.values()) this.#add(event);
    this.#merged.clear();
  }

  #add(event: NewAuditEvent): void {
    if (this.#waiting.length < maxWaiting) this.#waiting.push(event);
    else this.#lost += event.count;
  }

  async #write(): Promise<void> {
    if (this.#options.clock.now() >= this.#secondEndsAt) this.#endSecond();
    if (this.#writing || this.#waiting.length === 0) return;
    this.#writing = this.#append(this.#waiting);
    this.#waiting = [];
    await this.#writing;
    this.#writing = undefined;
  }

  async #append(events: NewAuditEvent[]): Promise<void> {
    const { audit, logger } = this.#options;
    try {
      await audit.append(events);
      if (this.#failing) logger.info({ lost: this.#lost }, 'audit events are written again');
      this.#failing = false;
      this.#lost = 0;
    } catch (error) {
      if (!this.#failing) logger.error({ err: error }, 'audit events cannot be written; they wait, up to 10,000');
      this.#failing = true;
      const room = maxWaiting - this.#waiting.length;
      for (const { count } of events.slice(room)) this.#lost += count;
      this.#waiting = [...events.slice(0, room), ...this.#waiting];
    }
  }
}

/** The thing that a request is about, for people: the first of its ids, and the operation that it asks for. */
export function subjectOf(request: unknown): Pick<Deed, 'target' | 'operation'> {
  const fields = (request ?? {}) as Record<string, unknown> & { operation?: common.Operation | null };
  const [target = ''] = subjects.flatMap(([field, what]) => textOf(fields[field], what, field));
  const { operation } = fields;
  return { target, ...(operation ? { operation: operationName(operation) } : {}) };
}

/** Fields of requests that say what they are about. A field that holds the thing itself holds its id under one of the other names. */
const subjects = [
  ['deviceId', 'device'],
  ['groupPushId', 'group push'],
  ['enrollmentTokenId', 'enrollment token'],
  ['nodeId', 'push server'],
  ['distributionPointId', 'distribution point'],
  ['path', 'group'],
  ['name', 'token'],
  ['device', ''],
  ['group', 'group'],
  ['distributionPoint', ''],
  ['target', ''],
] as const;
/** No id is longer than a path; whatever is has been refused. */
const subjectChars = 200;

function textOf(value: unknown, what: string, field: string): string[] {
  if (typeof value === 'string' && what !== '') return value === '' ? [] : [`${what} ${value.slice(0, subjectChars)}`];
  if (typeof value !== 'object' || value === null) return [];
  return subjects
    .filter(([inner]) => inner !== field)
    .flatMap(([inner, innerWhat]) => {
      const text = (value as Record<string, unknown>)[inner];
      return typeof text === 'string' ? textOf(text, innerWhat, inner) : [];
    });
}

function operationName(operation: common.Operation): string {
  const kinds = Object.keys(operationNames) as OperationKind[];
  const kind = kinds.find((one) => operation[one]);
  return kind === undefined ? '' : operationNames[kind];
}

/** `OK`, where a command stood when its caller was answered, or the reason of a refusal. */
export function outcomeOf(error: unknown, response: unknown): string {
  if (error) return fromStatus(error as Parameters<typeof fromStatus>[0]).code;
  const { status } = (response ?? {}) as { status?: { outcome?: string } };
  return status?.outcome?.replace('OUTCOME_', '') ?? 'OK';
}

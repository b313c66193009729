import { type BigIntStats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { type Live, LiveValue } from '../live.ts';
import type { Logger } from '../logger.ts';
import { meter } from '../metrics/meter.ts';
import { metrics } from '../metrics/metric-table.ts';
import { ExpiryWatch } from './expiry-watch.ts';

/** A credential that a process reads from files, and takes anew when they change. */
export type CredentialName =
  | 'server'
  | 'cluster'
  | 'ca'
  | 'admin-token'
  | 'ticket-secret'
  | 'device-issuers'
  | 'device-cas'
  | 'redis';

export interface CredentialSource<Value> {
  name: CredentialName;
  /** The files that it is read from; some of them may be absent. */
  files: readonly string[];
  /** Reads them. @throws PushfleetError that says what is wrong, and with which file */
  load(): Value;
  /** Says why the value of changed files is not used in place of the former one. `undefined`: it is used. */
  judge?(next: Value, former: Value): string | undefined;
  isSame(one: Value, other: Value): boolean;
  /** Another one that it is made of: it is read again when that changes. */
  dependsOn?: Live<unknown>;
  /** When the first certificate of it ends, in Unix time. */
  endsAtMs?(value: Value): number | undefined;
  /** When the first list of revoked certificates in it is to be replaced, in Unix time. */
  nextListMs?(value: Value): number | undefined;
}

/** Something about credentials that operators want to know. */
export interface CredentialReport {
  /** `ending`: a certificate ends within 30 days, or has ended; or a list of revoked ones is late. */
  kind: 'replaced' | 'refused' | 'ending';
  name: CredentialName;
  /** In words. */
  detail: string;
}

export interface CredentialWatchOptions {
  clock: Clock;
  logger: Logger;
  report(reported: CredentialReport): void;
}

/** A change is used once the files have stood still for that long: whoever replaces several writes one after the other. */
const lookEveryMs = 1_000;

/**
 * The credentials of a process that lie in files. They are read when they are added, and again when the files change; what is wrong
 * then is told, and the former stays in use until the files are right. Looks at names once a second instead of being told of changes by
 * the system: that sees files that are written, renamed over, or swapped as links at any depth of the path, on any file system.
 */
export class CredentialFiles implements Disposable {
  readonly #all: WatchedSource<unknown>[] = [];
  #timer: Disposable | undefined;
  #looking: Promise<void> = Promise.resolve();
  #looksInFlight = 0;

  /** @throws PushfleetError of `load` */
  add<Value>(source: CredentialSource<Value>): Live<Value> {
    const watched = new WatchedSource(source);
    this.#all.push(watched as WatchedSource<unknown>);
    source.dependsOn?.onChange(() => watched.invalidate());
    return watched.value;
  }

  watch(options: CredentialWatchOptions): void {
    for (const watched of this.#all) watched.tellTo(options);
    this.#timer = options.clock.every(lookEveryMs, () => {
      // A file system that does not answer is not asked again meanwhile.
      if (this.#looksInFlight === 0) void this.look();
    });
  }

  /** Reads all files again, whether they have changed or not. */
  reload(): Promise<void> {
    return this.look(true);
  }

  /** Reads the files that have changed, in the order in which they were added. Never rejects. */
  look(atOnce = false): Promise<void> {
    this.#looksInFlight += 1;
    this.#looking = this.#looking.then(async () => {
      for (const watched of this.#all) await watched.look(atOnce);
      this.#looksInFlight -= 1;
    });
    return this.#looking;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    for (const watched of this.#all) watched[Symbol.dispose]();
  }
}

class WatchedSource<Value> implements Disposable {
  readonly value: LiveValue<Value>;
  readonly #source: CredentialSource<Value>;
  readonly #expiry = new ExpiryWatch('certificates');
  readonly #lateness = new ExpiryWatch('lists');
  #options: CredentialWatchOptions | undefined;
  /** The files as they were when they were read last. */
  #read: string;
  /** The files as they were when they were looked at last, if they have changed since they were read. */
  #changing: string | undefined;
  /** The fault of the files; with the value where they could be read. */
  #refused: { detail: string; candidate?: Value } | undefined;

  constructor(source: CredentialSource<Value>) {
    this.#source = source;
    // Before the files are read: a change in between is seen as one.
    this.#read = source.files.map((file) => describeFile(statIfThere(file))).join();
    this.value = new LiveValue(source.load());
    meter.set(metrics.credentialsRefused, source.name, 0);
    this.#watchEnds(this.value.current);
  }

  tellTo(options: CredentialWatchOptions): void {
    this.#options = options;
    this.#tellOfEnds();
  }

  /** It is read anew when it is looked at next. */
  invalidate(): void {
    this.#read = '';
  }

  async look(atOnce: boolean): Promise<void> {
    const now = await stateOf(this.#source.files);
    const hasChanged = now !== this.#read;
    const stoodStill = now === this.#changing;
    this.#changing = hasChanged ? now : undefined;
    if (atOnce || (hasChanged && stoodStill)) this.#load(now);
    // It may be good by now: its time has come, or the push server has got another address.
    else if (!hasChanged && this.#refused && 'candidate' in this.#refused) this.#take(this.#refused.candidate as Value);
    this.#tellOfEnds();
  }

  [Symbol.dispose](): void {
    this.#options = undefined;
  }

  #load(files: string): void {
    this.#read = files;
    this.#changing = undefined;
    try {
      this.#take(this.#source.load());
    } catch (error) {
      this.#refuse({ detail: (error as Error).message });
    }
  }

  #take(next: Value): void {
    const { name, isSame, judge } = this.#source;
    const former = this.value.current;
    if (isSame(next, former)) {
      // A newer list may revoke the same ones as the former.
      this.#watchEnds(next);
      return this.#accept();
    }
    const detail = judge?.(next, former);
    if (detail !== undefined) return this.#refuse({ detail, candidate: next });
    this.#accept();
    this.value.replace(next);
    this.#watchEnds(next);
    this.#tell({ kind: 'replaced', name, detail: `${labels[name]} was replaced by what its files hold now` });
  }

  #accept(): void {
    this.#refused = undefined;
    meter.set(metrics.credentialsRefused, this.#source.name, 0);
  }

  #refuse(refused: { detail: string; candidate?: Value }): void {
    const { name } = this.#source;
    const known = this.#refused?.detail;
    this.#refused = refused;
    meter.set(metrics.credentialsRefused, name, 1);
    if (known === refused.detail) return;
    this.#tell({ kind: 'refused', name, detail: `${refused.detail}; the former ${labels[name]} stays in use` });
  }

  #tell(reported: CredentialReport): void {
    const { logger, report } = this.#options ?? {};
    logger?.[reported.kind === 'replaced' ? 'info' : 'warn']({ credential: reported.name }, reported.detail);
    report?.(reported);
  }

  #watchEnds(value: Value): void {
    const { name, endsAtMs, nextListMs } = this.#source;
    const end = endsAtMs?.(value);
    this.#expiry.endsAtMs = end;
    if (end !== undefined && isMetered(name)) meter.set(metrics.certificateExpiry, name, end / 1_000);
    const due = nextListMs?.(value);
    this.#lateness.endsAtMs = due;
    if (nextListMs) meter.set(metrics.revocationListDue, '', (due ?? 0) / 1_000);
  }

  #tellOfEnds(): void {
    if (!this.#options) return;
    const { name } = this.#source;
    const wallMs = this.#options.clock.wallMs();
    const end = this.#expiry.next(wallMs);
    if (end) this.#tell({ kind: 'ending', name, detail: `${labels[name]} ${end}` });
    const due = this.#lateness.next(wallMs);
    if (due)
      this.#tell({
        kind: 'ending',
        name,
        detail: `the next list of revoked client certificates of devices ${due}; the former one stays in use`,
      });
  }
}

/** Each of them in words. */
const labels: Record<CredentialName, string> = {
  server: 'certificate for devices and Administration Servers',
  cluster: 'certificate for the cluster',
  ca: 'list of CAs that devices trust',
  'admin-token': 'admin token',
  'ticket-secret': 'secret of TLS session tickets',
  'device-issuers': 'list of issuers whose tokens devices may show',
  'device-cas': 'list of CAs whose client certificates devices may show, or of those that they have revoked',
  redis: 'password or CA of Redis',
};

function isMetered(name: CredentialName): name is 'server' | 'cluster' {
  return name === 'server' || name === 'cluster';
}

async function stateOf(files: readonly string[]): Promise<string> {
  const states = files.map((file) => stat(file, { bigint: true }).catch(() => undefined));
  return (await Promise.all(states)).map(describeFile).join();
}

function statIfThere(file: string): BigIntStats | undefined {
  try {
    return statSync(file, { bigint: true });
  } catch {
    return undefined;
  }
}

/** Differs for each content that a file has had: a write changes its times, a rename or another link its number. */
function describeFile(file: BigIntStats | undefined): string {
  return file ? `${file.dev}:${file.ino}:${file.size}:${file.mtimeNs}:${file.ctimeNs}` : '-';
}

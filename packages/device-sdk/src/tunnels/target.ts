import type { Duplex } from 'node:stream';
import { formatHostPort, invalidArgument, parseTarget, type Target } from '@pushfleet/protocol';
import type { Clock } from '../clock.ts';

const any = '*';

/**
 * The targets to which a device lets tunnels through: `host:port`, where `*` stands for every host or every port. Names
 * are compared as they are written: an entry for `localhost` does not permit `127.0.0.1`.
 */
export class AllowList {
  readonly #entries: ReadonlySet<string>;

  /** @throws PushfleetError INVALID_ARGUMENT that names the option. */
  constructor(entries: readonly string[]) {
    this.#entries = new Set(entries.map(parseEntry));
  }

  permits({ host, port }: Target): boolean {
    const name = host.toLowerCase();
    return [key(name, port), key(name, any), key(any, port), key(any, any)].some((entry) => this.#entries.has(entry));
  }
}

function parseEntry(entry: string, index: number): string {
  const [, hostPart = '', portPart = ''] = /^(.+):(\*|\d+)$/.exec(entry) ?? [];
  try {
    const { host, port } = parseTarget(`${hostPart === any ? 'any' : hostPart}:${portPart === any ? '1' : portPart}`);
    return key(hostPart === any ? any : host.toLowerCase(), portPart === any ? any : port);
  } catch {
    throw invalidArgument(`tunnels.allow[${index}]`, 'host:port, where * stands for any host or any port');
  }
}

function key(host: string, port: number | typeof any): string {
  return port === any ? `${host} ${any}` : formatHostPort(host, port);
}

/** Connects to a target; calls `opened` once bytes may be written. Each direction ends by itself. */
export type OpenTarget = (target: Target, opened: () => void) => Duplex;

const connectWithinMs = 10_000;

/** Rejects with an error that says what was tried, or with the signal's reason. */
export function connectTo(target: Target, open: OpenTarget, clock: Clock, signal: AbortSignal): Promise<Duplex> {
  const { host, port } = target;
  return new Promise((resolve, reject) => {
    const socket = open(target, () => {
      release();
      resolve(socket);
    });
    const fail = (error: Error) => {
      release();
      socket.destroy();
      reject(error);
    };
    const failed = (why: string) => fail(new Error(`cannot connect to ${formatHostPort(host, port)}: ${why}`));
    const onError = (error: NodeJS.ErrnoException) => failed(error.message || (error.code ?? 'unknown'));
    const onAbort = () => fail(signal.reason as Error);
    const deadline = clock.after(connectWithinMs, () => failed(`no answer within ${connectWithinMs} ms`));
    const release = () => {
      deadline[Symbol.dispose]();
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      // Until someone else listens, an error is not to end the process.
      socket.on('error', () => undefined);
    };
    socket.on('error', onError);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}

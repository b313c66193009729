import { formatHostPort, invalidArgument, parseTarget, type Target } from '@pushfleet/protocol';

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

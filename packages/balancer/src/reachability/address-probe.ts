import type { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns';
import { once } from 'node:events';
import net, { isIP, type Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { formatHostPort, type NodeId } from '@pushfleet/protocol';
import type { NodeProblem } from '@pushfleet/registry';
import { type AttendedTime, createLimiter, findCertificateFault, visibleText } from '@pushfleet/runtime';
import { identify } from './identify.ts';

/** The place where devices are to find a push server. */
export interface ProbedAddress {
  nodeId: NodeId;
  /** Address for remote hosts. */
  address: string;
  port: number;
  /** Whether the push server itself has TLS on its device port; `undefined`: an older version, which does not say. */
  deviceTls: boolean | undefined;
}

export interface AddressProbeOptions {
  /** The CAs that devices trust; `undefined`: not known, and whether they trust a certificate is not judged. */
  authorities: readonly X509Certificate[] | undefined;
  /** Measures the deadline: a pause of this process is not held against who answers. */
  attended: AttendedTime;
  wallMs(): number;
  deadlineMs: number;
}

/** The reason why a probe did not get through. `impairs` is for the caller to say: the address may work for devices. */
export type AddressFault = Omit<NodeProblem, 'impairs'>;

/**
 * Comes to a push server as a device does: name, TCP, TLS, certificate; and asks who answers. `undefined`: a device would
 * get through. Never rejects, and ends by the deadline.
 */
export async function probeAddress(
  target: ProbedAddress,
  options: AddressProbeOptions,
): Promise<AddressFault | undefined> {
  const attempt = new Attempt(target, options);
  try {
    return await attempt.run();
  } catch (error) {
    return attempt.explain(error as Error);
  } finally {
    attempt[Symbol.dispose]();
  }
}

/** Node.js looks names up in the thread pool, which others need as well. */
const limitLookups = createLimiter(2);
const familyTimeoutMs = 1_500;
const redirect = 'check "address for remote hosts", push server port, port forwarding and firewalls';

type Stage = 'connecting' | 'handshake' | 'asking';

class Attempt implements Disposable {
  readonly #target: ProbedAddress;
  readonly #options: AddressProbeOptions;
  readonly #sockets: Socket[] = [];
  readonly #timer: Disposable;
  readonly #overdue = Promise.withResolvers<never>();
  #stage: Stage = 'connecting';

  constructor(target: ProbedAddress, options: AddressProbeOptions) {
    this.#target = target;
    this.#options = options;
    this.#timer = options.attended.after(options.deadlineMs, () => this.#overdue.reject(new Overdue()));
    this.#overdue.promise.catch(() => {});
  }

  run(): Promise<AddressFault | undefined> {
    return Promise.race([this.#try(), this.#overdue.promise]);
  }

  explain(error: Error): AddressFault {
    const place = formatHostPort(this.#target.address, this.#target.port);
    const within = `no answer within ${Math.round(this.#options.deadlineMs / 1_000)} s`;
    const why = error instanceof Overdue ? within : reasonOf(error);
    if (this.#stage === 'asking') {
      const detail = `at ${place} something else answers than this push server (${why}); ${redirect}`;
      return { kind: 'wrong-server', detail };
    }
    const what = this.#stage === 'connecting' ? 'no connection' : 'no TLS';
    return { kind: 'address-unreachable', detail: `${what} to ${place}: ${why}; ${redirect}` };
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #try(): Promise<AddressFault | undefined> {
    const secured = await this.#secure();
    await this.#ask(secured ?? (await this.#connect()));
    return secured && this.#judge(secured);
  }

  /** `undefined`: there is no TLS, and need not be: where the push server itself has none, a proxy before it may. */
  async #secure(): Promise<TLSSocket | undefined> {
    const socket = await this.#connect();
    try {
      return await this.#handshake(socket);
    } catch (error) {
      if (this.#target.deviceTls !== false) throw error;
      return undefined;
    }
  }

  async #ask(socket: Socket): Promise<void> {
    this.#stage = 'asking';
    const { nodeId, deviceTls } = this.#target;
    const identity = await identify(socket);
    // A version that says nothing of its TLS does not know the question either.
    const isOlder = identity.kind === 'unasked' && deviceTls === undefined;
    if (identity.kind === 'unasked' && !isOlder) throw new Error('it speaks gRPC, but is no push server');
    if (identity.kind === 'push-server' && identity.nodeId !== nodeId) {
      throw new Error(`it is push server "${visibleText(identity.nodeId.slice(0, 63))}"`);
    }
  }

  async #connect(): Promise<Socket> {
    this.#stage = 'connecting';
    const { address: host, port } = this.#target;
    const socket = net.connect({
      host,
      port,
      lookup: lookupInTurn,
      autoSelectFamilyAttemptTimeout: familyTimeoutMs,
    });
    this.#sockets.push(socket);
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  }

  async #handshake(socket: Socket): Promise<TLSSocket> {
    this.#stage = 'handshake';
    const { address } = this.#target;
    const { authorities } = this.#options;
    const secured = tls.connect({
      socket,
      ...(isIP(address) > 0 ? {} : { servername: address }),
      ...(authorities ? { ca: authorities.map(String) } : {}),
      ALPNProtocols: ['h2'],
      minVersion: 'TLSv1.2',
      // Judged afterwards, in words.
      rejectUnauthorized: false,
      checkServerIdentity: () => undefined,
    });
    this.#sockets.push(secured);
    secured.on('error', () => {});
    await once(secured, 'secureConnect');
    return secured;
  }

  #judge(socket: TLSSocket): AddressFault | undefined {
    const { authorities } = this.#options;
    const expected = { address: this.#target.address, wallMs: this.#options.wallMs(), authorities };
    const fault = findCertificateFault(chainOf(socket), expected);
    if (fault || !authorities || socket.authorized) return fault;
    // OpenSSL finds more than that: a weak key, a wrong use, a bound on the length of the chain.
    const reason = visibleText(String(socket.authorizationError)).slice(0, 200);
    return { kind: 'certificate-untrusted', detail: `devices refuse its certificate: ${reason}` };
  }
}

class Overdue extends Error {}

function lookupInTurn(...[host, options, callback]: Parameters<net.LookupFunction>): void {
  void limitLookups(
    () =>
      new Promise<void>((resolve) => {
        lookup(host, options, (...answer) => {
          resolve();
          callback(...answer);
        });
      }),
  );
}

/** The certificates that were shown, and those above them that this process knows. */
function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let next = socket.getPeerX509Certificate(); next && chain.length < 16; next = next.issuerCertificate) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === next?.fingerprint256)) break;
    chain.push(next);
  }
  return chain;
}

/** An error of the network in words. */
function reasonOf(error: Error & { code?: string; errors?: (Error & { code?: string })[] }): string {
  const { code = error.errors?.[0]?.code, message } = error;
  if (code?.startsWith('ERR_SSL_')) return `it speaks no TLS, or none that devices speak (${code})`;
  const known = code === undefined ? undefined : reasons[code];
  return known ?? visibleText(code ?? message).slice(0, 200);
}

const reasons: Record<string, string> = {
  ENOTFOUND: 'nobody knows that name (ENOTFOUND)',
  EAI_AGAIN: 'the name cannot be looked up (EAI_AGAIN)',
  ECONNREFUSED: 'nobody listens there (ECONNREFUSED)',
  ECONNRESET: 'closed without a word (ECONNRESET)',
  EHOSTUNREACH: 'no way there (EHOSTUNREACH)',
  ENETUNREACH: 'no way there (ENETUNREACH)',
  ETIMEDOUT: 'no answer (ETIMEDOUT)',
};

import type { X509Certificate } from 'node:crypto';
import type { BlockList, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type device, limits, PushfleetError } from '@pushfleet/protocol';
import { AssignmentService } from '@pushfleet/protocol/device';
import {
  type AttendedTime,
  addressOfPeer,
  type Barrier,
  type ConnectionLimits,
  type DeviceSignIns,
  GrpcHost,
  Listener,
  type ListenerStats,
  type Live,
  type Logger,
  type LoopLoad,
  type TicketKeySource,
} from '@pushfleet/runtime';
import { unary } from '../errors.ts';
import { HttpHost } from '../net/http-host.ts';
import { listen } from '../net/listen.ts';
import type { Assigner } from './assigner.ts';
import type { Caller } from './assignment-queue.ts';
import type { AssignmentRate } from './assignment-rate.ts';
import type { Enroller } from './enrollment/enroller.ts';
import { assignmentRoutes } from './http.ts';
import { certificateAt } from './identity/client-certificate.ts';
import { parseEnrollment, parseQuery } from './query.ts';

export interface AssignmentServerOptions {
  at: { host: string; port: number };
  /** The setting that names that address. */
  bindSetting: string;
  tls: Live<TlsOptions>;
  ticketKeys?: TicketKeySource;
  greetingDeadlineMs: number;
  connectionLimits: ConnectionLimits;
  /** The addresses of proxies that say for whom they speak. */
  proxies?: BlockList | undefined;
  /** Networks in which many devices share an address. */
  shared?: BlockList | undefined;
  /** Counts credentials that are bad: clients from addresses that are locked come last. */
  signIns?: Pick<DeviceSignIns, 'isSuspect'>;
  assigner: Assigner;
  enroller: Enroller;
  barrier: Barrier;
  attended: AttendedTime;
  /** How busy the process is. */
  load: LoopLoad;
  /** Devices that may ask in a second, over connections of their own. */
  rate: Pick<AssignmentRate, 'perSecond'>;
  logger: Logger;
}

/** The port that devices ask for their assignment. */
export interface AssignmentPort extends AsyncDisposable {
  readonly port: number;
  stats(): ListenerStats;
  start(): Promise<void>;
  stopListening(): void;
}

/** gRPC and HTTPS on one port, whichever a client offers. */
export class AssignmentServer implements AssignmentPort {
  readonly #at: { host: string; port: number };
  readonly #bindSetting: string;
  readonly #listener: Listener;
  readonly #grpc: GrpcHost;
  readonly #http: HttpHost;

  constructor(options: AssignmentServerOptions) {
    const { at, tls, greetingDeadlineMs, connectionLimits, assigner, enroller, barrier, attended, load, logger } =
      options;
    this.#at = at;
    this.#bindSetting = options.bindSetting;
    this.#grpc = this.#createGrpcHost(options);
    const handlers = assignmentHandlers(
      assigner,
      logger,
      (call) => this.#grpc.markAuthenticated(call),
      enroller,
      (call) => certificateAt(this.#grpc.socketOf(call)),
      (call) => this.#grpc.endAfterCalls(call),
    );
    this.#grpc.addService(AssignmentService.service, { ...handlers });
    this.#http = new HttpHost({
      bodyBytes: limits.greetingBytes,
      greetingDeadlineMs,
      routes: assignmentRoutes(assigner, enroller, (socket) => this.#listener.markAuthenticated(socket)),
      summary: 'POST /v1/assignment and POST /v1/enrollment',
      barrier,
      attended,
    });
    const routes = {
      h2: this.#grpc.accept.bind(this.#grpc),
      http1: (socket: Socket) => this.#http.accept(socket),
    };
    const { ticketKeys, rate, proxies, shared, signIns } = options;
    const keys = ticketKeys ? { ticketKeys } : {};
    this.#listener = new Listener({
      ...at,
      ...keys,
      tls,
      greetingDeadlineMs,
      routes,
      ...{ connectionLimits, proxies, shared },
      isSuspect: (address) => signIns?.isSuspect(address) === true,
      load,
      mostPerSecond: () => rate.perSecond,
      attended,
    });
  }

  stats(): ListenerStats {
    return this.#listener.stats();
  }

  get port(): number {
    return this.#listener.port;
  }

  async start(): Promise<void> {
    await this.#http.start();
    await listen(this.#listener, this.#at, 'PUSHFLEET_ASSIGN_PORT', this.#bindSetting);
  }

  stopListening(): void {
    this.#listener.stopListening();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
    await this.#http[Symbol.asyncDispose]();
    await this.#grpc[Symbol.asyncDispose]();
  }

  #createGrpcHost({ greetingDeadlineMs, barrier, attended }: AssignmentServerOptions): GrpcHost {
    return new GrpcHost({
      ...{ maxMessageBytes: limits.greetingBytes, barrier, attended },
      // A device asks once and goes, so a connection without a call has no business here.
      idleMs: greetingDeadlineMs,
      greetingMs: greetingDeadlineMs,
      keepAliveMs: greetingDeadlineMs,
      pingEveryMs: 5_000,
      endMs: greetingDeadlineMs,
      calls: { unauthenticated: 100, authenticated: 100 },
      onAuthenticated: (socket) => this.#listener.markAuthenticated(socket),
    });
  }
}

const grpcNames = {
  deviceId: 'device_id',
  secret: 'secret',
  identityToken: 'identity_token',
  unreachableNodeIds: 'unreachable_node_ids',
};

const grpcEnrollmentNames = { deviceId: 'device_id', enrollmentToken: 'enrollment_token', secret: 'secret' };

/**
 * @param onKnown Called with each call whose device has shown who it is.
 * @param onLocked Called with each call that was not looked at, because too many sign-ins like it have failed: whoever goes on trying
 * costs a connection each time, and those from there come last.
 */
export function assignmentHandlers(
  assigner: Assigner,
  logger: Logger,
  onKnown: (call: object) => void,
  enroller: Enroller,
  certificateOf: (call: object) => X509Certificate | undefined = () => undefined,
  onLocked: (call: object) => void = () => {},
): device.AssignmentServiceHandlers {
  const tellLocked = (call: object) => (error: unknown) => {
    if (error instanceof PushfleetError && error.code === 'TOO_MANY_ATTEMPTS') onLocked(call);
    throw error;
  };
  return {
    Assign: unary<device.AssignRequest, device.AssignResponseInit>(logger, async (request, call) => {
      const { secret, ...shown } = request;
      // Of a oneof the last one counts.
      const query = parseQuery(request.identityToken ? shown : { ...shown, secret }, grpcNames, () =>
        certificateOf(call),
      );
      const assignment = await assigner.assign(query, callerOf(call)).catch(tellLocked(call));
      onKnown(call);
      return assignment;
    }),
    Enroll: unary<device.EnrollRequest, device.EnrollResponseInit>(logger, async (request, call) => {
      const enrollment = parseEnrollment(request, grpcEnrollmentNames);
      const group = await enroller.enroll(enrollment, callerOf(call)).catch(tellLocked(call));
      onKnown(call);
      return { group };
    }),
  };
}

function callerOf(call: { readonly cancelled: boolean; getPeer(): string }): Caller {
  return {
    address: addressOfPeer(call.getPeer()),
    get hasGone() {
      return call.cancelled;
    },
  };
}

import {
  ResponderBuilder,
  ServerInterceptingCall,
  type ServerInterceptor,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { type admin, limitMessages, limits, type PushfleetError, toStatus } from '@pushfleet/protocol';
import {
  CommandService,
  EventService,
  FleetService,
  HealthService,
  MaintenanceService,
  OverviewService,
  TokenService,
  TunnelService,
} from '@pushfleet/protocol/admin';
import {
  type AttendedTime,
  type Barrier,
  type ConnectionLimits,
  GrpcHost,
  type KeyPair,
  Listener,
  type ListenerStats,
  type Live,
  type LoopLoad,
  parseAdminToken,
  processSettings,
  readCredentialFile,
} from '@pushfleet/runtime';
import type { AccessControl } from '../access/access-control.ts';
import { signIn, type TokenDirectory } from '../access/token-directory.ts';
import { listen } from '../net/listen.ts';
import { Health } from './health.ts';
import { addReflection } from './reflection.ts';

export interface AdminServerOptions {
  at: { host: string; port: number };
  tls: Live<KeyPair>;
  tokens: Pick<TokenDirectory, 'find'>;
  access: AccessControl;
  greetingDeadlineMs: number;
  connectionLimits: ConnectionLimits;
  /** Methods that are missing are answered as UNIMPLEMENTED. */
  commands: Partial<admin.CommandServiceHandlers>;
  fleet: admin.FleetServiceHandlers;
  maintenance: admin.MaintenanceServiceHandlers;
  events: admin.EventServiceHandlers;
  overview: admin.OverviewServiceHandlers;
  tunnels: admin.TunnelServiceHandlers;
  apiTokens: admin.TokenServiceHandlers;
  barrier: Barrier;
  attended: AttendedTime;
  /** How busy the process is. */
  load: LoopLoad;
}

/** By their full names; the health service calls the server as a whole "". */
const services = ['Command', 'Fleet', 'Maintenance', 'Event', 'Overview', 'Token', 'Tunnel'].map(
  (name) => `pushfleet.admin.v1.${name}Service`,
);
/** An Administration Server may have thousands of pushes under way, each a call of its own. */
const calls = { unauthenticated: 32, authenticated: 4_096 };

/** The admin API's port. Health is open to everyone, the rest to holders of API tokens, to each as its role has it. */
export class AdminServer implements AsyncDisposable {
  readonly #at: { host: string; port: number };
  readonly #listener: Listener;
  readonly #grpc: GrpcHost;
  readonly #health = new Health(['', ...services]);

  constructor(options: AdminServerOptions) {
    const { at, tls, greetingDeadlineMs, connectionLimits, barrier, attended, load } = options;
    this.#at = at;
    this.#grpc = new GrpcHost({
      ...{ maxMessageBytes: limits.frameBytes, greetingMs: greetingDeadlineMs, calls, barrier, attended },
      // Administration Servers keep their connection between commands.
      idleMs: 300_000,
      keepAliveMs: 20_000,
      pingEveryMs: 5_000,
      endMs: 30_000,
      interceptors: [requireToken(options, (call) => this.#grpc.markAuthenticated(call))],
      onAuthenticated: (socket) => this.#listener.markAuthenticated(socket),
    });
    this.#addServices(options);
    const routes = { h2: this.#grpc.accept.bind(this.#grpc) };
    this.#listener = new Listener({ ...at, tls, greetingDeadlineMs, routes, connectionLimits, load, attended });
  }

  stats(): ListenerStats {
    return this.#listener.stats();
  }

  get port(): number {
    return this.#listener.port;
  }

  async start(): Promise<void> {
    await listen(this.#listener, this.#at, 'PUSHFLEET_ADMIN_PORT', 'PUSHFLEET_ADMIN_BIND');
  }

  setServing(serving: boolean): void {
    this.#health.setServing(serving);
  }

  stopListening(): void {
    this.#listener.stopListening();
  }

  /** Lets calls that have been answered reach their callers; calls that last are cut off when `signal` fires. */
  async finishCalls(signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([this.#grpc.finishCalls(), aborted]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#grpc[Symbol.asyncDispose]();
    await this.#listener[Symbol.asyncDispose]();
  }

  #addServices(options: AdminServerOptions): void {
    const { commands, fleet, maintenance, events, overview, apiTokens, tunnels, access } = options;
    const add = (service: ServiceDefinition, handlers: object) =>
      this.#grpc.addService(service, access.restrict(service, handlers as UntypedServiceImplementation));
    add(CommandService.service, commands);
    add(FleetService.service, fleet);
    add(MaintenanceService.service, maintenance);
    add(EventService.service, events);
    add(OverviewService.service, overview);
    add(TokenService.service, apiTokens);
    add(TunnelService.service, tunnels);
    this.#grpc.addService(HealthService.service, this.#health.handlers);
    addReflection(this.#grpc, [...services, 'grpc.health.v1.Health']);
  }
}

/** The first line of the file. @throws PushfleetError INVALID_ARGUMENT that names the setting and the file. */
export function readAdminToken(file: string): string {
  const { bytes } = readCredentialFile(processSettings.adminTokenFile.name, file, '`pushfleet init` makes one');
  return parseAdminToken(bytes, file);
}

/** The services that need no token are asked in few words. */
const openPaths = '/grpc.health.v1.Health/';
const openMessageBytes = 1_024;

/**
 * Lets calls through only with `authorization: Bearer <token>`; those of the health service need none.
 * @param onToken Called with each call that has it, before it goes on.
 */
function requireToken(
  { tokens, access }: Pick<AdminServerOptions, 'tokens' | 'access'>,
  onToken: (call: object) => void,
): ServerInterceptor {
  return (method, call) => {
    if (method.path.startsWith(openPaths)) {
      limitMessages(call, openMessageBytes);
      return new ServerInterceptingCall(call);
    }
    const responder = new ResponderBuilder().withStart((next) =>
      next({
        onReceiveMetadata: (metadata, pass) => {
          try {
            access.setCaller(call, signIn(tokens, metadata.get('authorization')[0]?.toString() ?? '', 'metadata'));
          } catch (error) {
            return call.sendStatus(toStatus(error as PushfleetError));
          }
          onToken(call);
          pass(metadata);
        },
      }),
    );
    return new ServerInterceptingCall(call, responder.build());
  };
}

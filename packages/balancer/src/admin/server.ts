import { ReflectionService } from '@grpc/reflection';
import {
  type admin,
  CommandService,
  EventService,
  FleetService,
  limits,
  loadReflectedPackages,
  MaintenanceService,
  TunnelService,
} from '@pushfleet/protocol';
import { type AttendedTime, FrontDoor, GrpcHost, type KeyPair } from '@pushfleet/runtime';
import { HealthImplementation, service as healthService, type ServingStatus } from 'grpc-health-check';
import type { CommandHandlers, GroupPushHandlers } from '../commands/grpc.ts';
import { listen } from '../net/listen.ts';
import { grpcRoute } from '../net/silence.ts';
import { requireToken } from './auth.ts';

export interface AdminServerOptions {
  at: { host: string; port: number };
  tls: KeyPair;
  token: string;
  greetingDeadlineMs: number;
  /** What is missing is answered as UNIMPLEMENTED. */
  commands: Partial<CommandHandlers & GroupPushHandlers>;
  fleet: admin.FleetServiceHandlers;
  maintenance: admin.MaintenanceServiceHandlers;
  events: admin.EventServiceHandlers;
  tunnels: admin.TunnelServiceHandlers;
  attended: AttendedTime;
}

/** By their full names; the health service calls the server as a whole "". */
const services = ['CommandService', 'FleetService', 'MaintenanceService', 'EventService', 'TunnelService'].map(
  (name) => `pushfleet.admin.v1.${name}`,
);
const watched = ['', ...services];

/** The admin API's port. Health and reflection are open to everyone, the rest to holders of the token. */
export class AdminServer implements AsyncDisposable {
  readonly #at: { host: string; port: number };
  readonly #door: FrontDoor;
  readonly #grpc: GrpcHost;
  readonly #health = new HealthImplementation(Object.fromEntries(watched.map((name) => [name, 'NOT_SERVING'])));
  #status: ServingStatus = 'NOT_SERVING';

  constructor(options: AdminServerOptions) {
    const { at, tls, token, greetingDeadlineMs, attended } = options;
    this.#at = at;
    this.#grpc = new GrpcHost({
      maxMessageBytes: limits.frameBytes,
      // Administration Servers keep their connection between commands.
      idleMs: 300_000,
      keepAliveMs: 20_000,
      attended,
      interceptors: [requireToken(token)],
    });
    this.#grpc.server.addService(CommandService.service, options.commands);
    this.#grpc.server.addService(FleetService.service, options.fleet);
    this.#grpc.server.addService(MaintenanceService.service, options.maintenance);
    this.#grpc.server.addService(EventService.service, options.events);
    this.#grpc.server.addService(TunnelService.service, options.tunnels);
    this.#health.addToServer(this.#grpc.server);
    createReflection().addToServer(this.#grpc.server);
    this.#door = new FrontDoor({
      ...at,
      tls,
      greetingDeadlineMs,
      routes: {
        h2: grpcRoute(this.#grpc, greetingDeadlineMs, attended),
      },
    });
  }

  get port(): number {
    return this.#door.port;
  }

  async start(): Promise<void> {
    await listen(this.#door, this.#at, 'PUSHFLEET_ADMIN_PORT');
  }

  setServing(serving: boolean): void {
    const status = serving ? 'SERVING' : 'NOT_SERVING';
    if (status === this.#status) return;
    this.#status = status;
    for (const name of watched) this.#health.setStatus(name, status);
  }

  stopListening(): void {
    this.#door.stopListening();
  }

  /** Lets calls that have been answered reach their callers; calls that last are cut off when `signal` fires. */
  async finishCalls(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true });
      this.#grpc.server.tryShutdown(() => resolve());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#grpc[Symbol.asyncDispose]();
    await this.#door[Symbol.asyncDispose]();
  }
}

function createReflection(): ReflectionService {
  // Any message of the health service brings the file that describes it.
  const health = healthService.Check?.requestType;
  const packages = { ...loadReflectedPackages(), ...(health ? { 'grpc.health.v1.HealthCheckRequest': health } : {}) };
  return new ReflectionService(packages, { services: [...services, 'grpc.health.v1.Health'] });
}

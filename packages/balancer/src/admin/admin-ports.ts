import type { KeyPair, ListenerStats, Live } from '@pushfleet/runtime';
import { RestApi, type RestApiOptions } from '../rest/rest-api.ts';
import { RestServer, type RestServerOptions } from '../rest/server.ts';
import { AdminServer, type AdminServerOptions } from './server.ts';

type Shared = Omit<AdminServerOptions, 'at' | 'connectionLimits'> & Pick<RestServerOptions, 'readiness'>;

export interface AdminPortsOptions
  extends Shared,
    Pick<RestApiOptions, 'sessions' | 'signInCodes' | 'audit' | 'clock' | 'logger'> {
  tls: Live<KeyPair>;
  grpc: Pick<AdminServerOptions, 'at' | 'connectionLimits'>;
  rest: Pick<RestServerOptions, 'at' | 'connectionLimits'>;
}

/** The admin API as a balancer serves it. */
export interface AdminApi extends AsyncDisposable {
  readonly ports: { admin: number; rest: number };
  stats(): ListenerStats;
  start(): Promise<void>;
  /** Answers gRPC's health checks. */
  setServing(serving: boolean): void;
  stopListening(): void;
  /** Lets calls that have been answered reach their callers, until `signal` fires. */
  finishCalls(signal: AbortSignal): Promise<void>;
}

/** The two ports of the admin API: gRPC, and HTTP with the REST API. Both serve the same handlers. */
export class AdminPorts implements AdminApi {
  readonly #grpc: AdminServer;
  readonly #api: RestApi;
  readonly #rest: RestServer;

  constructor({ grpc, rest, ...shared }: AdminPortsOptions) {
    const { commands, events, fleet, maintenance, overview, apiTokens } = shared;
    this.#grpc = new AdminServer({ ...shared, ...grpc });
    this.#api = new RestApi({
      ...shared,
      handlers: {
        ...{ Command: commands, Event: events, Fleet: fleet },
        ...{ Maintenance: maintenance, Overview: overview, Token: apiTokens },
      },
    });
    this.#rest = new RestServer({
      ...shared,
      ...{ ...rest, api: this.#api },
    });
  }

  get ports(): { admin: number; rest: number } {
    return { admin: this.#grpc.port, rest: this.#rest.port };
  }

  stats(): ListenerStats {
    return this.#grpc.stats();
  }

  async start(): Promise<void> {
    await this.#grpc.start();
    await this.#rest.start();
  }

  setServing(serving: boolean): void {
    this.#grpc.setServing(serving);
  }

  stopListening(): void {
    this.#grpc.stopListening();
    this.#rest.stopListening();
  }

  finishCalls(signal: AbortSignal): Promise<void> {
    return this.#grpc.finishCalls(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#api[Symbol.dispose]();
    await this.#rest[Symbol.asyncDispose]();
    await this.#grpc[Symbol.asyncDispose]();
  }
}

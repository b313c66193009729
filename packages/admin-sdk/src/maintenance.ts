import type { admin } from '@pushfleet/protocol';
import type { MaintenanceService } from '@pushfleet/protocol/admin';
import type { CallOptions } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { promised, ServiceCalls } from './service-calls.ts';

export interface DrainRequest {
  nodeId: string;
  /** Devices told to leave per second. Default 200. */
  devicesPerSecond?: number;
  /** Time until the links that are left are closed, in milliseconds. Default 300,000. */
  deadlineMs?: number;
}

export interface RollingRestartRequest extends Omit<DrainRequest, 'nodeId'> {
  /** Also where devices would be without a push server while theirs restarts. */
  ignoreCapacity?: boolean;
}

/** Moving devices between push servers. Every method rejects with a PushfleetError. */
export class Maintenance {
  readonly #calls: ServiceCalls<InstanceType<typeof MaintenanceService>>;

  constructor(channel: AdminChannel) {
    this.#calls = new ServiceCalls(channel, channel.maintenance);
  }

  /** Empties a push server and keeps it empty; answers as soon as it is ordered, or with what is under way. */
  async drain(request: DrainRequest, options: CallOptions = {}): Promise<admin.Maintenance> {
    const { maintenance } = await this.#calls.unary('drainNode', withDefaults(request), options);
    return promised(maintenance);
  }

  /** Ends a drain, at whatever phase it is. */
  async undrain(nodeId: string, options: CallOptions = {}): Promise<void> {
    await this.#calls.unary('undrainNode', { nodeId }, options);
  }

  /** Drains a push server, replaces its workers by new processes, lets it take devices again. */
  async restart(request: DrainRequest, options: CallOptions = {}): Promise<admin.Maintenance> {
    const { maintenance } = await this.#calls.unary('restartNode', withDefaults(request), options);
    return promised(maintenance);
  }

  /** The last drain or restart of a push server; `MAINTENANCE_PHASE_NONE` where there is none. */
  async get(nodeId: string, options: CallOptions = {}): Promise<admin.Maintenance> {
    const { maintenance } = await this.#calls.unary('getMaintenance', { nodeId }, options);
    return promised(maintenance);
  }

  /** The moves that a rebalance would make now. Changes nothing. */
  planRebalance(options: CallOptions = {}): Promise<admin.PlanRebalanceResponse> {
    return this.#calls.unary('planRebalance', {}, options);
  }

  /** Starts a rebalance now, or answers the one that is under way. */
  async startRebalance(options: CallOptions = {}): Promise<admin.Rebalance> {
    const { rebalance } = await this.#calls.unary('startRebalance', {}, options);
    return promised(rebalance);
  }

  /** The last rebalance; undefined where there was none. */
  async getRebalance(options: CallOptions = {}): Promise<admin.Rebalance | undefined> {
    const { rebalance } = await this.#calls.unary('getRebalance', {}, options);
    return rebalance ?? undefined;
  }

  /**
   * Stops the rebalance that is under way; devices that were told to go have gone. Answers the last one; undefined where
   * there was none.
   */
  async abortRebalance(options: CallOptions = {}): Promise<admin.Rebalance | undefined> {
    const { rebalance } = await this.#calls.unary('abortRebalance', {}, options);
    return rebalance ?? undefined;
  }

  /** The push servers in the order in which a rolling restart would take them now, and why it would be refused. Changes nothing. */
  planRollingRestart(options: CallOptions = {}): Promise<admin.PlanRollingRestartResponse> {
    return this.#calls.unary('planRollingRestart', {}, options);
  }

  /**
   * Restarts all push servers, one after the other; answers as soon as it has begun, and it goes on whatever becomes of the caller.
   * Rejects with ALREADY_EXISTS while one is under way, with WOULD_DISCONNECT where devices would be without a push server meanwhile.
   */
  async startRollingRestart(
    { devicesPerSecond = 0, deadlineMs = 0, ignoreCapacity = false }: RollingRestartRequest = {},
    options: CallOptions = {},
  ): Promise<admin.RollingRestart> {
    const request = { devicesPerSecond, deadlineMs, ignoreCapacity };
    const { rollingRestart } = await this.#calls.unary('startRollingRestart', request, options);
    return promised(rollingRestart);
  }

  /** The last rolling restart, whether under way or ended; undefined where there was none. */
  async getRollingRestart(options: CallOptions = {}): Promise<admin.RollingRestart | undefined> {
    const { rollingRestart } = await this.#calls.unary('getRollingRestart', {}, options);
    return rollingRestart ?? undefined;
  }

  /** Lets no further push server begin; the one whose turn it is goes on until it is ready. Answers as `getRollingRestart`. */
  async pauseRollingRestart(options: CallOptions = {}): Promise<admin.RollingRestart | undefined> {
    const { rollingRestart } = await this.#calls.unary('pauseRollingRestart', {}, options);
    return rollingRestart ?? undefined;
  }

  /** Answers as `getRollingRestart`. */
  async resumeRollingRestart(options: CallOptions = {}): Promise<admin.RollingRestart | undefined> {
    const { rollingRestart } = await this.#calls.unary('resumeRollingRestart', {}, options);
    return rollingRestart ?? undefined;
  }

  /** Ends it once the push server whose turn it is is ready; those after it are left alone. Answers as `getRollingRestart`. */
  async cancelRollingRestart(options: CallOptions = {}): Promise<admin.RollingRestart | undefined> {
    const { rollingRestart } = await this.#calls.unary('cancelRollingRestart', {}, options);
    return rollingRestart ?? undefined;
  }
}

function withDefaults({ nodeId, devicesPerSecond = 0, deadlineMs = 0 }: DrainRequest) {
  return { nodeId, devicesPerSecond, deadlineMs };
}

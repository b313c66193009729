import type { admin } from '@pushfleet/protocol';
import { type CallOptions, unary } from './call.ts';
import type { AdminChannel } from './channel.ts';
import { FleetClient } from './fleet.ts';
import { promised } from './promised.ts';

export interface DrainOptions extends CallOptions {
  /** Devices told to leave per second. Default 200. */
  ratePerSecond?: number;
  /** What is left after this is closed. Default 300,000. */
  deadlineMs?: number;
}

/** Moving devices between push servers. Every method rejects with a PushfleetError. */
export class MaintenanceClient extends FleetClient {
  readonly #channel: AdminChannel;

  constructor(channel: AdminChannel) {
    super(channel);
    this.#channel = channel;
  }

  /** Empties a push server and keeps it empty; answers as soon as it is ordered, or with what is under way. */
  async drainNode(nodeId: string, options: DrainOptions = {}): Promise<admin.Maintenance> {
    const { maintenance, metadata } = this.#channel;
    const response = await unary<admin.DrainNodeResponse>(this.#channel, options, (done) =>
      maintenance.drainNode({ nodeId, ...paceOf(options) }, metadata, done),
    );
    return promised(response.maintenance);
  }

  /** Ends a drain, at whatever phase it is. */
  async undrainNode(nodeId: string, options: CallOptions = {}): Promise<void> {
    const { maintenance, metadata } = this.#channel;
    await unary<admin.UndrainNodeResponse>(this.#channel, options, (done) =>
      maintenance.undrainNode({ nodeId }, metadata, done),
    );
  }

  /** Drains a push server, replaces its workers by new processes, lets it take devices again. */
  async restartNode(nodeId: string, options: DrainOptions = {}): Promise<admin.Maintenance> {
    const { maintenance, metadata } = this.#channel;
    const response = await unary<admin.RestartNodeResponse>(this.#channel, options, (done) =>
      maintenance.restartNode({ nodeId, ...paceOf(options) }, metadata, done),
    );
    return promised(response.maintenance);
  }

  /** The last drain or restart of a push server. Rejects with NODE_NOT_FOUND where there is none. */
  async getMaintenance(nodeId: string, options: CallOptions = {}): Promise<admin.Maintenance> {
    const { maintenance, metadata } = this.#channel;
    const response = await unary<admin.GetMaintenanceResponse>(this.#channel, options, (done) =>
      maintenance.getMaintenance({ nodeId }, metadata, done),
    );
    return promised(response.maintenance);
  }

  /** What a rebalance would do now. Changes nothing. */
  planRebalance(options: CallOptions = {}): Promise<admin.PlanRebalanceResponse> {
    const { maintenance, metadata } = this.#channel;
    return unary<admin.PlanRebalanceResponse>(this.#channel, options, (done) =>
      maintenance.planRebalance({}, metadata, done),
    );
  }

  /** Starts one now, or answers the one that is under way. */
  async startRebalance(options: CallOptions = {}): Promise<admin.Rebalance> {
    const { maintenance, metadata } = this.#channel;
    const response = await unary<admin.StartRebalanceResponse>(this.#channel, options, (done) =>
      maintenance.startRebalance({}, metadata, done),
    );
    return promised(response.rebalance);
  }

  /** The last one; undefined where there was none. */
  async getRebalance(options: CallOptions = {}): Promise<admin.Rebalance | undefined> {
    const { maintenance, metadata } = this.#channel;
    const response = await unary<admin.GetRebalanceResponse>(this.#channel, options, (done) =>
      maintenance.getRebalance({}, metadata, done),
    );
    return response.rebalance ?? undefined;
  }

  /** Stops the one that is under way; devices that were told to go have gone. The last one; undefined: none was. */
  async abortRebalance(options: CallOptions = {}): Promise<admin.Rebalance | undefined> {
    const { maintenance, metadata } = this.#channel;
    const response = await unary<admin.AbortRebalanceResponse>(this.#channel, options, (done) =>
      maintenance.abortRebalance({}, metadata, done),
    );
    return response.rebalance ?? undefined;
  }
}

function paceOf({ ratePerSecond = 0, deadlineMs = 0 }: DrainOptions) {
  return { ratePerSecond, deadlineMs };
}

import {
  type admin,
  invalidArgument,
  type NodeId,
  PushfleetError,
  parseNodeId,
  parsePeriod,
} from '@pushfleet/protocol';
import type { Maintenance, MaintenanceRequest } from '@pushfleet/registry';
import type { NodeDirectory } from '../node-directory.ts';
import { viewMaintenance, viewNoMaintenance } from './view.ts';

const defaultRate = 200;
const greatestRate = 10_000;
const deadline = { mostMs: 86_400_000, fallbackMs: 300_000 };

/** Orders drains and restarts; the push servers carry them out. */
export class NodeMaintenance {
  readonly #maintenance: Maintenance;
  readonly #directory: Pick<NodeDirectory, 'node' | 'refreshSoon'>;

  constructor(maintenance: Maintenance, directory: Pick<NodeDirectory, 'node' | 'refreshSoon'>) {
    this.#maintenance = maintenance;
    this.#directory = directory;
  }

  async drain(request: admin.DrainNodeRequest): Promise<admin.DrainNodeResponseInit> {
    return this.#order(request.nodeId, { kind: 'drain', ...parsePace(request) });
  }

  async restart(request: admin.RestartNodeRequest): Promise<admin.RestartNodeResponseInit> {
    return this.#order(request.nodeId, { kind: 'restart', ...parsePace(request) });
  }

  async undrain({ nodeId }: admin.UndrainNodeRequest): Promise<admin.UndrainNodeResponseInit> {
    await this.#maintenance.cancel(await this.#known(nodeId));
    return {};
  }

  async get({ nodeId }: admin.GetMaintenanceRequest): Promise<admin.GetMaintenanceResponseInit> {
    const id = await this.#known(nodeId);
    const record = await this.#maintenance.get(id);
    return { maintenance: record ? viewMaintenance(record) : viewNoMaintenance(id) };
  }

  async #order(nodeId: string, request: MaintenanceRequest): Promise<{ maintenance: admin.MaintenanceInit }> {
    const record = await this.#maintenance.request(await this.#known(nodeId), request);
    return { maintenance: viewMaintenance(record) };
  }

  async #known(nodeId: string): Promise<NodeId> {
    const id = parseNodeId(nodeId);
    // It may have started after the list was last read.
    if (!this.#directory.node(id)) await this.#directory.refreshSoon();
    if (!this.#directory.node(id)) throw notFound(`there is no push server "${id}"; ListNodes lists them`);
    return id;
  }
}

function notFound(message: string): PushfleetError {
  return new PushfleetError('NODE_NOT_FOUND', message, { field: 'node_id' });
}

/** How fast devices leave, and until when. @throws PushfleetError INVALID_ARGUMENT that names the field */
export function parsePace({
  devicesPerSecond,
  deadlineMs,
}: {
  devicesPerSecond: number;
  deadlineMs: number;
}): Omit<MaintenanceRequest, 'kind'> {
  if (devicesPerSecond > greatestRate) {
    throw invalidArgument('devices_per_second', `1 to ${greatestRate}, or 0 for ${defaultRate}`);
  }
  return {
    ratePerSecond: devicesPerSecond || defaultRate,
    deadlineMs: parsePeriod(deadlineMs, 'deadline', deadline),
  };
}

import type { admin, GroupPath } from '@pushfleet/protocol';
import type { DistributionPoint, Fleet } from '@pushfleet/registry';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { PeerStatus } from '../commands/peers/peer-client.ts';
import type { PeerStatuses } from '../commands/peers/peer-statuses.ts';
import { isReady, spreadOf } from '../meter-balancer.ts';
import type { JudgedNode, NodeDirectory } from '../node-directory.ts';
import type { RegistryCheck } from '../registry-check.ts';
import { AlarmLog, findAlarms, type RaisedAlarm } from './alarms.ts';
import { CommandRates, type EndedCounts } from './command-rates.ts';
import { nodeLoads } from './node-loads.ts';

export interface SamplerOptions {
  directory: Pick<NodeDirectory, 'nodes' | 'registryProblem'>;
  check: Pick<RegistryCheck, 'unfit' | 'doubtful'>;
  fleet: Pick<Fleet, 'listDistributionPoints' | 'getDevices'>;
  peers: Pick<PeerStatuses, 'ask'>;
  /** The knowledge of this balancer about itself. */
  own(): PeerStatus;
  clock: Clock;
  logger: Logger;
}

/** An alarm with the group of the device that it is about; `undefined`: it is about none, or that is not known any more. */
export type SampledAlarm = RaisedAlarm & { group: GroupPath | undefined };

/** How the cluster stood at one moment. */
export interface Sample {
  atMs: number;
  overview: Omit<admin.OverviewInit, 'alarms'>;
  alarms: readonly SampledAlarm[];
}

const historyEveryMs = 10_000;
const historySamples = 360;
/** A sample is good for all who ask within this time. */
const currentForMs = 1_000;
/** Rates are means over so long: push servers tell of their counts once a second. */
const ratesOverMs = 5_000;
const historyRatesOverMs = historyEveryMs + 1_000;

/** Takes samples of the whole cluster, one for all who ask at the same time, and keeps a small one every ten seconds for an hour. */
export class OverviewSampler implements Disposable {
  readonly historyEveryMs = historyEveryMs;
  readonly #options: SamplerOptions;
  readonly #rates = new CommandRates();
  readonly #alarmLog = new AlarmLog();
  #history: admin.OverviewSampleInit[] = [];
  #points: readonly DistributionPoint[] | undefined;
  #last: { sample: Sample; takenAtMs: number } | undefined;
  #sampling: Promise<Sample> | undefined;
  #timer: Disposable | undefined;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = this.#options.clock.every(historyEveryMs, () => void this.#keep());
    void this.#keep();
  }

  /** The last hour, oldest first. */
  get history(): readonly admin.OverviewSampleInit[] {
    return this.#history;
  }

  /** The cluster as it is; not older than a second. While the registry does not answer, as far as it is known. */
  sample(): Promise<Sample> {
    const { clock } = this.#options;
    if (this.#last && clock.now() - this.#last.takenAtMs < currentForMs) return Promise.resolve(this.#last.sample);
    this.#sampling ??= this.#take().finally(() => {
      this.#sampling = undefined;
    });
    return this.#sampling;
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  async #keep(): Promise<void> {
    try {
      const { atMs, overview } = await this.sample();
      const { links = 0, spread = 1 } = overview;
      const commandsPerSecond = this.#rates.perSecond(historyRatesOverMs);
      const kept = { sampleTimeMs: atMs, links, spread, commandsPerSecond };
      this.#history = [...this.#history, kept].slice(-historySamples);
    } catch (error) {
      this.#options.logger.error({ err: error }, 'no sample of the overview');
    }
  }

  async #take(): Promise<Sample> {
    const { directory, check, fleet, peers, own, clock } = this.#options;
    const [points, others] = await Promise.all([fleet.listDistributionPoints().catch(() => this.#points), peers.ask()]);
    this.#points = points;
    const balancers = [own(), ...others];
    const nodes = [...directory.nodes];
    const [nowMs, wallMs] = [clock.now(), clock.wallMs()];
    this.#rates.add(countsOf(nodes, balancers), nowMs);
    const { registryProblem } = directory;
    const registryFindings = [...check.unfit, ...check.doubtful];
    const findings = findAlarms({ nodes, points, balancers, registryProblem, registryFindings, wallMs });
    const alarms = await this.#withGroups(this.#alarmLog.update(findings, nowMs, wallMs));
    const loads = nodeLoads(nodes, points);
    const overview = { ...totals(loads), sampleTimeMs: wallMs, spread: spreadOf(nodes.filter(isReady)), nodes: loads };
    const commandsPerSecond = this.#rates.perSecond(ratesOverMs);
    const sample = { atMs: wallMs, overview: { ...overview, commandsPerSecond }, alarms };
    this.#last = { sample, takenAtMs: nowMs };
    return sample;
  }

  async #withGroups(alarms: readonly RaisedAlarm[]): Promise<SampledAlarm[]> {
    const ids = alarms.flatMap(({ device }) => device ?? []);
    const devices = ids.length === 0 ? new Map() : await this.#options.fleet.getDevices(ids).catch(() => new Map());
    return alarms.map((alarm) => ({ ...alarm, group: alarm.device && devices.get(alarm.device)?.group }));
  }
}

function totals(loads: readonly admin.NodeLoadInit[]): { links: number; capacity: number } {
  const present = loads.filter(({ status }) => status !== undefined && status !== 'NODE_STATUS_DEAD');
  return {
    links: present.reduce((sum, { live = 0 }) => sum + live, 0),
    capacity: present.reduce((sum, { capacity = 0 }) => sum + capacity, 0),
  };
}

/** Direct commands are counted by the balancer that took them, durable ones by the push server whose worker wrote their end. */
function countsOf(
  nodes: readonly JudgedNode[],
  balancers: readonly (PeerStatus | { balancerId: string; problem: string })[],
): Map<string, EndedCounts> {
  const ofNodes = nodes.map(
    ({ nodeId, bootId, commandsEnded = {} }) => [`${nodeId} ${bootId}`, commandsEnded] as const,
  );
  const ofBalancers = balancers.flatMap((one) =>
    'problem' in one ? [] : [[one.balancerId, one.commandsEnded] as const],
  );
  return new Map([...ofNodes, ...ofBalancers]);
}

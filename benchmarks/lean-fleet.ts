import { emptyRecording, Fleet, type FleetTask, mergeRecordings, type Recording } from '@pushfleet/loadtest';
import { machineUs } from '@pushfleet/runtime';
import { eventually, type TestCluster, testGroup, testSecret } from '@pushfleet/test/cluster';

export type LinkKind = FleetTask['links'][number];

export interface LeanFleetOptions {
  /** Ids of devices are this and a number. Two fleets of one cluster need two. */
  idPrefix?: string;
  devices: number;
  link: LinkKind;
  plain?: boolean;
  resumption?: boolean;
  /** Loopback addresses that links go to: each has some 28,000 source ports. More than one wants a cluster on 0.0.0.0. */
  addresses?: number;
  /** See the load tool. Default: one for each question, as devices do. */
  assignConnections?: FleetTask['assignConnections'];
  /** New links a second. */
  perSecond: number;
}

/** A busy push server lets devices in at its own pace, which may be ten a second on a machine that others use. */
const longestMs = (devices: number) => 600_000 + devices * 20;
const devicesPerProcess = 10_000;
const leastProcesses = 2;

/** Lean devices of one kind on a cluster, in processes of their own. */
export class LeanFleet implements AsyncDisposable {
  /** The ids of the devices. */
  readonly ids: readonly string[];
  readonly #fleet: Fleet;
  readonly #live = new Map<number, number>();
  #recording: Recording = emptyRecording();

  /** Resolves once every device is connected. */
  static async connect(cluster: TestCluster, options: LeanFleetOptions): Promise<LeanFleet> {
    const { idPrefix = 'lean', devices, link, plain = false, resumption = true, addresses = 1 } = options;
    const { assignConnections = 'each' } = options;
    const ids = Array.from({ length: devices }, (_, index) => `${idPrefix}-${index}`);
    await cluster.admin.devices.import(ids.map((deviceId) => ({ deviceId, group: testGroup, secret: testSecret })));
    const task: FleetTask = {
      ...{ idPrefix, devices, plain, resumption, secret: testSecret, links: [link], ca: cluster.ca.toString() },
      balancers: cluster.assignUrls,
      ...{ keepAliveMs: 600_000, patienceMs: 60_000, ignoreConnectAfter: false },
      ...{ assignConnections, addresses, allowRemote: false },
    };
    let fleet: LeanFleet | undefined;
    const created = await Fleet.create({
      ...{ task, startedUs: machineUs() },
      processes: Math.max(leastProcesses, Math.ceil(devices / devicesPerProcess)),
      onTick: ({ process, live, recording }) => fleet?.onTick(process, live, recording),
      onFailed: (error) => {
        throw error;
      },
    });
    fleet = new LeanFleet(created, ids);
    created.connect(0, devices, options.perSecond);
    await eventually('all devices are connected', () => fleet?.live === devices, longestMs(devices));
    return fleet;
  }

  private constructor(fleet: Fleet, ids: readonly string[]) {
    this.#fleet = fleet;
    this.ids = ids;
  }

  get pids(): readonly number[] {
    return this.#fleet.pids;
  }

  get live(): number {
    return [...this.#live.values()].reduce((sum, live) => sum + live, 0);
  }

  /** TLS handshakes with push servers so far, and devices connected. */
  get counts(): { full: number; resumed: number; connected: number } {
    const { totals, seconds } = this.#recording;
    const connected = seconds.reduce((sum, { counts }) => sum + (counts.connected ?? 0), 0);
    return { full: totals.handshakesFull ?? 0, resumed: totals.handshakesResumed ?? 0, connected };
  }

  /**
   * Such a share of the devices leaves in each second, and comes back; then all are connected again.
   * @param asks They ask a balancer where they belong before they come back, as if they had no ticket.
   */
  async churn(shareOfASecond: number, forMs: number, asks = false): Promise<void> {
    const all = this.live;
    this.#fleet.churn(shareOfASecond, asks);
    await new Promise((resolve) => setTimeout(resolve, forMs));
    this.#fleet.churn(0);
    // Who leaves last has left by the answer.
    await this.#fleet.flush();
    await eventually('all devices are back', () => this.live === all, longestMs(all));
    await this.#fleet.flush();
  }

  onTick(process: number, live: number, recording: Recording): void {
    this.#live.set(process, live);
    this.#recording = mergeRecordings([this.#recording, recording]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#fleet[Symbol.asyncDispose]();
  }
}

import { emptyRecording, Fleet, type FleetTask, mergeRecordings, type Recording } from '@pushfleet/loadtest';
import { machineUs } from '@pushfleet/runtime';
import { eventually, inParallel, type TestCluster, testSecret } from '@pushfleet/test/cluster';

export type LinkKind = FleetTask['links'][number];

export interface LeanFleetOptions {
  devices: number;
  link: LinkKind;
  plain?: boolean;
  resumption?: boolean;
  /** New links a second. */
  perSecond: number;
}

const processes = 2;
const idPrefix = 'lean';

/** Lean devices of one kind on a cluster, in processes of their own. */
export class LeanFleet implements AsyncDisposable {
  readonly #fleet: Fleet;
  readonly #live = new Map<number, number>();
  #recording: Recording = emptyRecording();

  /** Resolves once every device is connected. */
  static async connect(cluster: TestCluster, options: LeanFleetOptions): Promise<LeanFleet> {
    const { devices, link, plain = false, resumption = true, perSecond } = options;
    const ids = Array.from({ length: devices }, (_, index) => `${idPrefix}-${index}`);
    await inParallel(32, ids, (id) => cluster.devices.register(id));
    const task: FleetTask = {
      ...{ idPrefix, devices, plain, resumption, secret: testSecret, links: [link], ca: cluster.ca.toString() },
      balancers: cluster.assignUrls,
      ...{ keepAliveMs: 600_000, patienceMs: 60_000, ignoreConnectAfter: false },
      ...{ assignConnections: 'each', addresses: 1, allowRemote: false },
    };
    let fleet: LeanFleet | undefined;
    const created = await Fleet.create({
      ...{ task, processes, startedUs: machineUs() },
      onTick: ({ process, live, recording }) => fleet?.onTick(process, live, recording),
      onFailed: (error) => {
        throw error;
      },
    });
    fleet = new LeanFleet(created);
    created.connect(0, devices, perSecond);
    await eventually('all devices are connected', () => fleet?.live === devices, 600_000);
    return fleet;
  }

  private constructor(fleet: Fleet) {
    this.#fleet = fleet;
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

  /** Such a share of the devices leaves in each second, and comes back; then all are connected again. */
  async churn(shareOfASecond: number, forMs: number): Promise<void> {
    const all = this.live;
    this.#fleet.churn(shareOfASecond);
    await new Promise((resolve) => setTimeout(resolve, forMs));
    this.#fleet.churn(0);
    // Who leaves last has left by the answer.
    await this.#fleet.flush();
    await eventually('all devices are back', () => this.live === all, 120_000);
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

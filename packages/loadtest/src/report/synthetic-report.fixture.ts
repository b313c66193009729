import { buildReport, type RunFacts, type RunMeasurements } from './build-report.ts';
import { LinkSamples } from './link-samples.ts';
import { LoadRecorder } from './load-recorder.ts';
import type { LoadReport, ProcessRole } from './load-report.ts';
import { ProcessSamples } from './process-samples.ts';
import { RunRecording } from './run-recording.ts';
import { parseThreshold } from './threshold.ts';

/** Pseudo-random numbers from 0 to 1, the same each time (Park and Miller). */
function seeded(seed = 42): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

export interface SyntheticRun {
  seconds: number;
  devices: number;
  nodes: number;
  thresholds?: string[];
  /** Stands in every place where a peer's text can come to stand. */
  hostileText?: string;
  facts?: Partial<RunFacts>;
}

const facts: Omit<RunFacts, 'durationMs' | 'devicesWanted' | 'thresholds'> = {
  pushfleetVersion: '0.1.0',
  scenario: 'node-loss',
  command: 'pushfleet loadtest node-loss --start-cluster --devices 20000 --link mixed --push-rate 500',
  options: { devices: 20_000, link: 'mixed', plain: false, 'push-rate': 500, registry: 'redis', 'fail-if': [] },
  machine: {
    ...{ cores: 2, cpuModel: 'AMD EPYC', memoryBytes: 24 * 2 ** 30, kernel: 'Linux 6.18.44' },
    ...{ nodeVersion: '26.10.0', fileLimit: 20_000 },
  },
  startedAtWallMs: Date.UTC(2026, 10, 26, 9, 30),
  endedEarly: null,
  figures: {
    ...{ serverCpuMsPerReturn: 1.38, serverCpuUsPerCommand: 61.2, memoryKiBPerLink: 33.8 },
    recovery: { lost: 6667, returned: 6667, allBackMs: 14_300, cpuBoundMs: 9800 },
  },
  remarks: ["The load tool's processes share the machine with the servers."],
};

/** A run that nobody made: a ramp, a rest, the loss of a push server, and the return of its devices. */
export function syntheticReport(run: SyntheticRun): LoadReport {
  const synthetic = new Synthetic(run);
  for (let second = 0; second < run.seconds; second++) synthetic.play(second);
  const { hostileText } = run;
  const text = hostileText === undefined ? {} : { scenario: hostileText, command: hostileText, remarks: [hostileText] };
  return buildReport(
    {
      ...{ ...facts, ...text, durationMs: run.seconds * 1000, devicesWanted: run.devices },
      thresholds: (run.thresholds ?? []).map(parseThreshold),
      ...run.facts,
    },
    synthetic.measurements(),
  );
}

const pushesPerSecond = 60;
const workersPerNode = 2;

class Synthetic {
  #nowMs = 0;
  #live = 0;
  readonly #random = seeded();
  readonly #run: SyntheticRun;
  readonly #rampEnd: number;
  readonly #loss: number;
  readonly #recording = new RunRecording(() => this.#nowMs);
  readonly #recorder = new LoadRecorder(() => this.#nowMs);
  readonly #processes = new ProcessSamples();
  readonly #links = new LinkSamples();
  readonly #cpu = new Map<string, number>();

  constructor(run: SyntheticRun) {
    this.#run = run;
    this.#rampEnd = Math.floor(run.seconds * 0.3);
    this.#loss = Math.floor(run.seconds * 0.6);
  }

  measurements(): RunMeasurements {
    this.#nowMs = this.#run.seconds * 1000;
    return { recording: this.#recording, processes: this.#processes, links: this.#links };
  }

  play(second: number): void {
    this.#nowMs = second * 1000;
    this.#beginPhase(second);
    const missing = this.#run.devices - this.#live;
    const perSecond = Math.ceil((this.#run.devices / this.#rampEnd) * (0.9 + 0.4 * this.#random()));
    const arrivals = second === this.#loss ? 0 : Math.min(missing, perSecond);
    this.#connect(second, arrivals, missing);
    this.#live += arrivals;
    this.#push(second, missing > 0 ? 6 : 1);
    this.#recording.add(this.#recorder.take());
    this.#sample(second);
  }

  #beginPhase(second: number): void {
    const starts: Record<number, string> = {
      0: 'ramp',
      [this.#rampEnd]: 'rest',
      [this.#loss]: 'loss',
      [this.#loss + 3]: 'return',
    };
    const name = starts[second];
    if (name) this.#recording.beginPhase(name);
    if (name !== 'loss') return;
    const lost = Math.floor(this.#run.devices / this.#run.nodes);
    for (let index = 0; index < lost; index++) this.#recorder.lost('linkLost');
    this.#live -= lost;
  }

  #connect(second: number, arrivals: number, missing: number): void {
    const recorder = this.#recorder;
    recorder.count('offered', Math.min(missing, arrivals * 2));
    recorder.count('connected', arrivals);
    const slow = missing > 0 ? 6 : 1;
    const returns = second > this.#loss;
    for (let index = 0; index < Math.min(40, arrivals); index++) {
      recorder.latency('assign', 0.8 + this.#exponential(3 * slow));
      recorder.latency('handshake', 1.1 + this.#exponential(2 * slow));
      recorder.latency('connect', 3 + this.#exponential(12 * slow));
      if (returns) recorder.latency('return', (second - this.#loss) * 1000 + 400 * this.#random());
      recorder.countInAll(this.#random() < (returns ? 0.97 : 0.02) ? 'handshakesResumed' : 'handshakesFull');
    }
    if (arrivals === 0 || second % 4 !== 1) return;
    const { hostileText } = this.#run;
    recorder.count('failed', 4);
    for (let index = 0; index < 3; index++) recorder.error('assign', 'OVERLOADED', hostileText ?? 'come again in 2 s');
    recorder.error('connect', 'timeout', hostileText ?? 'no CONNACK within 10 s');
  }

  #push(second: number, slow: number): void {
    const disturbed = second >= this.#loss && second < this.#loss + 8;
    for (let index = 0; index < pushesPerSecond; index++) {
      const away = disturbed && this.#random() < 0.2;
      this.#recorder.count('pushesSent');
      this.#recorder.count(away ? 'pushesFailed' : 'pushesDone');
      this.#recorder.outcome(away ? 'NOT_CONNECTED' : 'SUCCEEDED');
      const ms = 1.2 + this.#exponential(2.5 * slow) + (this.#random() < 0.004 ? 80 * this.#random() : 0);
      if (!away) this.#recorder.latency('push', ms);
      if (!away) this.#recorder.latency('delivered', ms * 0.6);
    }
  }

  #sample(second: number): void {
    const busy = this.#run.devices > this.#live ? 0.8 : 0.35;
    const filled = this.#live / this.#run.devices;
    this.#use('balancer', 'balancer-0', busy * 0.3, 180 + 40 * filled);
    this.#use('registry', 'redis', busy * 0.1, 60);
    for (let node = 0; node < this.#run.nodes; node++) {
      this.#sampleNode(`${this.#run.hostileText ?? 'dp'}-${node}`, node === 0 && second >= this.#loss, busy);
    }
    for (let load = 0; load < 2; load++) this.#use('load', `load-${load}`, busy * 0.3, 120 + filled * 90);
  }

  #sampleNode(nodeId: string, dead: boolean, busy: number): void {
    const serving = this.#run.nodes - (this.#nowMs >= this.#loss * 1000 ? 1 : 0);
    const held = dead ? null : Math.round((this.#live / serving) * (1 + 0.004 * (this.#random() - 0.5)));
    this.#links.add(this.#nowMs, nodeId, null, held);
    for (let worker = 0; worker < workersPerNode; worker++) {
      const own = held === null ? null : Math.round(held / workersPerNode);
      const name = `${nodeId}/w${worker}`;
      this.#links.add(this.#nowMs, nodeId, `w${worker}`, own);
      if (own === null) this.#processes.end(this.#pidOf(name), this.#nowMs);
      else this.#use('worker', name, busy / this.#run.nodes, 70 + own * 0.033);
    }
  }

  #use(role: ProcessRole, name: string, cores: number, mib: number): void {
    const cpuSeconds = (this.#cpu.get(name) ?? 1) + cores * (0.8 + 0.4 * this.#random());
    this.#cpu.set(name, cpuSeconds);
    this.#processes.add(this.#nowMs, {
      role,
      name,
      pid: this.#pidOf(name),
      cpuSeconds,
      rssBytes: Math.round(mib * 2 ** 20),
    });
  }

  #pidOf(name: string): number {
    return 1000 + [...this.#cpu.keys()].indexOf(name);
  }

  #exponential(mean: number): number {
    return -mean * Math.log(this.#random());
  }
}

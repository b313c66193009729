import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterWatch } from '../cluster/cluster-watch.ts';
import { controlPort, peerPort } from '../cluster/control-port.ts';
import { TestCluster } from '../cluster/test-cluster.ts';
import { Witness } from '../cluster/witness.ts';
import { Choices } from './choices.ts';
import { keepSuspect, readCorpus } from './corpus.ts';
import type { FuzzCase } from './fuzz-case.ts';
import { fuzzDevice } from './mqtt-grammar.ts';
import { Player } from './player.ts';
import { targets } from './targets.ts';

export interface FuzzOptions {
  seconds: number;
  seed: number;
  /** Names of targets; empty: all. */
  only: readonly string[];
  /** A push to a healthy client must have succeeded by then. */
  pushWithinMs: number;
  /** The memory that a process may hold more at the end than at the beginning. */
  growthMiB: number;
}

export interface FuzzReport {
  seed: number;
  /** Cases played, by target. */
  played: Map<string, number>;
  /** Answers seen, by target, and how often: the states of the protocol that were reached. */
  answers: Map<string, Map<string, number>>;
  pushes: number;
  slowestPushMs: number;
  growthMiB: Record<string, number>;
  /** Empty where all is well. */
  findings: string[];
}

const concurrency = 16;
/** The cases that were under way or had just ended when a process ended. */
const suspectCases = 2 * concurrency;
/** Until what was given back is seen in the memory of a process. */
const settleMs = 10_000;

/** Plays the corpus, then random cases for as long as asked, against a cluster with healthy clients beside. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  // All that is played comes from one address, and much of it is a sign-in that fails: locked out, it would get nowhere.
  const environment = { PUSHFLEET_MAX_WORKERS: '1', PUSHFLEET_SHARED_NETWORKS: '127.0.0.0/8' };
  await using cluster = await TestCluster.create({ pushServers: 1, environment });
  const devices = await cluster.devices.connect(3, 'witness');
  await cluster.devices.register(fuzzDevice);
  const [{ assign = 0, admin = 0, rest = 0 } = {}] = cluster.balancerPorts;
  const ports = {
    assignment: assign,
    admin,
    rest,
    device: cluster.devicePorts[0] ?? 0,
    control: await controlPort(cluster),
    peer: peerPort(cluster),
  };
  using player = new Player(cluster, ports, await cluster.token);
  const run = new FuzzRun(options, player, await ClusterWatch.start(cluster));
  const witness = new Witness(cluster.admin, devices, options.pushWithinMs);
  await run.playCorpus();
  await run.playRandom();
  await witness.stop();
  await sleep(settleMs);
  return run.report(witness);
}

class FuzzRun {
  readonly #options: FuzzOptions;
  readonly #player: Player;
  readonly #watch: ClusterWatch;
  readonly #played = new Map<string, number>();
  readonly #answers = new Map<string, Map<string, number>>();
  readonly #findings: string[] = [];
  #recent: { name: string; fuzzCase: FuzzCase }[] = [];

  constructor(options: FuzzOptions, player: Player, watch: ClusterWatch) {
    this.#options = options;
    this.#player = player;
    this.#watch = watch;
  }

  async playCorpus(): Promise<void> {
    for (const [name, fuzzCase] of readCorpus()) await this.#play('corpus', name, fuzzCase);
  }

  async playRandom(): Promise<void> {
    const { seconds, seed, only } = this.#options;
    const chosen = Object.entries(targets).filter(([name]) => only.length === 0 || only.includes(name));
    const end = performance.now() + seconds * 1_000;
    let next = 0;
    const play = async () => {
      while (performance.now() < end && this.#findings.length === 0) {
        const index = next++;
        const [name, make] = chosen[index % chosen.length] as (typeof chosen)[number];
        const fuzzCase = make(new Choices(caseSeed(seed, index)));
        await this.#play(name, `${name}-${seed}-${index}`, fuzzCase);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, play));
  }

  report(witness: Witness): FuzzReport {
    const growthMiB = this.#watch.growthMiB();
    const grown = Object.entries(growthMiB).filter(([, growth]) => growth > this.#options.growthMiB);
    return {
      seed: this.#options.seed,
      played: this.#played,
      answers: this.#answers,
      pushes: witness.pushes,
      slowestPushMs: witness.slowestMs,
      growthMiB,
      findings: [
        ...this.#findings,
        ...witness.complaints.slice(0, 20),
        ...grown.map(([name, growth]) => `${name} has ${growth} MiB more than before`),
      ],
    };
  }

  async #play(target: string, name: string, fuzzCase: FuzzCase): Promise<void> {
    this.#recent = [...this.#recent.slice(-suspectCases), { name, fuzzCase }];
    const answer = await this.#player.play(fuzzCase);
    this.#played.set(target, (this.#played.get(target) ?? 0) + 1);
    const answers = this.#answers.get(target) ?? new Map<string, number>();
    this.#answers.set(target, answers.set(answer, (answers.get(answer) ?? 0) + 1));
    const ended = this.#watch.ended();
    if (ended.length === 0 || this.#findings.length > 0) return;
    const files = this.#recent.map((one) => keepSuspect(one.name, one.fuzzCase));
    const last = `${this.#recent.length} cases up to ${files.at(-1)}`;
    this.#findings.push(`${ended.join(', ')} ended after one of the ${last}:\n${this.#watch.lastWords()}`);
  }
}

/** Far apart for neighbours, which a simple generator would otherwise begin alike. */
function caseSeed(seed: number, index: number): number {
  return Math.imul(seed ^ Math.imul(index + 1, 0x9e3779b1), 0x85ebca6b) >>> 0;
}

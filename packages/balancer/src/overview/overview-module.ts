import type { ServerWritableStream } from '@grpc/grpc-js';
import { type admin, toStatus } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import { type Clock, endOfChain, type Logger, meter, metrics, ServerStream } from '@pushfleet/runtime';
import { isWithinScope } from '../access/scope.ts';
import type { Caller } from '../access/token-directory.ts';
import type { CommandModule } from '../commands/command-module.ts';
import type { PeerStatus } from '../commands/peers/peer-client.ts';
import { shuttingDown, toPushfleetError, unary } from '../errors.ts';
import type { NodeDirectory } from '../node-directory.ts';
import type { RegistryCheck } from '../registry-check.ts';
import { OverviewSampler, type Sample } from './sampler.ts';

export interface OverviewParts {
  registry: Pick<Registry, 'fleet'>;
  directory: NodeDirectory;
  check: RegistryCheck;
  commands: Pick<CommandModule, 'ids' | 'peerStatuses'>;
  /** The knowledge of this balancer about itself. */
  status(): Omit<PeerStatus, 'balancerId'>;
  callerOf(call: object): Pick<Caller, 'scope'>;
  clock: Clock;
  logger: Logger;
}

export function createOverview(parts: OverviewParts): OverviewModule {
  const { registry, commands, status } = parts;
  const { balancerId } = commands.ids;
  const own = () => ({ balancerId, ...status() });
  const sampler = new OverviewSampler({ ...parts, fleet: registry.fleet, peers: commands.peerStatuses, own });
  return new OverviewModule({ ...parts, sampler });
}

/** Tells how this balancer is: the ends of commands that its process has counted, and when the first of these certificates (PEM) ends. */
export function ownStatus(certificates: () => readonly Buffer[]): () => Omit<PeerStatus, 'balancerId'> {
  const { commandsEnded, durableStatuses } = metrics;
  return () => {
    const counts = commandsEnded.values.map((outcome) => {
      const cancelled = outcome === 'OUTCOME_CANCELLED' ? meter.get(durableStatuses, outcome) : 0;
      return [outcome, meter.get(commandsEnded, outcome) + cancelled] as const;
    });
    return {
      commandsEnded: Object.fromEntries(counts.filter(([, count]) => count > 0)),
      certificateEndTimeMs: Math.min(...certificates().map(endOfChain)),
    };
  };
}

type WatchCall = ServerWritableStream<admin.WatchOverviewRequest, admin.WatchOverviewResponseInit>;
type WatchStream = ServerStream<Sample, admin.WatchOverviewResponseInit>;

export interface OverviewModuleOptions extends Pick<OverviewParts, 'callerOf' | 'clock' | 'logger'> {
  sampler: OverviewSampler;
}

const watchEveryMs = 2_000;

/** OverviewService. All watchers share one sampler, and samples are taken for them only while there are any. */
export class OverviewModule implements Disposable {
  readonly handlers: admin.OverviewServiceHandlers;
  readonly #options: OverviewModuleOptions;
  readonly #streams = new Set<WatchStream>();
  #timer: Disposable | undefined;
  #isStopping = false;

  constructor(options: OverviewModuleOptions) {
    this.#options = options;
    const { sampler, callerOf, logger } = options;
    this.handlers = {
      GetOverview: unary(logger, async (_request: admin.GetOverviewRequest, call) => ({
        overview: viewSample(await sampler.sample(), callerOf(call)),
      })),
      GetOverviewHistory: unary(logger, async (_request: admin.GetOverviewHistoryRequest) => ({
        intervalMs: sampler.historyEveryMs,
        samples: [...sampler.history],
      })),
      WatchOverview: (call: WatchCall) => void this.#watch(call),
    };
  }

  start(): void {
    this.#options.sampler.start();
  }

  /** Sends all watchers to another balancer. */
  stop(): void {
    this.#isStopping = true;
    for (const stream of this.#streams) stream.fail(stopping());
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#options.sampler[Symbol.dispose]();
  }

  async #watch(call: WatchCall): Promise<void> {
    if (this.#isStopping) return void call.emit('error', toStatus(stopping()));
    const { sampler, callerOf, clock, logger } = this.#options;
    const caller = callerOf(call);
    const stream: WatchStream = new ServerStream({
      call,
      ...{ capacity: 1, whenFull: 'drop oldest', batchItems: 1 },
      toMessage: ([last]) => ({ overview: viewSample(last as Sample, caller) }),
    });
    this.#streams.add(stream);
    void stream.closed.then(() => this.#remove(stream));
    this.#timer ??= clock.every(watchEveryMs, () => void this.#tick());
    try {
      stream.write([await sampler.sample()]);
    } catch (error) {
      stream.fail(toPushfleetError(error, logger));
    }
  }

  #remove(stream: WatchStream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  async #tick(): Promise<void> {
    const { sampler, logger } = this.#options;
    try {
      const sample = await sampler.sample();
      for (const stream of this.#streams) stream.write([sample]);
    } catch (error) {
      logger.error({ err: error }, 'watchers of the overview get no sample');
    }
  }
}

/** With the alarms that the caller may see: those about devices only where they are in its scope. */
function viewSample({ overview, alarms }: Sample, caller: Pick<Caller, 'scope'>): admin.OverviewInit {
  const seen = alarms.filter(({ device, group }) => device === undefined || isWithinScope(caller, group));
  return {
    ...overview,
    alarms: seen.map(({ kind, subject, detail, startTimeMs }) => ({ kind, subject, detail, startTimeMs })),
  };
}

function stopping() {
  return shuttingDown('watch at another one');
}

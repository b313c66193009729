import type { NodeId } from '@pushfleet/protocol';
import { AcceptRate } from '@pushfleet/push-server/accept-rate';
import { defaultAcceptsPerSecond } from '@pushfleet/registry/slots';
import type { Process } from './process.ts';
import type { NodeEntry } from './registry-model.ts';

export interface PushServer {
  readonly entry: NodeEntry;
  readonly workers: Process[];
  /** One for each worker. */
  readonly rates: AcceptRate[];
  takes: boolean;
  /** Whether connections to it are answered at all, by a refusal where nothing listens. */
  silent: boolean;
}

export function createPushServer(
  index: number,
  { capacity, sites }: { capacity: number; sites: number },
  workers: Process[],
): PushServer {
  const entry: NodeEntry = {
    id: `dp-${index}` as NodeId,
    site: index % sites,
    used: 0,
    capacity,
    ready: true,
    overloaded: false,
    acceptsPerSecond: workers.length * defaultAcceptsPerSecond,
    nextSlotMs: 0,
  };
  const rates = workers.map(() => new AcceptRate(defaultAcceptsPerSecond, 0));
  return { entry, workers, rates, takes: true, silent: false };
}

/** Four times a second workers measure what they can take. */
export function sampleRates(servers: readonly PushServer[], nowMs: number): void {
  for (const { workers, rates } of servers) {
    for (const [index, worker] of workers.entries()) {
      const utilization = worker.utilization(nowMs);
      const { accepted } = worker;
      const waiting = worker.admission?.waiting ?? worker.backlog;
      rates[index]?.sample({ utilization, accepted, waiting, lagMs: worker.lagMs(nowMs) }, nowMs);
      worker.accepted = 0;
    }
  }
}

/** Each second push servers announce how many devices they can take. Returns the sum of those that are ready. */
export function announceRates(servers: readonly PushServer[]): number {
  let all = 0;
  for (const { entry, rates } of servers) {
    entry.acceptsPerSecond = rates.reduce((sum, { perSecond }) => sum + perSecond, 0);
    entry.overloaded = rates.some(({ isOverloaded }) => isOverloaded);
    if (entry.ready) all += entry.acceptsPerSecond;
  }
  return all;
}

/** Ends a push server: nothing of it answers any more, and nothing that was begun is ended. */
export function stop(server: PushServer, silent: boolean): void {
  server.takes = false;
  server.silent = silent;
  for (const worker of server.workers) {
    worker.clear();
    worker.frozen = true;
  }
}

/** Starts it again, with nobody connected. */
export function restart(server: PushServer): void {
  server.takes = true;
  server.silent = false;
  server.entry.ready = true;
  for (const worker of server.workers) worker.frozen = false;
}

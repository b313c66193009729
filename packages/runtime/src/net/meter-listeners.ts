import { meter } from '../metrics/meter.ts';
import { metrics } from '../metrics/metric-table.ts';
import type { ListenerStats } from './listener.ts';

/** Meters the listeners of a process together. `stats` also has those that have closed: what they counted stays counted. */
export function meterListeners(stats: () => readonly ListenerStats[]): Disposable {
  return meter.onRead(() => {
    const all = stats();
    const sum = (of: (one: ListenerStats) => number) => all.reduce((total, one) => total + of(one), 0);
    meter.set(
      metrics.handshakesWaiting,
      '',
      sum(({ waiting }) => waiting),
    );
    meter.set(
      metrics.handshakesInFlight,
      '',
      sum(({ inFlight }) => inFlight),
    );
    meter.set(
      metrics.handshakesCompleted,
      '',
      sum(({ completed }) => completed),
    );
    meter.set(
      metrics.handshakesResumed,
      '',
      sum(({ resumed }) => resumed),
    );
    for (const reason of metrics.connectionsRefused.values) {
      meter.set(
        metrics.connectionsRefused,
        reason,
        sum(({ refused }) => refused[reason]),
      );
    }
  });
}

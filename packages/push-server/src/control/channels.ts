import type { ServerDuplexStream } from '@grpc/grpc-js';
import { type common, limits, type node } from '@pushfleet/protocol';
import { BatchWriter, type Clock, type Logger } from '@pushfleet/runtime';
import type { ChannelId, ReportTo } from '../session/command.ts';
import type { Report } from '../session/session.ts';
import { RecentReports } from './recent-reports.ts';

export type ChannelCall = ServerDuplexStream<node.ChannelRequest, node.ChannelResponseInit>;

/** Reports that a balancer has not read yet. Beyond this they are dropped: it will call the outcomes unknown. */
const capacity = 50_000;

/** The open channels to balancers, and the way of reports to them. */
export class Channels {
  readonly #writers = new Map<ChannelId, BatchWriter<Report>>();
  readonly #calls = new Map<ChannelId, ChannelCall>();
  readonly #recent = new RecentReports();
  readonly #clock: Clock;
  readonly #logger: Logger;
  #lastId = 0;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** The balancer is told first what all others have been told just now. */
  open(call: ChannelCall): ChannelId {
    this.#lastId += 1;
    const writer = new BatchWriter<Report>({
      capacity,
      batchItems: 256,
      batchBytes: limits.controlMessageBytes / 4,
      sizeOf: sizeOfReport,
      write: (reports) => call.write({ reports }),
    });
    call.on('drain', () => writer.resume());
    this.#writers.set(this.#lastId, writer);
    this.#calls.set(this.#lastId, call);
    for (const report of this.#recent.list(this.#clock.now())) this.#add(writer, report);
    return this.#lastId;
  }

  close(channel: ChannelId): void {
    this.#writers.get(channel)?.close();
    this.#writers.delete(channel);
    this.#calls.delete(channel);
  }

  /** Their balancers come back, and learn whom they reach now. */
  endAll(): void {
    for (const [channel, call] of [...this.#calls]) {
      this.close(channel);
      call.end();
    }
  }

  /** Dropped where the channel is gone: nobody waits for it there. */
  reportMove(report: node.MoveReport, channel: ChannelId): void {
    this.#calls.get(channel)?.write({ moveReports: [report] });
  }

  /** The one balancer that waits for it knows. */
  announceTunnel(arrival: node.TunnelArrivalInit): void {
    for (const call of this.#calls.values()) call.write({ tunnelArrivals: [arrival] });
  }

  /** A report whose channel is gone goes to every channel: its balancer may be back on a new one. */
  report(report: Report, channel: ReportTo): void {
    const writer = channel === 'every' ? undefined : this.#writers.get(channel);
    if (writer) return this.#add(writer, report);
    this.#recent.add(report, sizeOfReport(report), this.#clock.now());
    for (const each of this.#writers.values()) this.#add(each, report);
  }

  #add(writer: BatchWriter<Report>, report: Report): void {
    if (!writer.add(report))
      this.#logger.warn({ command: report.commandId }, 'report dropped: the balancer does not read');
  }
}

function sizeOfReport(report: Report): number {
  if (report.report !== 'result') return 64;
  const { running, succeeded, failed } = report.result;
  const output = succeeded?.output ?? failed?.output;
  const statistics = succeeded?.statistics ?? running?.statistics;
  return 128 + (output?.length ?? 0) + (statistics ? sizeOfStatistics(statistics) : 0);
}

function sizeOfStatistics({ counters }: common.Statistics): number {
  let bytes = 16;
  for (const name in counters) bytes += name.length + 16;
  return bytes;
}

import type { ServerDuplexStream } from '@grpc/grpc-js';
import { limits, type node, resultBytes } from '@pushfleet/protocol';
import { type Clock, type Logger, TurnBatch } from '@pushfleet/runtime';
import type { ChannelId, ReportTo } from '../session/command.ts';
import type { Report } from '../session/session.ts';
import { RecentReports } from './recent-reports.ts';

export type ChannelCall = ServerDuplexStream<node.ChannelRequest, node.ChannelResponseInit>;

/** Interval of the keep-alives to balancers; a frozen worker sends none. */
export const keepAliveMs = 1_000;

/** Reports that a balancer has not read yet. Beyond this they are dropped: the balancer calls the outcomes unknown. */
const capacity = 50_000;

/** Size of one message to a balancer; a larger report would end the channel with everything that waits for it. */
const batchBytes = limits.controlMessageBytes / 4;
/** Size of a report without a result: two ids, an epoch or a reason. */
const envelopeBytes = 256;

/** The open channels to balancers; sends each report over the channel that its command came over. */
export class BalancerChannels {
  readonly #writers = new Map<ChannelId, TurnBatch<Report>>();
  readonly #calls = new Map<ChannelId, ChannelCall>();
  readonly #recent = new RecentReports();
  readonly #clock: Clock;
  readonly #logger: Logger;
  #lastId = 0;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Opens a channel. Its first messages are the reports that all other balancers got just now. */
  open(call: ChannelCall): ChannelId {
    this.#lastId += 1;
    const writer = new TurnBatch<Report>({
      capacity,
      batchItems: 256,
      batchBytes,
      sizeOf: sizeOfReport,
      supersedes: isResultOf,
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

  /** Ends every channel, so that balancers connect anew and learn the boot id of this worker. */
  endAll(): void {
    for (const [channel, call] of [...this.#calls]) {
      this.close(channel);
      call.end();
    }
  }

  /** To be called every `keepAliveMs`. Where something waits to be read, that is a keep-alive. */
  sendKeepAlives(): void {
    for (const call of this.#calls.values()) if (!call.writableNeedDrain) call.write({});
  }

  /** Dropped where the channel is gone: nobody waits for it there. */
  reportRedirect(report: node.RedirectProgress, channel: ChannelId): void {
    this.#calls.get(channel)?.write({ redirectProgress: [report] });
  }

  /** Announces a waiting tunnel to every balancer; the one that waits for it attaches. */
  announceTunnel(arrival: node.TunnelArrivalInit): void {
    for (const call of this.#calls.values()) call.write({ tunnelArrivals: [arrival] });
  }

  /** Tells one balancer, which writes it down. Without a channel only this worker's log has it. */
  reportRefusal(detail: string): void {
    const [call] = this.#calls.values();
    call?.write({ memberRefusals: [{ detail }] });
  }

  /** A report whose channel is gone goes to every channel: its balancer may be back on a new one. */
  report(report: Report, channel: ReportTo): void {
    const fitting = fit(report);
    const writer = channel === 'every' ? undefined : this.#writers.get(channel);
    if (writer) return this.#add(writer, fitting);
    this.#recent.add(fitting, sizeOfReport(fitting), this.#clock.now());
    for (const each of this.#writers.values()) this.#add(each, fitting);
  }

  #add(writer: TurnBatch<Report>, report: Report): void {
    if (!writer.add(report))
      this.#logger.warn({ commandId: report.commandId }, 'report dropped: the balancer does not read');
  }
}

/**
 * A result says that the device has the command, too. Most devices confirm and answer in one breath, and a report less takes 0.9 µs
 * less to write and 0.4 to read, before the balancer does anything about it.
 */
function isResultOf(later: Report, { report, commandId }: Report): boolean {
  return report === 'delivered' && later.report === 'result' && later.commandId === commandId;
}

/** Links bound what devices say, so that every report fits. The result of one that does not is replaced by a failure. */
function fit(report: Report): Report {
  if (report.report !== 'result' || sizeOfReport(report) <= batchBytes) return report;
  const { commandId } = report;
  const failed = { reason: "the device's result was too large to be passed on", output: Buffer.alloc(0) };
  return { ...report, result: { commandId, outcome: 'failed', failed } };
}

function sizeOfReport(report: Report): number {
  return envelopeBytes + (report.report === 'result' ? resultBytes(report.result) : 0);
}

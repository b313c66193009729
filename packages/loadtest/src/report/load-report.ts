import { z } from 'zod';
import { allLatencyNames, type LatencyName } from './latency-names.ts';

/** Grows when a field changes its meaning or goes; new fields may come without. */
export const reportSchemaVersion = 1;

const share = z.number().min(0);
const count = z.int().min(0);
const atMs = z.number();
const countsByName = z.record(z.string(), count);
/** Columns of a table have a value for each row; `null` where nothing was measured. */
const column = z.array(z.number().nullable());

const machine = z
  .object({
    cores: count.describe('cores that the load tool may use'),
    cpuModel: z.string().describe('as the kernel names it'),
    memoryBytes: count.describe('memory of the machine, in bytes'),
    kernel: z.string().describe('operating system and its release'),
    nodeVersion: z.string().describe('Node.js that the load tool runs on'),
    fileLimit: count.nullable().describe('open files that one process may have; `null`: unknown'),
  })
  .describe('where the load tool ran');

const latency = z.object({
  count: count.describe('values recorded'),
  minMs: z.number().describe('smallest, in milliseconds'),
  meanMs: z.number().describe('mean, in milliseconds'),
  p50Ms: z.number().describe('half of all values are at most this, in milliseconds'),
  p90Ms: z.number().describe('90 % are at most this, in milliseconds'),
  p99Ms: z.number().describe('99 % are at most this, in milliseconds'),
  p999Ms: z.number().describe('99.9 % are at most this, in milliseconds'),
  maxMs: z.number().describe('largest, in milliseconds'),
  percentiles: z
    .array(z.object({ percentile: z.number(), ms: z.number(), count }))
    .describe('points of the percentile curve: `percentile` (0 to 100), `ms`, and `count`, the values up to there'),
  hdr: z
    .string()
    .describe('all of it: an HdrHistogram of microseconds (V2, compressed, base64), which other tools read, too'),
});

const latencyName = z.enum(allLatencyNames as [LatencyName]);
const latencies = z.partialRecord(latencyName, latency);

const processRole = z.enum(['balancer', 'supervisor', 'worker', 'registry', 'load', 'busy']);

const pause = z.object({
  role: processRole.describe('what the process is'),
  name: z.string().describe('name of the process, as in `processes`'),
  pausedMs: z.number().describe('time between SIGSTOP and SIGCONT, in milliseconds'),
  lostMeanwhile: count.describe('links lost during that time, without the tool wanting it'),
  lostAfterwards: count.describe('links lost from then on'),
  answeredAgainMs: z
    .number()
    .nullable()
    .describe(
      'time from SIGCONT until every command begun before had its outcome, in milliseconds; `null`: no commands, or not all had',
    ),
  endedMeanwhile: z.boolean().describe('the process did not live to see SIGCONT: somebody has replaced it'),
});

const summary = z
  .object({
    devices: z
      .object({
        wanted: count.describe('devices that the run was asked for'),
        connected: count.describe('links at the end of the run, before the tool closes them'),
        peak: count.describe('most links at once'),
      })
      .describe('the fleet'),
    connects: z
      .object({
        offered: count.describe('attempts that were begun, repeated ones included'),
        succeeded: count.describe('attempts that ended in a link that takes commands'),
        failed: count.describe('attempts that did not'),
        peakPerSecond: z.number().describe('most devices that got in during one second'),
        medianPerSecond: z.number().describe('median of the seconds in which any device wanted in'),
        sustainedShare: share
          .nullable()
          .describe(
            'lowest rate of those who get in ÷ the highest, both over 5 s, from 10 s after the first has come (sooner where 80 % of the highest is reached) for as long as enough devices are missing to keep up the highest; `null`: too short to say',
          ),
      })
      .describe('attempts to connect'),
    connectFailures: countsByName.describe('failed attempts by reason'),
    links: z
      .object({
        lost: count.describe('links that ended without the tool wanting it'),
        closed: count.describe('links that the tool closed'),
      })
      .describe('links that ended'),
    closes: countsByName.describe('links that were lost, by the close reason that the device was told, or `linkLost`'),
    resumedShare: share.nullable().describe('TLS handshakes that resumed a session, of all; `null`: no TLS'),
    falseNoPushServer: count.describe('answers NO_PUSH_SERVER while a push server in scope was ready'),
    pushes: z
      .object({
        sent: count.describe('commands sent'),
        succeeded: count.describe('of these, those with the outcome SUCCEEDED'),
        failed: count.describe('of these, those with another final outcome, or none'),
        perSecond: z.number().describe('commands that succeeded, per second, while any were sent'),
        slowdown: z
          .number()
          .nullable()
          .describe('largest p99 of a phase ÷ p99 of the phase `rest`; `null`: no such phase, or no pushes in it'),
      })
      .describe('commands to single devices'),
    groupSync: z
      .object({
        devices: count.describe('connected devices when it began'),
        answered: count.describe('devices whose command succeeded'),
        allAnsweredMs: z
          .number()
          .nullable()
          .describe('time until all had answered, in milliseconds; `null`: not all did'),
      })
      .nullable()
      .describe('synchronization of a whole group; the slowest where there were several'),
    recovery: z
      .object({
        lost: count.describe('links that the fault ended'),
        returned: count.describe('devices of these that were back at the end'),
        allBackMs: z
          .number()
          .nullable()
          .describe('time from the fault until all were back, in milliseconds; `null`: not all were'),
        cpuBoundMs: z
          .number()
          .nullable()
          .describe(
            'links lost × CPU per return of all processes, the load tool included, ÷ cores: no machine of this size can be faster',
          ),
      })
      .nullable()
      .describe('return after the loss of a push server'),
    pause: pause.nullable().default(null).describe('pause of one process'),
    tunnel: z
      .object({
        bytes: count.describe('bytes carried, both ways'),
        bytesPerSecond: z.number().describe('bytes per second, both ways'),
      })
      .nullable()
      .describe('tunnels'),
    serverCpuMsPerReturn: z
      .number()
      .nullable()
      .describe('CPU of all server processes per device that came (assignment, handshake, session), in milliseconds'),
    serverCpuUsPerCommand: z
      .number()
      .nullable()
      .describe('CPU of all server processes per direct command, in microseconds'),
    serverCpuSeconds: z.number().nullable().describe('CPU of all server processes during the run, in seconds'),
    loadCpuSeconds: z.number().nullable().describe("the load tool's own CPU during the run, in seconds"),
    memoryKiBPerLink: z
      .number()
      .nullable()
      .describe(
        'resident memory of the workers with all links less that before the first, ÷ links, in KiB; of 1,000 links and more',
      ),
    memoryKiBPerLinkAfterChurn: z.number().nullable().describe('the same after devices have reconnected, in KiB'),
    memorySlopeKiBPerMinute: z
      .number()
      .nullable()
      .describe('how resident memory of all server processes grew while the number of links stayed, in KiB per minute'),
    spread: z.number().nullable().describe('links of the fullest push server ÷ mean of all, weighted; 1 is even'),
  })
  .describe('the figures that count; `null`: does not apply to the run, or could not be measured');

const series = z
  .object({
    intervalMs: z.number().positive().describe('width of a row, in milliseconds: 1,000, more for long runs'),
    atMs: z.array(atMs).describe('begin of each row, in milliseconds since the run began'),
    offered: z.array(count).describe('attempts to connect begun in the row'),
    connected: z.array(count).describe('devices that got in'),
    failed: z.array(count).describe('attempts that failed'),
    lost: z.array(count).describe('links that ended without the tool wanting it'),
    live: z.array(count).describe("links at the row's end"),
    pushesSent: z.array(count).describe('commands sent'),
    pushesDone: z.array(count).describe('commands that succeeded'),
    pushesFailed: z.array(count).describe('commands that did not'),
    tunnelBytes: z.array(count).describe('bytes carried by tunnels'),
    latencies: z
      .partialRecord(
        z.enum(allLatencyNames as [LatencyName]),
        z.object({ p50Ms: column, p99Ms: column, maxMs: column }),
      )
      .describe(
        'by name, as in `latencies`: `p50Ms`, `p99Ms` and `maxMs` of the values recorded in each row, in milliseconds; `null`: none was. in wider rows, the largest of the seconds',
      ),
  })
  .describe('what happened when; each list has a value for each row');

const processUse = z.object({
  role: processRole.describe('what it is; `load`: the tool itself; `busy`: one of `--busy-loops`'),
  name: z.string().describe('e.g. `lp-0/w1`, unique'),
  pid: count.describe('process id'),
  cpuSeconds: z.number().describe('CPU used during the run, user and system, in seconds'),
  peakRssBytes: count.describe('largest resident memory seen, in bytes'),
  lagP99Ms: z
    .number()
    .nullable()
    .default(null)
    .describe(
      '99 % of the time its event loop was late by at most this, in milliseconds; `null`: only known of `load`',
    ),
  lagMaxMs: z.number().nullable().default(null).describe('the longest time by which it was late, in milliseconds'),
  endedAtMs: atMs
    .nullable()
    .describe('when it was found to have ended, in milliseconds since the run began; `null`: it lives'),
  atMs: z.array(atMs).describe('times of the samples, in milliseconds since the run began'),
  cores: column.describe('cores used since the sample before: 1 is one core, fully'),
  rssBytes: column.describe('resident memory, in bytes'),
});

const linkCounts = z.object({
  nodeId: z.string().describe('push server'),
  worker: z.string().nullable().describe('worker; `null`: of the whole push server'),
  atMs: z.array(atMs).describe('times of the samples, in milliseconds since the run began'),
  links: column.describe('links held'),
});

const phase = z.object({
  name: z.string().describe('`rest`, `ramp`, `hold`, `loss`, `return`, …'),
  fromMs: atMs.describe('begin, in milliseconds since the run began'),
  toMs: atMs.describe('end, in milliseconds since the run began'),
  latencies: latencies.describe('as above, of the values recorded in this phase alone'),
  outcomes: countsByName.default({}).describe('commands that ended in this phase, by their last outcome'),
  closes: countsByName.default({}).describe('links that were lost in this phase, by reason'),
});

const errorCount = z.object({
  operation: z.string().describe('`assign`, `connect`, `push`, …'),
  reason: z.string().describe('code or close reason'),
  count: count.describe('how often'),
  sample: z.string().describe('text of one of them'),
  firstAtMs: atMs.describe('when it was first seen, in milliseconds since the run began'),
});

const threshold = z.object({
  expression: z.string().describe('as given to `--fail-if`'),
  value: z.number().nullable().describe("measured, in the metric's unit; `null`: was not measured, which fails"),
  failed: z.boolean().describe('whether the run fails by it'),
  sentence: z.string().describe('what was found, in words'),
});

export const loadReportSchema = z.object({
  kind: z.literal('pushfleet-load-report').describe('always `pushfleet-load-report`'),
  schemaVersion: z.literal(reportSchemaVersion).describe(`version of this format: ${reportSchemaVersion}`),
  pushfleetVersion: z.string().describe('version of the load tool'),
  scenario: z.string().describe('name of the scenario'),
  command: z.string().describe('command line that repeats the run, without secrets'),
  options: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())]))
    .describe(
      'options with the values that were used, defaults included, by their names without dashes, durations in milliseconds; those that are not for the scenario or the cluster, or have no value, are missing',
    ),
  machine,
  startedAt: z.iso.datetime().describe('begin of the run, RFC 3339, UTC'),
  durationMs: z.number().min(0).describe('length of the run, in milliseconds'),
  endedEarly: z
    .string()
    .nullable()
    .describe('why the run ended before its time: `interrupted`, or which process is gone; `null`: it did not'),
  verdict: z
    .enum(['passed', 'failed', 'unjudged'])
    .describe('`failed`: a threshold was crossed; `unjudged`: none was given'),
  thresholds: z.array(threshold).describe('each `--fail-if`, in the order given'),
  summary,
  latencies: latencies.describe('by name; those of which nothing was recorded are missing'),
  outcomes: countsByName.describe('commands by their last outcome, e.g. `SUCCEEDED`'),
  errors: z.array(errorCount).describe('what went wrong, most frequent first'),
  phases: z.array(phase).describe('parts of the run, in order'),
  series,
  processes: z.array(processUse).describe('processes that could be measured: those on this machine'),
  links: z.array(linkCounts).describe('links by push server and worker'),
  remarks: z.array(z.string()).describe('what a reader of the figures must know'),
});

export type LoadReport = z.infer<typeof loadReportSchema>;
export type LatencySummary = z.infer<typeof latency>;
export type LatencySummaries = z.infer<typeof latencies>;
export type ReportSummary = z.infer<typeof summary>;
export type ReportSeries = z.infer<typeof series>;
export type ReportPhase = z.infer<typeof phase>;
export type ReportMachine = z.infer<typeof machine>;
export type ProcessRole = z.infer<typeof processRole>;
export type ProcessUse = z.infer<typeof processUse>;
export type LinkCounts = z.infer<typeof linkCounts>;
export type ErrorCount = z.infer<typeof errorCount>;
export type ThresholdVerdict = z.infer<typeof threshold>;

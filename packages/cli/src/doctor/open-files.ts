import { describeShortage, planInput, planWorkers } from '@pushfleet/push-server';
import { type Finding, ok, type Part, problem, runsNothing, skipped, warning } from './finding.ts';

export interface OpenFiles {
  runs: readonly Part[];
  /** Files that a process may have open: one that runs, or one that is started from here. */
  limit: number;
  /** The process whose limit it is; absent: this one. */
  pid?: number;
  /** The `max connections` of the distribution point; absent: not known. */
  maxConnections?: number;
  maxWorkers?: number;
}

const check = 'open files';
/** Devices that ask for assignments hold one each for a moment, and a storm has thousands of them at once. */
const balancerFiles = 16_384;
const raise = (files: number) =>
  `ulimit -n ${files} in the shell that starts it; systemd: LimitNOFILE=${files}; docker: ulimits.nofile ${files}`;

/** Judges whether the limit of open files is enough for the links and connections that are to be held. */
export function checkOpenFiles({ runs, limit, pid, maxConnections, maxWorkers }: OpenFiles): Finding {
  if (runs.length === 0) return skipped(check, runsNothing);
  const whose = pid === undefined ? 'what is started from here' : `the running process ${pid}`;
  if (runs.includes('push-server') && maxConnections !== undefined) {
    const input = planInput(maxConnections, limit, maxWorkers);
    const plan = planWorkers(input);
    const shortage = describeShortage(input, plan);
    if (shortage !== undefined) return problem(check, `${whose}: ${shortage}`, raise(enoughFor(shortage)));
    if (!runs.includes('balancer')) {
      return ok(check, `${limit} for ${whose}: ${plan.workers} workers hold ${maxConnections} links`);
    }
  }
  if (runs.includes('balancer') && limit < balancerFiles) {
    const meaning = `${limit} for ${whose}: a balancer refuses connections sooner than it has to when many devices come at once`;
    return warning(check, meaning, raise(balancerFiles));
  }
  return ok(check, `${limit} for ${whose}`);
}

/** The limit that the push server itself asks for. */
function enoughFor(shortage: string): number {
  return Number(/open files to (\d+)/.exec(shortage)?.[1] ?? balancerFiles);
}

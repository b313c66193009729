/** `skipped`: it does not apply here, or could not be looked at. */
export const levels = ['ok', 'warning', 'problem', 'skipped'] as const;
export type Level = (typeof levels)[number];

/** The answer of one check. */
export interface Finding {
  /** The subject, as operators call it: `open files`, `port 13000`. */
  check: string;
  level: Level;
  /** The state that was found and its meaning; for `skipped`, why. */
  detail: string;
  /** The command or setting that changes it. Absent: nothing is to be changed. */
  change?: string;
}

export function ok(check: string, detail: string): Finding {
  return { check, level: 'ok', detail };
}

export function warning(check: string, detail: string, change: string): Finding {
  return { check, level: 'warning', detail, change };
}

export function problem(check: string, detail: string, change: string): Finding {
  return { check, level: 'problem', detail, change };
}

export function skipped(check: string, why: string): Finding {
  return { check, level: 'skipped', detail: why };
}

/** Processes of the cluster that a machine is to run; none: it only administers one. */
export const parts = ['balancer', 'push-server'] as const;
export type Part = (typeof parts)[number];

/** `it runs neither a balancer nor a push server` */
export const runsNothing = 'this machine runs neither a balancer nor a push server';

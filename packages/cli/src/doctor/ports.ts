import { type Finding, ok, problem, warning } from './finding.ts';

export interface WantedPort {
  port: number;
  host: string;
  /** `the admin API` */
  purpose: string;
  /** The variable, or command, that changes it. */
  setting: string;
  /** That of the local address. */
  bindSetting: string;
}

/** A process that listens on a port. */
export interface PortHolder {
  pid: number;
  /** Its command line. */
  command: string;
}

export type PortState =
  | { kind: 'free' }
  /** `by` is absent where this user may not know. */
  | { kind: 'taken'; by?: PortHolder }
  /** It can be had by nobody, or not by this user: the system's error code. */
  | { kind: 'refused'; code: string };

/** Judges whether a port can be had, or is had by pushfleet already. */
export function checkPort({ port, host, purpose, setting, bindSetting }: WantedPort, state: PortState): Finding {
  const check = `port ${port}`;
  switch (state.kind) {
    case 'free':
      return ok(check, `free, for ${purpose}`);
    case 'taken':
      return judgeTaken(check, { port, purpose, setting, by: state.by });
    case 'refused':
      return judgeRefused(check, { port, host, purpose, setting, bindSetting, code: state.code });
    default:
      return state satisfies never;
  }
}

type Taken = Pick<WantedPort, 'port' | 'purpose' | 'setting'> & { by: PortHolder | undefined };

function judgeTaken(check: string, { port, purpose, setting, by }: Taken): Finding {
  if (by && isPushfleet(by)) return ok(check, `pushfleet has it (pid ${by.pid}), for ${purpose}`);
  if (by) {
    const meaning = `wanted for ${purpose}, and taken by pid ${by.pid}: ${by.command}`;
    return problem(check, meaning, `stop that, or change ${setting}`);
  }
  const meaning = `wanted for ${purpose}, and taken; by whom is not told to this user, it may be pushfleet itself`;
  return warning(check, meaning, `sudo ss -ltnp 'sport = :${port}' shows who has it; then change ${setting}`);
}

function judgeRefused(
  check: string,
  { port, host, purpose, setting, bindSetting, code }: Omit<WantedPort, 'port'> & { port: number; code: string },
): Finding {
  if (code === 'EACCES') {
    const meaning = `wanted for ${purpose}, and only root may listen on ports below 1024`;
    return problem(check, meaning, `change ${setting}, or sysctl -w net.ipv4.ip_unprivileged_port_start=${port}`);
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return problem(
      check,
      `wanted for ${purpose} at ${host}, which is no address of this machine`,
      `change ${bindSetting}`,
    );
  }
  return problem(check, `wanted for ${purpose}, and cannot be listened on (${code})`, `change ${setting}`);
}

const ours =
  /^(?:\S*\/)?(?:pushfleet(?: |$)|node\b.* (?:\S*\/)?(?:pushfleet(?:\.js)?|push-server\/(?:dist|src)\/worker\/main\.[jt]s)(?: |$))/;

/** Its command line runs the program, or one of its workers; a directory of that name is not enough. */
function isPushfleet({ command }: PortHolder): boolean {
  return ours.test(command);
}

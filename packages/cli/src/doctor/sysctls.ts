import { type Finding, ok, type Part, problem, runsNothing, skipped, warning } from './finding.ts';

/** A value of the kernel; `undefined`: this system has none of that name. */
export type SysctlValue = string | undefined;

/** The connections that listeners ask the kernel to keep until they are accepted. */
const backlog = 4_096;

const noSuchValue = 'this system has no such value';
/** The file in which values outlast the next start. */
const file = '/etc/sysctl.d/90-pushfleet.conf';
const set = (name: string, value: number | string) =>
  `sysctl -w ${name}='${value}' && echo '${name} = ${value}' >> ${file}`;

/** Judges how many connections may wait to be accepted on one port. */
export function checkAcceptBacklog(value: SysctlValue, runs: readonly Part[]): Finding {
  const name = 'net.core.somaxconn';
  if (runs.length === 0) return skipped(name, runsNothing);
  if (value === undefined) return skipped(name, noSuchValue);
  if (Number(value) >= backlog) return ok(name, value);
  const meaning = `${value}: when many devices come at once, the kernel drops those beyond it before anybody sees them`;
  return warning(name, meaning, set(name, backlog));
}

/** Judges how many connections may be half open. @param cookies `net.ipv4.tcp_syncookies`: unless it is 0 none is dropped beyond that. */
export function checkSynBacklog(value: SysctlValue, cookies: SysctlValue, runs: readonly Part[]): Finding {
  const name = 'net.ipv4.tcp_max_syn_backlog';
  if (runs.length === 0) return skipped(name, runsNothing);
  if (value === undefined) return skipped(name, noSuchValue);
  if (Number(value) >= backlog) return ok(name, value);
  if (cookies !== '0') return ok(name, `${value}; beyond it SYN cookies take over`);
  const meaning = `${value}, and SYN cookies are off: when many devices come at once, the kernel drops those beyond it`;
  return warning(name, meaning, set(name, backlog));
}

export interface PortRange {
  /** `32768	60999` */
  range: SysctlValue;
  /** `8080,9148-9150` */
  reserved: SysctlValue;
  /** Ports that are to be listened on. */
  ports: readonly number[];
  runs: readonly Part[];
}

const leastLocalPorts = 20_000;

/** Judges the ports that outgoing connections get: enough of them, and none that is to be listened on. */
export function checkPortRange({ range, reserved = '', ports, runs }: PortRange): Finding {
  const name = 'net.ipv4.ip_local_port_range';
  if (runs.length === 0) return skipped(name, runsNothing);
  const [low = Number.NaN, high = Number.NaN] = (range ?? '').trim().split(/\s+/).map(Number);
  if (range === undefined || Number.isNaN(high)) return skipped(name, noSuchValue);
  const isReserved = (port: number) =>
    reserved.split(',').some((part) => {
      const [from = Number.NaN, to = from] = part.split('-').map(Number);
      return port >= from && port <= to;
    });
  const inside = ports.filter((port) => port >= low && port <= high && !isReserved(port));
  if (inside.length > 0) {
    const meaning = `${low} to ${high} has ${inside.join(', ')} in it: an outgoing connection of any program may hold it at the start`;
    const all = [...reserved.split(',').filter((part) => part.trim() !== ''), ...inside].join(',');
    return warning(name, meaning, set('net.ipv4.ip_local_reserved_ports', all));
  }
  if (high - low + 1 < leastLocalPorts) {
    const meaning = `${low} to ${high}: proxies and load tools on this machine run out of ports for one destination address`;
    return warning(name, meaning, set(name, '16384 60999'));
  }
  return ok(name, `${low} to ${high}`);
}

export interface Conntrack {
  /** Connections that the firewall can keep track of. */
  max: SysctlValue;
  /** Those that it keeps track of now. */
  count: SysctlValue;
  maxConnections: number | undefined;
  runs: readonly Part[];
}

/** Links that a push server is set up for, where its settings are not known. */
const usualConnections = 50_000;
/** Others beside the links: commands, assignments, connections that have just closed. */
const otherConnections = 16_384;

/** Judges the table of the firewall's connection tracking: when it is full, new connections are dropped without a word. */
export function checkConntrack({ max, count, maxConnections = usualConnections, runs }: Conntrack): Finding {
  const name = 'net.netfilter.nf_conntrack_max';
  if (runs.length === 0) return skipped(name, runsNothing);
  if (max === undefined) return skipped(name, 'connections are not tracked here');
  const [most, now] = [Number(max), Number(count ?? 0)];
  const wanted = (runs.includes('push-server') ? maxConnections : 0) + otherConnections;
  const change = set(name, Math.max(262_144, 2 * wanted));
  if (now >= 0.9 * most)
    return problem(name, `${now} of ${most} are in use: new connections are about to be dropped`, change);
  if (most < wanted) {
    const meaning = `${most}: beyond it new connections are dropped without a word, and ${wanted} may be open at once`;
    return warning(name, meaning, change);
  }
  return ok(name, `${most}, of which ${now} are in use`);
}

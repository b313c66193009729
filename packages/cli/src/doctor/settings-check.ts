import type { Environment } from '@pushfleet/runtime';
import { type Finding, ok, problem, warning } from './finding.ts';

export interface GivenSettings {
  environment: Environment;
  /** The refusals of the processes that would read them, a line for each. */
  refusals: readonly string[];
  /** Names of all variables that some process reads. */
  known: readonly string[];
}

/** Variables of docker-compose.yml and of the project's own tests. */
const foreign = /^PUSHFLEET_(?:TEST_.*|DEVICE_ADDRESS|NOFILE)$/;
const check = 'settings';

/** Judges the variables by themselves and beside one another; one finding for each that is wrong. */
export function checkSettings({ environment, refusals, known }: GivenSettings): Finding[] {
  const given = Object.keys(environment).filter((name) => name.startsWith('PUSHFLEET_') && environment[name]);
  const findings = [
    ...[...new Set(refusals)].map((words) =>
      problem(check, words, `export ${words.split(':')[0]}=…, as the text says`),
    ),
    ...given.filter((name) => !known.includes(name) && !foreign.test(name)).map((name) => judgeUnknown(name, known)),
    ...contradictions(environment),
  ];
  return findings.length > 0 ? findings : [ok(check, `${given.length} variables are set; none contradicts another`)];
}

function judgeUnknown(name: string, known: readonly string[]): Finding {
  const nearest = known.map((each) => ({ each, apart: distance(name, each) })).sort((a, b) => a.apart - b.apart)[0];
  const isTypo = nearest !== undefined && nearest.apart <= 3;
  const change = isTypo ? `unset ${name}, and set ${nearest.each} if that was meant` : `unset ${name}`;
  return warning(check, `${name} is read by nothing`, change);
}

/** Single letters to be changed, added or taken out. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (let to = 0; to < other.length; to += 1) {
      const changed = (row[to] ?? 0) + (letter === other[to] ? 0 : 1);
      next.push(Math.min(changed, (row[to + 1] ?? 0) + 1, (next[to] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** Pairs of which one means nothing without the other. */
const pairs = [
  ['PUSHFLEET_TLS_CERT_FILE', 'PUSHFLEET_TLS_KEY_FILE'],
  ['PUSHFLEET_TLS_KEY_FILE', 'PUSHFLEET_TLS_CERT_FILE'],
  ['PUSHFLEET_CLUSTER_CERT_FILE', 'PUSHFLEET_CLUSTER_KEY_FILE'],
  ['PUSHFLEET_CLUSTER_KEY_FILE', 'PUSHFLEET_CLUSTER_CERT_FILE'],
  ['PUSHFLEET_METRICS_BIND', 'PUSHFLEET_METRICS_PORT'],
  ['PUSHFLEET_REDIS_KEY_PREFIX', 'PUSHFLEET_REDIS_URL'],
  ['PUSHFLEET_REDIS_PASSWORD_FILE', 'PUSHFLEET_REDIS_URL'],
  ['PUSHFLEET_REDIS_CA_FILE', 'PUSHFLEET_REDIS_URL'],
  ['PUSHFLEET_REDIS_SENTINEL_PASSWORD_FILE', 'PUSHFLEET_REDIS_URL'],
  ['PUSHFLEET_REDIS_SENTINEL_USER', 'PUSHFLEET_REDIS_SENTINEL_PASSWORD_FILE'],
] as const;

const portDefaults = {
  PUSHFLEET_ASSIGN_PORT: '13000',
  PUSHFLEET_ADMIN_PORT: '13299',
  PUSHFLEET_REST_PORT: '8080',
  PUSHFLEET_PEER_PORT: '0',
  PUSHFLEET_METRICS_PORT: '0',
} as const;

function contradictions(environment: Environment): Finding[] {
  const has = (name: string) => Boolean(environment[name]);
  const lonely = pairs.flatMap(([name, partner]) =>
    has(name) && !has(partner)
      ? [warning(check, `${name} has no effect as meant without ${partner}`, `set ${partner}, or unset ${name}`)]
      : [],
  );
  return [...lonely, ...samePorts(environment), ...reachedByNobody(environment), ...inThePlain(environment)];
}

function samePorts(environment: Environment): Finding[] {
  const ports = Object.entries(portDefaults).map(([name, fallback]) => ({ name, port: environment[name] || fallback }));
  return ports.flatMap(({ name, port }, at) => {
    const twin = ports.slice(0, at).find((other) => other.port === port && port !== '0');
    return twin ? [problem(check, `${twin.name} and ${name} are both ${port}`, `set ${name} to another port`)] : [];
  });
}

/** With a Redis on another machine the cluster has several machines, and these listen for themselves alone. */
function reachedByNobody(environment: Environment): Finding[] {
  const isShared =
    /^rediss?\b/.test(environment.PUSHFLEET_REDIS_URL ?? '') &&
    !/@?(?:127\.|localhost|\[::1\])/.test(environment.PUSHFLEET_REDIS_URL ?? '');
  const name = 'PUSHFLEET_CONTROL_BIND';
  if (
    !isShared ||
    !environment.PUSHFLEET_DISTRIBUTION_POINT ||
    !/^(?:|127\..*|localhost|::1)$/.test(environment[name] ?? '')
  )
    return [];
  const meaning = `the registry is shared with other machines, and ${name} is of this machine alone: balancers elsewhere do not reach the workers`;
  return [warning(check, meaning, `set ${name}=0.0.0.0 and PUSHFLEET_CONTROL_ADDRESS to this machine's name`)];
}

function inThePlain(environment: Environment): Finding[] {
  const bind = environment.PUSHFLEET_BIND || '0.0.0.0';
  if (environment.PUSHFLEET_DEVICE_TLS !== 'off' || /^(?:127\.|localhost$|::1$)/.test(bind)) return [];
  const meaning = `PUSHFLEET_DEVICE_TLS is off and PUSHFLEET_BIND is ${bind}: device links are readable for whoever is in between`;
  return [
    warning(
      check,
      meaning,
      'set PUSHFLEET_BIND to the address to which only the proxy gets, or unset PUSHFLEET_DEVICE_TLS',
    ),
  ];
}

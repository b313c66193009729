import { type Finding, ok, problem, skipped, warning } from './finding.ts';

/** Judges the Node.js that runs this program. @param least As the package says: `22.16`. */
export function checkNodeVersion(version: string, least: string): Finding {
  const check = 'Node.js';
  if (isOlder(version, least)) {
    return problem(check, `${version} is too old`, `install Node.js ${least} or newer: https://nodejs.org/en/download`);
  }
  return ok(check, version);
}

export interface MemberVersions {
  own: string;
  /** Absent versions: theirs do not say. */
  members: readonly { name: string; software: { version: string; node: string } | undefined }[];
}

/** Judges the versions of the balancers and push servers that run, beside this program's. */
export function checkMemberVersions({ own, members }: MemberVersions): Finding {
  const check = 'versions';
  if (members.length === 0) return skipped(check, `this program is ${own}; no balancer and no push server runs`);
  const others = members.filter(({ software }) => software?.version !== own);
  if (others.length === 0) {
    const runtimes = [...new Set(members.map(({ software }) => software?.node))].join(', ');
    const names = members.map(({ name }) => name).join(', ');
    return ok(check, `${names}: ${own}, as this program is, on Node.js ${runtimes}`);
  }
  const list = others.map(({ name, software }) => `${name} ${software?.version ?? 'an older one'}`).join(', ');
  const remedy = 'install the same version on all machines, restart the balancers, then pushfleet rolling-restart';
  return warning(check, `this program is ${own}, and others run: ${list}`, remedy);
}

function isOlder(version: string, least: string): boolean {
  const [own, wanted] = [version, least].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [at, part] of wanted.entries()) {
    const has = own[at] ?? 0;
    if (has !== part) return has < part;
  }
  return false;
}

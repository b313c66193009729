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
  nodes: readonly { nodeId: string; software: { version: string; node: string } | undefined }[];
}

/** Judges the versions of the push servers that run, beside this program's. */
export function checkMemberVersions({ own, nodes }: MemberVersions): Finding {
  const check = 'versions';
  if (nodes.length === 0) return skipped(check, `this program is ${own}; no push server is registered`);
  const silent = nodes.filter(({ software }) => software === undefined);
  const others = nodes.filter(({ software }) => software !== undefined && software.version !== own);
  const list = [
    ...others.map(({ nodeId, software }) => `${nodeId} ${software?.version}`),
    ...silent.map(({ nodeId }) => `${nodeId} an older one`),
  ].join(', ');
  if (list === '') {
    const runtimes = [...new Set(nodes.map(({ software }) => software?.node))].join(', ');
    return ok(check, `${nodes.length} push servers are ${own}, as this program is; they run on Node.js ${runtimes}`);
  }
  const meaning = `this program is ${own}, and push servers are others: ${list}`;
  return warning(check, meaning, 'install the same version on all machines, then pushfleet rolling-restart');
}

function isOlder(version: string, least: string): boolean {
  const [own, wanted] = [version, least].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [at, part] of wanted.entries()) {
    const has = own[at] ?? 0;
    if (has !== part) return has < part;
  }
  return false;
}

/** A profile as Node.js' inspector writes it. */
export interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

/** A part of a profile: its name and its share of all that was not idle, 0 to 1. */
export type Share = [name: string, share: number];

export type Frame = CpuProfile['nodes'][number]['callFrame'];

/** Not of the load: waiting for the system, and the profiler's own start. */
const leftOut: readonly string[] = ['(idle)', 'post'];

/** The busiest functions first, as `name file:line`. */
export function sharesOfFunctions(profile: CpuProfile): Share[] {
  return shares(profile, nameOfFrame);
}

/** `name file:line`. */
export function nameOfFrame({ functionName, url, lineNumber }: Frame): string {
  return url === '' ? functionName : `${functionName || '(anonymous)'} ${shorten(url)}:${lineNumber + 1}`;
}

/** The same, summed up by where a function comes from: our folders, npm packages, parts of Node.js, native code. */
export function sharesOfGroups(profile: CpuProfile): Share[] {
  return shares(profile, groupOf);
}

function shares({ nodes, samples, timeDeltas }: CpuProfile, nameOf: (frame: Frame) => string): Share[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  let busyUs = 0;
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id);
    if (!frame || leftOut.includes(frame.functionName)) continue;
    const us = timeDeltas[index] ?? 0;
    const name = nameOf(frame);
    times.set(name, (times.get(name) ?? 0) + us);
    busyUs += us;
  }
  return [...times].map(([name, us]): Share => [name, us / busyUs]).sort(([, one], [, other]) => other - one);
}

function groupOf({ functionName, url }: Frame): string {
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (functionName === 'writeBuffer' || functionName === 'writev') return 'writes to sockets, native';
  if (url === '') return functionName.includes('$') ? 'protobufjs' : 'other native code';
  const [, dependency] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (dependency) return dependency;
  if (url.startsWith('node:internal/http2')) return 'node:http2';
  if (/^node:(net|tls|_tls|events|internal\/(streams|stream_base))/.test(url)) return 'sockets and streams of Node.js';
  if (url.startsWith('node:')) return 'the rest of Node.js';
  const [, name, folder] = /packages\/([^/]+)\/dist\/([^/.]+)/.exec(url) ?? [];
  return name ? `${name}/${folder}` : url;
}

function shorten(url: string): string {
  return url.replace(/^.*(node_modules|packages)\//, '').replace('/dist/', '/');
}

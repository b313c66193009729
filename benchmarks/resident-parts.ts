import { readFileSync } from 'node:fs';

/** glibc's arenas of threads other than the main one begin at multiples of it. */
const arenaBytes = 64 * 1_024 * 1_024;
/** The system maps libraries, stacks and what `malloc` asks it for above; V8 picks the addresses of its pages at random below. */
const systemAddresses = 0x7f00_0000_0000;

/** Resident bytes of a process by who holds them; files it has mapped are `other`. */
export function residentParts(pid: number): Record<string, number> {
  const parts: Record<string, number> = { V8: 0, glibc: 0, 'glibc of other threads': 0, other: 0 };
  let part = 'other';
  for (const line of readFileSync(`/proc/${pid}/smaps`, 'utf8').split('\n')) {
    const [, begin, inode, name] = /^([\da-f]+)-[\da-f]+ \S+ \S+ \S+ (\d+)\s*(.*)$/.exec(line) ?? [];
    if (begin) part = partOf(Number.parseInt(begin, 16), inode === '0', name ?? '');
    const kib = /^Rss:\s+(\d+) kB/.exec(line)?.[1];
    if (kib) parts[part] = (parts[part] ?? 0) + Number(kib) * 1_024;
  }
  return parts;
}

function partOf(address: number, isAnonymous: boolean, name: string): string {
  if (name === '[heap]') return 'glibc';
  if (!isAnonymous || name !== '') return 'other';
  if (address < systemAddresses) return 'V8';
  return address % arenaBytes === 0 ? 'glibc of other threads' : 'other';
}

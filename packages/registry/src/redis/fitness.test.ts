import { expect, it } from 'vitest';
import { judgeServer } from './fitness.ts';

const good = {
  redis_version: '7.2.4',
  redis_mode: 'standalone',
  maxmemory: '1048576',
  maxmemory_policy: 'noeviction',
  aof_enabled: '1',
};

function judge(change: Record<string, string | undefined>, save?: string, kind: 'server' | 'cluster' = 'server') {
  const fields = Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined);
  const info = `# All\r\n${fields.map(([name, value]) => `${name}:${value}`).join('\r\n')}\r\n`;
  return judgeServer(info, save, kind).map(({ severity, words }) => `${severity}: ${words}`);
}

it.each([
  ['as it should be', {}, undefined],
  ['on disk by snapshots', { aof_enabled: '0' }, '3600 1'],
  ['on disk in a way that it tells to nobody', { aof_enabled: '0' }, undefined],
  ['of the oldest version that will do', { redis_version: '6.2.0' }, undefined],
  ['of a version with two digits', { redis_version: '10.0.1' }, undefined],
])('finds nothing wrong with a server %s', (_, change, save) => {
  expect(judge(change, save)).toEqual([]);
});

it.each([
  ['evicts', { maxmemory_policy: 'allkeys-lru' }, undefined, /^unfit: .*allkeys-lru.*set maxmemory-policy noeviction$/],
  ['evicts what has an end', { maxmemory_policy: 'volatile-ttl' }, undefined, /^unfit: .*volatile-ttl/],
  ['would evict', { maxmemory_policy: 'allkeys-lfu', maxmemory: '0' }, undefined, /^doubtful: once maxmemory is set/],
  [
    'hides its policy',
    { maxmemory_policy: undefined },
    undefined,
    /^doubtful: its maxmemory-policy could not be checked/,
  ],
  ['is too old', { redis_version: '6.0.16' }, undefined, /^unfit: version 6\.0\.16 is too old; 6\.2/],
  ['is very old', { redis_version: '5.0.14' }, undefined, /^unfit: version 5\.0\.14/],
  ['belongs to a cluster', { redis_mode: 'cluster' }, undefined, /^unfit: .*redis\+cluster:/],
  ['is a Sentinel', { redis_mode: 'sentinel' }, undefined, /^unfit: .*redis\+sentinel:/],
  ['keeps nothing on disk', { aof_enabled: '0' }, '', /^doubtful: it keeps nothing on disk.*appendonly yes$/],
] as const)('says what is wrong with a server that %s, and what to do', (_, change, save, words) => {
  expect(judge(change, save)).toEqual([expect.stringMatching(words)]);
});

it('takes a member of a cluster that is named as one, and says what it may not look at', () => {
  expect(judge({ redis_mode: 'cluster' }, undefined, 'cluster')).toEqual([]);
  expect(judgeServer(undefined, undefined, 'server')).toEqual([
    { severity: 'doubtful', about: 'access', words: expect.stringContaining('INFO') },
  ]);
});

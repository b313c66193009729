import { describe, expect, it } from 'vitest';
import { describeTarget, parseRedisUrl, redisUrlForm } from './target.ts';

describe('parseRedisUrl', () => {
  it.each([
    ['redis://u:p@h:1/2', { kind: 'server', url: 'redis://u:p@h:1/2', hosts: [{ host: 'h', port: 1 }] }, 'h:1'],
    ['rediss://[::1]', { kind: 'server', hosts: [{ host: '::1', port: 6_379 }], tls: true }, '[::1]:6379'],
    [
      'redis+sentinel://user:p%40ss%3A%2F@s1:26380,s2,[::1]:5/main/3',
      {
        kind: 'sentinel',
        ...{ master: 'main', db: 3, username: 'user', password: 'p@ss:/', tls: false },
        hosts: [
          { host: 's1', port: 26_380 },
          { host: 's2', port: 26_379 },
          { host: '::1', port: 5 },
        ],
      },
      'main of the Sentinels at s1:26380,s2:26379,[::1]:5',
    ],
    ['rediss+sentinel://s1/main', { kind: 'sentinel', master: 'main', db: 0, tls: true, password: undefined }, /main/],
    [
      'rediss+cluster://:p:w@n1:7000,n2',
      {
        kind: 'cluster',
        ...{ username: undefined, password: 'p:w', tls: true },
        hosts: [
          { host: 'n1', port: 7_000 },
          { host: 'n2', port: 6_379 },
        ],
      },
      'n1:7000,n2:6379',
    ],
    ['redis+cluster://n1/', { kind: 'cluster', hosts: [{ host: 'n1', port: 6_379 }] }, 'n1:6379'],
  ])('understands %s, and names it without the password', (url, expected, name) => {
    expect(url).toMatch(redisUrlForm);
    const target = parseRedisUrl(url);
    expect(target).toMatchObject(expected);
    if (typeof name === 'string') expect(describeTarget(target)).toBe(name);
    else expect(describeTarget(target)).toMatch(name);
  });

  it.each([
    'redis+sentinel://s1',
    'redis+cluster://n1/main',
    'redis+other://h',
    'http://h',
    'redis://',
    'redis+cluster://',
  ])('is not asked to understand %s', (url) => {
    expect(url).not.toMatch(redisUrlForm);
  });
});

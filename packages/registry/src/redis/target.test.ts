import { describe, expect, it } from 'vitest';
import { describeTarget, explainRedisUrl, maskRedisUrl, parseRedisUrl } from './target.ts';

describe('parseRedisUrl', () => {
  it.each([
    [
      'redis://u:p@h:1/2',
      { kind: 'server', username: 'u', password: 'p', db: 2, hosts: [{ host: 'h', port: 1 }], tls: false },
      'h:1',
    ],
    ['redis://:p%23%2F%3F%25%20@:@h_1/', { kind: 'server', password: 'p#/?% @:', db: 0 }, 'h_1:6379'],
    ['redis://:gr%C3%B6%C3%9Fe@h', { kind: 'server', password: 'größe' }, 'h:6379'],
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
    expect(explainRedisUrl(url)).toBeUndefined();
    const target = parseRedisUrl(url);
    expect(target).toMatchObject(expected);
    if (typeof name === 'string') expect(describeTarget(target)).toBe(name);
    else expect(describeTarget(target)).toMatch(name);
  });

  it.each([
    ['redis://:pa#ss@h:6379', '# in its user or password is written %23'],
    ['redis://:pa/ss@h:6379', '/ in its user or password is written %2F'],
    ['redis://us?er:pass@h', '? in its user or password is written %3F'],
    ['redis://:100%@h', '% in its user or password is written %25'],
    ['redis://:p%zzss@h', '% in its user or password is written %25'],
    ['redis://:p%ffss@h', '% in its user or password is written %25'],
    ['redis://:pa ss@h', 'a blank or line break in its user or password is written %20'],
    ['redis://:pa\rss@h', 'a blank or line break in its user or password is written %0D'],
    ['redis://:pass@h:6379\r', 'Windows line ends'],
    [' redis://:pass@h', 'without blanks or line breaks around it'],
    ['redis+sentinel://:pa#ss@s1,s2/main', '# in its user or password is written %23'],
    ['redis+cluster://u:pa?ss@n1,n2', '? in its user or password is written %3F'],
    ['redis://:pass@h:0', 'host:port'],
    ['redis://:pass@h:70000', 'host:port'],
    ['redis://:pass@h1,h2', 'names one server'],
    ['redis://:pass@', 'host:port'],
    ['redis://pass#word', 'host:port; #, /, ? and %'],
    ['redis://:pass@h/first', 'number of a database'],
    ['redis://h?password=pass', 'are written %23, %2F, %3F and %25'],
    ['redis://h/0?password=pass', 'without ? or #'],
    ['redis+sentinel://s1', 'the name of the master'],
    ['redis+sentinel://:pass@s1/main/x', 'the name of the master'],
    ['redis+cluster://n1/main', 'has nothing'],
    ['redis+other://:pass@h', 'a redis://'],
    ['http://:pass@h', 'a redis://'],
    ['pass', 'a redis://'],
    ['redis://', 'host:port'],
    ['redis+cluster://', 'host:port'],
  ])('says what is wrong with %j, and tells no password', (url, expected) => {
    const explained = explainRedisUrl(url);
    expect(explained).toContain(expected);
    expect(() => parseRedisUrl(url)).toThrow(explained as string);
    const said = `${explained} ${maskRedisUrl(url)}`.replaceAll('password', '');
    expect(said).not.toMatch(/pass|pa |p%|100|us\?/);
  });
});

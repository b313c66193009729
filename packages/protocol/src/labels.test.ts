import { describe, expect, it } from 'vitest';
import { parseLabels, parseLinkKinds } from './labels.ts';

const named = (field: string) => expect.objectContaining({ code: 'INVALID_ARGUMENT', field });

describe('labels', () => {
  it('are taken in the order of their keys', () => {
    expect(Object.entries(parseLabels({ site: 'HQ/2', 'app.example.org/os': 'linux-6.1' }))).toEqual([
      ['app.example.org/os', 'linux-6.1'],
      ['site', 'HQ/2'],
    ]);
    expect(parseLabels({})).toEqual({});
  });

  it.each<[string, unknown]>([
    ['labels', null],
    ['labels', ['a']],
    ['labels', Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`k${index}`, 'v']))],
  ])('name %s where it is wrong', (field, value) => {
    expect(() => parseLabels(value)).toThrow(named(field));
  });

  it.each<[string, string, unknown]>([
    ['keys', '""', { '': 'v' }],
    ['keys', '"a=b"', { 'a=b': 'v' }],
    ['keys', '"größe"', { größe: 'v' }],
    ['keys', `"${'😀'.repeat(16)}"`, { ['😀'.repeat(100)]: 'v' }],
    ['values', '"os"', { os: '' }],
    ['values', '"os"', { os: 'x'.repeat(64) }],
    ['values', '"os"', { os: 7 }],
    ['values', '"os"', { os: 'a{b}' }],
  ])('say which of their %s is wrong, %s, in words and not in the field', (what, key, value) => {
    const message = `labels: must be a map with ${what} of 1 to 63 of A-Z a-z 0-9 . _ / -; see ${key}`;
    expect(() => parseLabels(value)).toThrow(expect.objectContaining({ message, field: 'labels' }));
  });

  it('may have keys that objects know already', () => {
    const labels = parseLabels(JSON.parse('{"constructor": "a", "__proto__": "b"}'));
    expect(Object.entries(labels)).toEqual([
      ['__proto__', 'b'],
      ['constructor', 'a'],
    ]);
  });
});

it('link kinds are taken once each, and named where they are wrong', () => {
  expect(parseLinkKinds(['LINK_KIND_MQTT', 'LINK_KIND_GRPC', 'LINK_KIND_MQTT'])).toEqual(['grpc', 'mqtt']);
  expect(parseLinkKinds([])).toEqual([]);
  expect(() => parseLinkKinds(['LINK_KIND_GRPC', 7], 'device.link_kinds')).toThrow(named('device.link_kinds[1]'));
  expect(() => parseLinkKinds(['LINK_KIND_UNSPECIFIED'])).toThrow(named('link_kinds[0]'));
});

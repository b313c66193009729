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
    ['labels key ""', { '': 'v' }],
    ['labels key "a=b"', { 'a=b': 'v' }],
    ['labels["os"]', { os: '' }],
    ['labels["os"]', { os: 'x'.repeat(64) }],
    ['labels["os"]', { os: 7 }],
    ['labels["os"]', { os: 'a{b}' }],
  ])('name %s where it is wrong', (field, value) => {
    expect(() => parseLabels(value)).toThrow(named(field));
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
  expect(parseLinkKinds(['mqtt', 'grpc', 'mqtt'])).toEqual(['grpc', 'mqtt']);
  expect(parseLinkKinds([])).toEqual([]);
  expect(() => parseLinkKinds(['grpc', 'http'], 'device.link_kinds')).toThrow(named('device.link_kinds[1]'));
  expect(() => parseLinkKinds('http')).toThrow(named('link_kinds[0]'));
});

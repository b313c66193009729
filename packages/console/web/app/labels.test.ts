import { describe, expect, it } from 'vitest';
import { formatLabels, labelList, parseLabels } from './labels.ts';

describe('labels', () => {
  it.each([
    ['', {}],
    [' , \n', {}],
    ['os=linux', { os: 'linux' }],
    ['os=linux, site=Berlin', { os: 'linux', site: 'Berlin' }],
    ['os = linux\nsite=Berlin\n', { os: 'linux', site: 'Berlin' }],
    ['version=a=b', { version: 'a=b' }],
  ])('reads %j', (text, labels) => expect(parseLabels(text)).toEqual({ labels }));

  it.each([
    ['os', 'os'],
    ['os=', 'os='],
    ['=linux', '=linux'],
    ['os=linux, oops', 'oops'],
  ])('says what it cannot read of %j', (text, wrong) => expect(parseLabels(text)).toEqual({ wrong }));

  it('shows them in the order of their keys, and reads what it shows', () => {
    const labels = { site: 'Berlin', os: 'linux' };
    expect(labelList(labels)).toEqual(['os=linux', 'site=Berlin']);
    expect(parseLabels(formatLabels(labels))).toEqual({ labels });
  });
});

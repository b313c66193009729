import type { Environment } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { parseFleetFile } from './parse-fleet-file.ts';

/** The values of the text. */
function parse(text: string, environment: Environment = {}) {
  const { place: _place, ...fleet } = parseFleetFile(text, 'fleet.yaml', environment);
  return fleet;
}

const point = (pushServer: string) => `distributionPoints: [{ id: dp-1, groups: [HQ], pushServer: ${pushServer} }]`;

describe('the YAML of a fleet file', () => {
  it.each([
    ['sections with everything commented out', 'groups:\n  # - HQ\ndistributionPoints:\ndevices: # none\n', {}],
    ['only comments', '# groups: [HQ]\n', {}],
    ['a document marker', '---\ngroups: [HQ]\n...\n', { groups: ['HQ'] }],
    ['line ends of Windows', 'groups:\r\n  - HQ\r\n', { groups: ['HQ'] }],
    [
      'words that other readers take for truth',
      'groups: [no, off, y, 1_000, "0100", 12:30]',
      { groups: ['no', 'off', 'y', '1_000', '0100', '12:30'] },
    ],
    ['a known tag', 'groups: [!!str 17]', { groups: ['17'] }],
    ['an anchor that is set twice', 'groups: [&g HQ, *g, &g Lab, *g]', { groups: ['HQ', 'HQ', 'Lab', 'Lab'] }],
  ])('reads %s', (_what, text, fleet) => {
    expect(parse(text)).toEqual({ groups: [], distributionPoints: [], devices: [], ...fleet });
  });

  it('reads labels and link kinds with everything commented out as none', () => {
    const text = 'devices:\n  - id: a\n    group: HQ\n    labels:\n      # os: linux\n    linkKinds:\n';
    expect(parse(text).devices).toEqual([{ id: 'a', group: 'HQ' }]);
  });

  it('reads what mappings have in common once, with aliases and <<', () => {
    const text = `
devices:
  - &laptop { id: a, group: HQ, labels: &labels { os: linux } }
  - { <<: *laptop, id: b }
  - { id: c, group: Lab, labels: { <<: [*labels, { ring: early, os: mac }], site: x } }`;
    expect(parse(text).devices).toEqual([
      { id: 'a', group: 'HQ', labels: { os: 'linux' } },
      { id: 'b', group: 'HQ', labels: { os: 'linux' } },
      { id: 'c', group: 'Lab', labels: { os: 'linux', ring: 'early', site: 'x' } },
    ]);
  });

  const variable = (inner: string) => `\${${inner}}`;

  const device = (more: string) => `devices:\n  - id: a\n    group: HQ\n    ${more}`;
  it.each<[what: string, text: string, problem: string]>([
    [
      'an unknown tag',
      device('secret: !vault |\n      3938\n'),
      'line 4, column 13: the tag !vault means nothing here',
    ],
    ['an unknown tag of a key', device('!env secret: X'), 'line 4, column 5: the tag !env means nothing here'],
    [
      'a tag of other readers',
      device('secret: !!binary c2l4dGVlbiBsZXR0ZXJzIQ=='),
      'column 13: the tag !!binary means nothing here',
    ],
    [
      'an alias without an anchor',
      device('labels: *common'),
      'line 4, column 13: there is no anchor &common before this alias',
    ],
    ['an alias before its anchor', 'groups: [*g, &g HQ]', 'line 1, column 10: there is no anchor &g before this alias'],
    [
      'an alias within what it stands for',
      'groups: &g [*g]',
      'nested too deeply, or an alias within what it stands for',
    ],
    ['a mapping merged with itself', device('labels: &l { <<: *l }'), 'a mapping that << merges with itself'],
    ['a merged text', device('labels: { <<: x }'), 'line 4, column 19: << must be followed by an alias of a mapping'],
    [
      'a key that is there twice',
      device('secret: a\n    "secret": b'),
      'line 5, column 5: the key secret is there twice',
    ],
    ['a key that is a list', '? [groups]\n: [HQ]', 'line 1, column 3: a key must be a text'],
    [
      'a second document',
      'groups: [HQ]\n---\ndevices: []',
      'line 2, column 1: a second document begins; the file must be one',
    ],
    ['YAML 1.1', '%YAML 1.1\n---\ngroups: [no]', 'line 1, column 1: must be YAML 1.2'],
    ['a tab', 'groups:\n\t- HQ', 'line 2, column 1: a tab in the indentation; YAML takes blanks only'],
    [
      'a colon in a text',
      'groups:\n  - HQ: Floor: 2',
      'line 2, column 9: a second ": " on the line; a text that holds one stands in quotes',
    ],
    [
      'an octal port',
      point('{ address: a, port: 013295 }'),
      'pushServer.port: 013295 is read as the number 13295; write that, or "013295" in quotes',
    ],
    [
      'a port in hexadecimal',
      point('{ address: a, port: 0x33ef }'),
      'pushServer.port: 0x33ef is read as the number 13295; write',
    ],
    [
      'a port with an exponent',
      point('{ address: a, port: 1e4 }'),
      'pushServer.port: 1e4 is read as the number 10000; write',
    ],
    [
      'an id with zeros',
      'devices: [{ id: 0017, group: HQ }]',
      'column 17: devices[0].id: 0017 is read as the number 17; write that, or "0017" in quotes',
    ],
    [
      'a version that is cut',
      device('labels: { os: 22.10 }'),
      'line 4, column 19: devices[0].labels.os: 22.10 is read as the number 22.1',
    ],
    [
      'a version',
      device('labels: { os: 22.1 }'),
      'devices[0].labels.os: must be a text; it is 22.1: write "22.1", in quotes',
    ],
    [
      'a truth',
      device('labels: { os: true }'),
      'devices[0].labels.os: must be a text; it is true: write "true", in quotes',
    ],
    ['not a truth', point('{ address: a, enabled: no }'), 'pushServer.enabled: must be true or false; it is "no"'],
    [
      'a secret without a value',
      device('secret:'),
      'line 4, column 12: devices[0].secret: must be a text of 16 to 256 bytes; without it',
    ],
    [
      'an empty secret',
      device('secret: ""'),
      'devices[0].secret: must be a text of 16 to 256 bytes; without it the device keeps the',
    ],
    [
      'a secret of two lines',
      device('secret: |\n      sixteen letters!\n      sixteen letters!\n'),
      'line 4, column 13: devices[0].secret: the secret has 2 lines; a secret is one line',
    ],
    [
      'a hidden character in a secret',
      device('secret: "sixteen\u200b letters!"'),
      'devices[0].secret: the secret has a character that nobody sees, U+200B at character 8',
    ],
    [
      'no scope',
      'distributionPoints: [{ id: dp-1, groups: , pushServer: { address: a } }]',
      'groups: must be a list of groups; it has no value',
    ],
    ['a hidden character', 'groups: ["HQ\u200b"]', 'groups[0]: must be 1 to 16 names joined by "/", each 1 to 64'],
    [
      'a variable with a dash',
      device(`secret: ${variable('DEVICE-SECRET')}`),
      'line 4, column 13: devices[0].secret: a ${ that begins no',
    ],
    ['a variable in a default', `groups: ["${variable(`A:-${variable('B')}`)}"]`, 'groups[0]: a ${ that begins no'],
    ['a variable that does not end', 'groups: ["${A"]', 'line 1, column 10: groups[0]: a ${ that begins no'],
    ['an empty variable', `groups: ["${variable('A')}"]`, 'groups[0]: the environment variable A is not set'],
    ['deep lists', `groups: ${'['.repeat(100_000)}`, 'line 1, column 73: nested too deeply'],
    ['deep lists on one line', `${'- '.repeat(100_000)}x`, 'line 1, column 129: nested too deeply'],
    [
      'deep mappings',
      Array.from({ length: 1_000 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
      'line 258, column 1: nested too deeply',
    ],
    ['a text', 'HQ', 'fleet.yaml, line 1, column 1: the file: must be an object with'],
  ])('refuses %s by its place', (_what, text, problem) => {
    expect(() => parse(text, { A: '' })).toThrow(problem);
    expect(() => parse(text, { A: '' })).toThrow(/^fleet.yaml, line \d+, column \d+: /);
  });

  it('refuses aliases that stand for millions of values', () => {
    const levels = Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${`*a${at}, `.repeat(10)}]`);
    expect(() => parse(['a0: &a0 x', ...levels].join('\n'))).toThrow('aliases stand for more than a million values');
    const keys = Array.from({ length: 60 }, (_, at) => `k${at}: x`).join(', ');
    const merged = Array.from({ length: 20 }, (_, at) => `m${at + 1}: &m${at + 1} { <<: [${`*m${at}, `.repeat(10)}] }`);
    expect(() => parse([`m0: &m0 { ${keys} }`, ...merged].join('\n'))).toThrow('m0: no such setting');
  });

  it.each([
    ['a block', device('secret: |\n      sixteen letters!\n')],
    ['a folded block', device('secret: >-\n      sixteen\n      letters!\n')],
    ['a variable of a file with line ends of Windows', device(`secret: ${variable('SECRET')}`)],
  ])('takes the line end for no part of a secret: %s', (_what, text) => {
    expect(parse(text, { SECRET: 'sixteen letters!\r' }).devices[0]?.secret).toBe('sixteen letters!');
  });

  it.each([
    ['an alias', '*hunter2hunter2hunter2', 'there is no anchor &… before this alias; a text that begins with *'],
    ['a tag', '!hunter2-hunter2-hunter2', 'the tag !… means nothing here'],
    ['a number', '0x8badf00d8badf00d8badf00d', 'it is read as a number; a text of digits stands in quotes'],
    ['a number with an exponent', '1234567890123456e78', 'devices[0].secret: it is read as a number'],
    ['a number with too many digits', '1234567890123456789012', 'devices[0].secret: it is read as a number'],
  ])('does not show a secret that YAML takes for %s', (_what, secret, problem) => {
    expect(() => parse(device(`secret: ${secret}`))).toThrow(problem);
    const shown = () => parse(device(`secret: ${secret}`));
    expect(shown).not.toThrow(secret.slice(1, 12));
  });
});

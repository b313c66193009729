import type { Environment } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { parseFleetFile } from './parse-fleet-file.ts';

/** The fleet of the text, without `place`. */
function parse(text: string, environment: Environment = {}) {
  const { place: _place, ...fleet } = parseFleetFile(text, 'fleet.yaml', environment);
  return fleet;
}

const point = (pushServer: string) => `distributionPoints: [{ id: dp-1, groups: [HQ], pushServer: ${pushServer} }]`;

const variable = (inner: string) => `\${${inner}}`;

describe('parseFleetFile', () => {
  it('reads groups, distribution points and devices, and fills in what is not said', () => {
    const text = `
groups: [HQ/Floor 2]
distributionPoints:
  - id: dp-1
    groups: [HQ]
    pushServer: { address: push1.example.org, port: 13296, weight: 50, addressCheck: off }
devices:
  - { id: laptop-17, group: HQ/Floor 2, secretFile: secrets/laptop-17, labels: { os: linux }, linkKinds: [mqtt] }`;
    expect(parse(text)).toEqual({
      groups: ['HQ/Floor 2'],
      distributionPoints: [
        {
          id: 'dp-1',
          groups: ['HQ'],
          pushServer: {
            ...{ enabled: true, address: 'push1.example.org', port: 13296, weight: 50 },
            addressCheck: 'ADDRESS_CHECK_OFF',
          },
        },
      ],
      devices: [
        {
          id: 'laptop-17',
          group: 'HQ/Floor 2',
          secretFile: 'secrets/laptop-17',
          labels: { os: 'linux' },
          linkKinds: ['mqtt'],
        },
      ],
    });
    expect(parse('')).toEqual({ groups: [], distributionPoints: [], devices: [] });
  });

  it('fills in environment variables and their defaults', () => {
    const text = `groups: ["\${GROUP:-HQ}"]\n${point(`{ address: "\${HOST}" }`)}`;
    const fleet = parse(text, { HOST: '192.0.2.7' });
    expect(fleet.distributionPoints[0]?.pushServer.address).toBe('192.0.2.7');
    expect(fleet.groups).toEqual(['HQ']);
    expect(() => parse(text)).toThrow(
      'distributionPoints[0].pushServer.address: the environment variable HOST is not set',
    );
  });

  it.each([
    ['not an object', '- a list', 'the file: must be an object with `groups`, `distributionPoints` and `devices`'],
    ['not YAML', 'groups: [HQ', /^fleet.yaml, line 1, column 12: Flow sequence in block collection/],
    ['an unknown section', 'grups: []', 'grups: no such setting; `pushfleet apply --help` shows what there is'],
    ['a bad group', 'groups: ["HQ//2"]', /: groups\[0\]: must be 1 to 16 names joined by "\/"/],
    ['a device without a group', 'devices: [{ id: a }]', 'devices[0].group: must be a text'],
    ['a bad device id', 'devices: [{ id: "a b", group: HQ }]', /: devices\[0\]\.id: must be 1 to 128 of A-Z/],
    ['an id that YAML reads as a number', 'devices: [{ id: 17, group: HQ }]', 'devices[0].id: must be a text'],
    [
      'two secrets',
      'devices: [{ id: a, group: HQ, secret: sixteen letters!, secretFile: y }]',
      'devices[0]: must have `secret` or `secretFile`, not both',
    ],
    [
      'a bad address check',
      point('{ address: a, addressCheck: no }'),
      'pushServer.addressCheck: must be one of "default", "on", "warn", "off"',
    ],
    ['a bad weight', point('{ address: a, weight: 0 }'), 'pushServer.weight: must be a whole number from 1 to 1000'],
    [
      'a bad label',
      'devices: [{ id: a, group: HQ, labels: { os: "" } }]',
      /: devices\[0\]\.labels: must be a map with values of 1 to 63 .*; see "os"$/,
    ],
    ['a label that is a number', 'devices: [{ id: a, group: HQ, labels: { os: 7 } }]', 'labels.os: must be a text'],
    ['a bad link', 'devices: [{ id: a, group: HQ, linkKinds: [http] }]', 'linkKinds[0]: must be "grpc" or "mqtt"'],
    [
      'a device twice',
      'devices: [{ id: a, group: HQ }, { id: b, group: HQ }, { id: a, group: HQ }]',
      'devices[2].id: is the id of [0] already',
    ],
    ['no address', point('{ port: 1 }'), 'distributionPoints[0].pushServer.address: must be a text'],
    [
      'an address that is everywhere',
      point('{ address: 0.0.0.0 }'),
      /: distributionPoints\[0\]\.pushServer\.address: must be an IP address or host name, without a port, .*every address/,
    ],
    [
      'an address with a port',
      point('{ address: "a:1" }'),
      'address: must be an IP address or host name, without a port',
    ],
    [
      'a bad port',
      point('{ address: a, port: 70000 }'),
      'distributionPoints[0].pushServer.port: must be a port, 1 to 65535',
    ],
    [
      'an unknown setting',
      point('{ address: a, prot: 1 }'),
      'distributionPoints[0].pushServer.prot: no such setting; `pushfleet apply --help` shows what there is',
    ],
    [
      'no scope',
      'distributionPoints: [{ id: dp-1, groups: [], pushServer: { address: a } }]',
      'distributionPoints[0].groups: must name a group at least',
    ],
  ])('names the place of %s', (_what, text, problem) => {
    expect(() => parse(text)).toThrow(problem);
  });

  it('spells a group in one way', () => {
    const text = 'groups: ["Gro\u0308\u00dfe\u00a01"]\ndevices: [{ id: a, group: "Gr\u00f6\u00dfe 1" }]';
    const { groups, devices } = parse(text);
    expect([...groups, devices[0]?.group]).toEqual(['Größe 1', 'Größe 1']);
  });

  it('takes numbers and truth from variables', () => {
    const text = `
distributionPoints:
  - id: dp-1
    groups: [HQ]
    pushServer:
      enabled: ${variable('ON')}
      address: a
      port: ${variable('DP_PORT:-13295')}
      maxConnections: "${variable('MAX')}"
      weight: "50"`;
    const { pushServer } = parse(text, { ON: 'false', MAX: '7' }).distributionPoints[0] ?? {};
    expect(pushServer).toEqual({ enabled: false, address: 'a', port: 13_295, maxConnections: 7, weight: 50 });
    expect(() => parse(text, { ON: 'no', MAX: '1e3' })).toThrow(
      /enabled: must be true or false; it is "no"\n.*maxConnections: must be a whole number from 1 to 10000000; it is "1e3"/,
    );
    const inBraces = point(`{ address: a, port: ${variable('DP_PORT')} }`);
    expect(() => parse(inBraces)).toThrow(`: ${variable('NAME')} in a line with { } or [ ] around it stands in quotes`);
  });

  it('fills in variables and no other dollars; two stand for one before a brace', () => {
    const text = `groups: ["$HQ $$ ${variable('A')}$x ${variable('B:-$5: c')}"]`;
    expect(parse(text, { A: 'a' }).groups).toEqual(['$HQ $$ a$x $5: c']);
    const device = `devices: [{ id: a, group: HQ, secret: "sixteen $${variable('NAME')} $$${variable('A')}" }]`;
    expect(parse(device, { A: 'a' }).devices[0]?.secret).toBe(`sixteen ${variable('NAME')} $${variable('A')}`);
  });

  it('lists the first twenty problems, and counts the others', () => {
    const lines = Array.from({ length: 30 }, () => '  - ""').join('\n');
    const refused = () => parse(`groups:\n${lines}`);
    expect(refused).toThrow(/line 21, column 5: groups\[19\]: .*\n… and 10 more$/);
  });

  it('names every wrong place at once', () => {
    const text = 'groups: [""]\ndevices: [{ id: a }]';
    expect(() => parse(text)).toThrow(
      /^fleet.yaml, line 1, column 10: groups\[0\]: .*\nfleet.yaml, line 2, column 11: devices\[0\]\.group: /,
    );
  });
});

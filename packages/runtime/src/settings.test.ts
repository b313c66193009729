import { PushfleetError } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { readSettings, settingKinds } from './settings.ts';

const settings = {
  port: { name: 'PUSHFLEET_PORT', description: '', schema: settingKinds.port(), fallback: '8080' },
  file: { name: 'PUSHFLEET_FILE', description: '', schema: settingKinds.path().optional() },
  tls: { name: 'PUSHFLEET_TLS', description: '', schema: settingKinds.flag(), fallback: 'on' },
  id: { name: 'PUSHFLEET_ID', description: '', schema: settingKinds.text('an id of letters', /^[a-z]+$/) },
} as const;

describe('readSettings', () => {
  it('takes what is set, else the fallback; an empty variable counts as unset', () => {
    const environment = { PUSHFLEET_PORT: '', PUSHFLEET_FILE: '/etc/x', PUSHFLEET_TLS: 'off', PUSHFLEET_ID: 'abc' };
    expect(readSettings(settings, environment)).toEqual({ port: 8080, file: '/etc/x', tls: false, id: 'abc' });
    expect(readSettings(settings, { PUSHFLEET_ID: 'a' }).file).toBeUndefined();
  });

  it('names every variable that is wrong, what it holds and what would be right', () => {
    const read = () => readSettings(settings, { PUSHFLEET_PORT: '70000', PUSHFLEET_TLS: 'yes' });
    expect(read).toThrow(PushfleetError);
    expect(read).toThrow('PUSHFLEET_PORT: must be a port, 0 to 65535; it is "70000"');
    expect(read).toThrow('PUSHFLEET_TLS: must be "on" or "off"; it is "yes"');
    expect(read).toThrow('PUSHFLEET_ID: must be an id of letters');
  });

  it('names two that contradict each other, also where one of them is not set', () => {
    const duration = { description: '', schema: settingKinds.durationMs(1, 60_000) };
    const pair = {
      suspect: { ...duration, name: 'PUSHFLEET_SUSPECT', fallback: '5000' },
      dead: { ...duration, name: 'PUSHFLEET_DEAD', fallback: '15000', atLeast: 'PUSHFLEET_SUSPECT' },
    } as const;
    expect(readSettings(pair, { PUSHFLEET_SUSPECT: '15000' })).toEqual({ suspect: 15_000, dead: 15_000 });
    const rule = (least: number) => `PUSHFLEET_DEAD: must be at least ${least}, as PUSHFLEET_SUSPECT is`;
    expect(() => readSettings(pair, { PUSHFLEET_SUSPECT: '15001' })).toThrow(`${rule(15_001)}; it is 15000. Raise it`);
    expect(() => readSettings(pair, { PUSHFLEET_DEAD: '4999' })).toThrow(`${rule(5_000)}; it is 4999`);
    // What is no number at all is told alone.
    expect(() => readSettings(pair, { PUSHFLEET_DEAD: '1', PUSHFLEET_SUSPECT: 'x' })).toThrow(
      /^PUSHFLEET_SUSPECT: .*"x"$/,
    );
  });

  it.each([
    ['https://admin:s3cret@h:1', 'https://***@h:1'],
    ['https://admin:s/3#c@ret@h', 'https://***@h'],
    ['13299\r', '13299\\r'],
    ['\x1b[31m', '\\x1b[31m'],
  ])('shows neither a secret nor what a terminal would obey: %j', (value, shown) => {
    const environment = { PUSHFLEET_ID: value };
    expect(() => readSettings({ id: settings.id }, environment)).toThrow(`it is "${shown}"`);
  });

  it.each(['/var/lib/x\r', '/var/lib/x\n', '/var/\0lib', '/var/lib/x ', ' /var/lib/x', '\u00a0/var', '   '])(
    'takes %j for no path',
    (value) => {
      expect(() => readSettings({ file: settings.file }, { PUSHFLEET_FILE: value })).toThrow('PUSHFLEET_FILE: must be');
    },
  );

  it.each([
    ['port', settingKinds.port(), ['0', '65535'], ['-1', '65536', '80a', '1e3']],
    ['count', settingKinds.count(1, 4), ['1', '4'], ['0', '5', '1.5']],
    ['host', settingKinds.host(), ['127.0.0.1', '::1', 'a.example'], ['a b', 'http://x']],
    [
      'reachable host',
      settingKinds.reachableHost(),
      ['127.0.0.1', '::1', 'a.example'],
      ['0.0.0.0', '::', '[::]', 'a.example:1', 'a b', 'http://x'],
    ],
    ['log level', settingKinds.logLevel(), ['info'], ['loud']],
  ])('knows what may stand in a %s', (_, schema, good, bad) => {
    expect(good.map((text) => schema.safeParse(text).success)).toEqual(good.map(() => true));
    expect(bad.map((text) => schema.safeParse(text).success)).toEqual(bad.map(() => false));
  });
});

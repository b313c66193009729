import type { MqttVersion } from '../wire/rule.ts';
import { filterOf, hello, subscribe } from './raw-packets.fixture.ts';

/** The bytes that a client sends, and what it then sees: packets in short, and whether its connection is `open` or `closed`. */
export interface ConformanceCase {
  version: MqttVersion;
  /** The clause of the specification of that version. */
  clause: string;
  what: string;
  send(device: string): Buffer[];
  expected: string[];
}

type Versions = 'both' | MqttVersion;
/** One for both versions, or one for each. */
type Clause = string | Record<MqttVersion, string>;
type Send = (version: MqttVersion, device: string) => Buffer | Buffer[];
type Outcome = (version: MqttVersion) => string[];

const hex = (code: number) => `0x${code.toString(16).padStart(2, '0')}`;

/** DISCONNECT with this code, of which MQTT 3.1.1 has none, and a close. */
export function closes(code: number, ...before: string[]): Outcome {
  return (version) => [...before, ...(version === 5 ? [`DISCONNECT ${hex(code)}`] : []), 'closed'];
}

/** CONNACK with this code, and a close. @param code3 Of MQTT 3.1.1; none: without a word. */
export function refuses(code: number, code3?: number): Outcome {
  return (version) => {
    if (version === 5) return [`CONNACK ${hex(code)}`, 'closed'];
    return code3 === undefined ? ['closed'] : [`CONNACK ${hex(code3)}`, 'closed'];
  };
}

export function stays(...answers: string[]): Outcome {
  return () => [...answers, 'open'];
}

export const silently: Outcome = () => ['closed'];

/** From the first byte on. */
export function raw(of: Versions, clause: Clause, what: string, send: Send, outcome: Outcome): ConformanceCase[] {
  const versions: MqttVersion[] = of === 'both' ? [5, 4] : [of];
  return versions.map((version) => ({
    version,
    clause: typeof clause === 'string' ? clause : clause[version],
    what,
    send: (device) => [send(version, device)].flat(),
    expected: outcome(version),
  }));
}

/** Behind a CONNECT that is accepted. */
export function greeted(of: Versions, clause: Clause, what: string, send: Send, outcome: Outcome): ConformanceCase[] {
  const all: Send = (version, device) => [hello(version, device), send(version, device)].flat();
  return raw(of, clause, what, all, (version) => ['CONNACK 0x00', ...outcome(version)]);
}

/** Behind a subscription to commands, with QoS 1 and packet identifier 1. */
export function attached(of: Versions, clause: Clause, what: string, send: Send, outcome: Outcome): ConformanceCase[] {
  const all: Send = (version, device) => {
    return [subscribe(version, 1, [[filterOf(device), 1]]), send(version, device)].flat();
  };
  return greeted(of, clause, what, all, (version) => ['SUBACK 1 0x01', ...outcome(version)]);
}

/** Strings that no packet may have, and the clauses that say so. */
export const badStrings: readonly { what: string; content: Buffer; clause: Record<MqttVersion, string> }[] = [
  { what: 'U+0000', content: Buffer.from('a\0b'), clause: { 5: 'MQTT-1.5.4-2', 4: 'MQTT-1.5.3-2' } },
  ...[
    ['an overlong U+0000', 'c080'],
    ['an overlong "/"', 'c0af'],
    ['an overlong form of three bytes', 'e080af'],
    ['a high surrogate', 'eda080'],
    ['a low surrogate', 'edbfbf'],
    ['a surrogate pair', 'eda0bdedb880'],
    ['a code point beyond U+10FFFF', 'f4908080'],
    ['a byte that UTF-8 does not have', '61ff62'],
    ['a sequence that is cut off', '61c3'],
    ['a continuation without a beginning', '80'],
  ].map(([what = '', bytes = '']) => ({
    what,
    content: Buffer.from(bytes, 'hex'),
    clause: { 5: 'MQTT-1.5.4-1', 4: 'MQTT-1.5.3-1' },
  })),
];

/** Every property of MQTT 5 by its identifier, with a value that is good where the property is. */
export const goodProperties: ReadonlyMap<number, string> = new Map([
  ...([
    [0x01, '01'],
    [0x02, '00000001'],
    [0x03, '000161'],
    [0x08, '000161'],
    [0x09, '000161'],
    [0x0b, '01'],
  ] as const),
  ...([
    [0x11, '00000001'],
    [0x12, '000161'],
    [0x13, '0001'],
    [0x15, '000161'],
    [0x16, '000161'],
    [0x17, '01'],
  ] as const),
  ...([
    [0x18, '00000001'],
    [0x19, '01'],
    [0x1a, '000161'],
    [0x1c, '000161'],
    [0x1f, '000161'],
    [0x21, '0001'],
  ] as const),
  ...([
    [0x22, '0001'],
    [0x23, '0001'],
    [0x24, '01'],
    [0x25, '01'],
    [0x26, '000161000162'],
    [0x27, '00010000'],
  ] as const),
  ...([
    [0x28, '01'],
    [0x29, '01'],
    [0x2a, '01'],
  ] as const),
]);

/** Properties that MQTT 5 (table 2-4) does not allow in a packet, and identifiers that are none. */
export function foreignProperties(own: readonly number[]): { what: string; property: Buffer }[] {
  const foreign = [...goodProperties].filter(([id]) => !own.includes(id));
  return [...foreign, [0x00, ''] as const, [0x04, '00'] as const, [0x7f, '00'] as const].map(([id, value]) => ({
    what: `the property ${hex(id)}`,
    property: Buffer.from([id, ...Buffer.from(value, 'hex')]),
  }));
}

export function goodProperty(id: number): Buffer {
  return Buffer.from([id, ...Buffer.from(goodProperties.get(id) ?? '', 'hex')]);
}

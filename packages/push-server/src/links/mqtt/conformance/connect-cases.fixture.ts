import { limits } from '@pushfleet/protocol';
import {
  badStrings,
  type ConformanceCase,
  closes,
  foreignProperties,
  goodProperty,
  greeted,
  raw,
  refuses,
  silently,
  stays,
} from './conformance-case.fixture.ts';
import { badTicket } from './link-server.fixture.ts';
import {
  bytes,
  connect,
  hello,
  packet,
  property,
  type RawConnect,
  text,
  u16,
  userProperty,
} from './raw-packets.fixture.ts';

const accepted = stays('CONNACK 0x00');
const of = (more: RawConnect) => (version: 4 | 5, device: string) => hello(version, device, more);
const will = {};

const acceptedCases: ConformanceCase[] = [
  raw('both', 'MQTT-3.1.4-5', 'a CONNECT with a good ticket', of({}), accepted),
  raw(
    'both',
    { 5: 'MQTT-3.1.2-4', 4: 'MQTT-3.2.2-3' },
    'a session that is wanted back',
    of({ cleanStart: false }),
    accepted,
  ),
  raw('both', { 5: 'MQTT-3.1.3-6', 4: 'MQTT-3.1.3-6' }, 'an empty client identifier', of({ clientId: '' }), accepted),
  raw(
    5,
    'MQTT-3.1.3-6',
    'an empty client identifier, and a session to be kept',
    of({ clientId: '', cleanStart: false }),
    accepted,
  ),
  raw('both', 'MQTT-3.1.3-5', 'a client identifier of 1,000 characters', of({ clientId: 'x'.repeat(1_000) }), accepted),
  raw(
    'both',
    'MQTT-3.1.3-5',
    'a client identifier with all kinds of characters',
    of({ clientId: 'ä€𝄞 /+#$' }),
    accepted,
  ),
  raw('both', { 5: 'MQTT-1.5.4-3', 4: 'MQTT-1.5.3-3' }, 'a byte order mark', of({ clientId: '\uFEFFc' }), accepted),
  raw('both', { 5: '3.1.2.10', 4: '3.1.2.10' }, 'a keep-alive that is switched off', of({ keepAliveS: 0 }), accepted),
  raw('both', '3.1.2.10', 'the longest keep-alive', of({ keepAliveS: 65_535 }), accepted),
  raw('both', { 5: 'MQTT-3.1.2-17', 4: 'MQTT-3.1.2-19' }, 'an empty user name', of({ userName: '' }), accepted),
  raw(5, '3.1.2.9', 'a password without a user name', (_, device) => connect(5, { password: device }), accepted),
  raw(5, '3.1.2.11.2', 'a session that never expires', of({ properties: [property(0x11, 'ffffffff')] }), accepted),
  raw(5, '3.1.2.11.3', 'the smallest Receive Maximum', of({ properties: [property(0x21, '0001')] }), accepted),
  raw(5, '3.1.2.11.4', 'the greatest Maximum Packet Size', of({ properties: [property(0x27, 'ffffffff')] }), accepted),
  raw(5, '3.1.2.11.5', 'a Topic Alias Maximum', of({ properties: [property(0x22, 'ffff')] }), accepted),
  ...[0, 1].flatMap((value) => [
    raw(
      5,
      '3.1.2.11.6',
      `Request Response Information ${value}`,
      of({ properties: [property(0x19, [value])] }),
      accepted,
    ),
    raw(
      5,
      '3.1.2.11.7',
      `Request Problem Information ${value}`,
      of({ properties: [property(0x17, [value])] }),
      accepted,
    ),
  ]),
  raw(
    5,
    '3.1.2.11.8',
    'user properties of the same name',
    of({ properties: [userProperty('a', 'b'), userProperty('a', 'b')] }),
    accepted,
  ),
  raw(5, '3.1.2.11.8', 'an empty user property', of({ properties: [userProperty('', '')] }), accepted),
].flat();

const protocolCases: ConformanceCase[] = [
  ...[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((type) => {
    const first = (type << 4) | ([6, 8, 10].includes(type) ? 2 : 0);
    return raw('both', 'MQTT-3.1.0-1', `packet type ${type} first`, () => packet(first, '0001'), silently);
  }),
  greeted('both', 'MQTT-3.1.0-2', 'a second CONNECT', hello, closes(0x82)),
  ...['MQTX', 'mqtt', 'MQTTT', 'MQT', '', 'MQISDP'].map((name) =>
    raw('both', 'MQTT-3.1.2-1', `the protocol name "${name}"`, of({ protocol: text(name) }), silently),
  ),
  ...[0, 1, 2, 3, 0x84].map((level) =>
    raw(4, 'MQTT-3.1.2-2', `the protocol level ${level}`, of({ level }), refuses(0, 0x01)),
  ),
  ...[6, 7, 0x85, 0xff].map((level) =>
    raw(5, 'MQTT-3.1.2-2', `the protocol version ${level}`, of({ level }), refuses(0x84)),
  ),
  raw(4, 'MQTT-3.1.2-2', 'MQTT 3.1', of({ protocol: text('MQIsdp'), level: 3 }), refuses(0, 0x01)),
].flat();

const flagCases: ConformanceCase[] = [
  raw('both', 'MQTT-3.1.2-3', 'the reserved flag', of({ flags: 0xc3 }), refuses(0x81)),
  raw('both', { 5: 'MQTT-3.1.2-12', 4: 'MQTT-3.1.2-14' }, 'a Will with QoS 3', of({ will, willQos: 3 }), refuses(0x81)),
  ...[1, 2].map((willQos) =>
    raw(
      'both',
      { 5: 'MQTT-3.1.2-11', 4: 'MQTT-3.1.2-13' },
      `Will QoS ${willQos} without a Will`,
      of({ willQos }),
      refuses(0x81),
    ),
  ),
  raw(
    'both',
    { 5: 'MQTT-3.1.2-13', 4: 'MQTT-3.1.2-15' },
    'Will Retain without a Will',
    of({ willRetain: true }),
    refuses(0x81),
  ),
  raw(4, 'MQTT-3.1.2-22', 'a password without a user name', () => connect(4, { password: 'd' }), refuses(0)),
  raw(
    4,
    'MQTT-3.1.3-8',
    'no client identifier, and a session to be kept',
    of({ clientId: '', cleanStart: false }),
    refuses(0, 0x02),
  ),
  raw(
    'both',
    'MQTT-3.1.2-17',
    'a user name that is announced and missing',
    (version) => missing(version, 0x82),
    refuses(0x81),
  ),
  raw(
    'both',
    'MQTT-3.1.2-19',
    'a password that is announced and missing',
    (version) => missing(version, version === 5 ? 0x42 : 0xc2),
    refuses(0x81),
  ),
  raw(
    'both',
    'MQTT-3.1.2-9',
    'a Will that is announced and missing',
    (version) => missing(version, 0x06),
    refuses(0x81),
  ),
  raw('both', '3.1.3', 'bytes behind the last field', of({ trailing: bytes('00') }), refuses(0x81)),
  raw('both', 'MQTT-3.1.2-16', 'a user name that is not announced', of({ flags: 0x02 }), refuses(0x81)),
].flat();

/** Cut behind the client identifier, whatever the flags promise. */
function missing(version: 4 | 5, flags: number): Buffer {
  return connect(version, { flags, clientId: 'c' });
}

const stringCases: ConformanceCase[] = badStrings.flatMap(({ what, content, clause }) =>
  [
    raw('both', clause, `${what} in the client identifier`, of({ clientId: content }), refuses(0x81)),
    raw('both', clause, `${what} in the user name`, of({ userName: content }), refuses(0x81)),
    raw('both', clause, `${what} in the topic of the Will`, of({ will: { topic: content } }), refuses(0x81)),
    raw(
      5,
      clause,
      `${what} in the name of a user property`,
      of({ properties: [userProperty(content, 'b')] }),
      refuses(0x81),
    ),
    raw(
      5,
      clause,
      `${what} in the value of a user property`,
      of({ properties: [userProperty('a', content)] }),
      refuses(0x81),
    ),
    raw(
      5,
      clause,
      `${what} in the Content Type of the Will`,
      of({ will: { properties: [property(0x03, text(content))] } }),
      refuses(0x81),
    ),
  ].flat(),
);

const own = [0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27];
const ofWill = [0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26];
const withProperty = (...properties: Buffer[]) => of({ properties });
const withWillProperty = (...properties: Buffer[]) => of({ will: { properties } });

const propertyCases: ConformanceCase[] = [
  ...own
    .filter((id) => id !== 0x26)
    .map((id) =>
      raw(
        5,
        '2.2.2.2',
        `the property 0x${id.toString(16)} twice`,
        withProperty(goodProperty(id), goodProperty(id)),
        refuses(0x82),
      ),
    ),
  ...foreignProperties(own).map(({ what, property }) => raw(5, '2.2.2.2', what, withProperty(property), refuses(0x81))),
  ...foreignProperties(ofWill).map(({ what, property }) =>
    raw(5, '2.2.2.2', `${what} of the Will`, withWillProperty(property), refuses(0x81)),
  ),
  ...ofWill
    .filter((id) => id !== 0x26)
    .map((id) =>
      raw(
        5,
        '3.1.3.2',
        `the property 0x${id.toString(16)} of the Will twice`,
        withWillProperty(goodProperty(id), goodProperty(id)),
        refuses(0x82),
      ),
    ),
  raw(5, '3.1.2.11.3', 'Receive Maximum 0', withProperty(property(0x21, '0000')), refuses(0x82)),
  raw(5, '3.1.2.11.4', 'Maximum Packet Size 0', withProperty(property(0x27, '00000000')), refuses(0x82)),
  raw(5, '3.1.2.11.7', 'Request Problem Information 2', withProperty(property(0x17, '02')), refuses(0x82)),
  raw(5, '3.1.2.11.6', 'Request Response Information 2', withProperty(property(0x19, '02')), refuses(0x82)),
  raw(5, '3.1.3.2.3', 'Payload Format Indicator 2 of the Will', withWillProperty(property(0x01, '02')), refuses(0x82)),
  raw(
    5,
    '3.1.3.2.6',
    'a Response Topic of the Will with a wildcard',
    withWillProperty(property(0x08, text('a/#'))),
    refuses(0x82),
  ),
  raw(5, '3.1.2.11.10', 'Authentication Data without a method', withProperty(goodProperty(0x16)), refuses(0x82)),
  raw(5, 'MQTT-4.12.0-1', 'an Authentication Method', withProperty(goodProperty(0x15)), refuses(0x8c)),
  raw(
    5,
    'MQTT-4.12.0-1',
    'an Authentication Method with data',
    withProperty(goodProperty(0x15), goodProperty(0x16)),
    refuses(0x8c),
  ),
  raw(5, 'MQTT-1.5.7-1', 'a user property without a value', withProperty(property(0x26, text('a'))), refuses(0x81)),
  raw(
    5,
    '2.2.2.1',
    'a property that is cut off by the end of its list',
    withProperty(property(0x21, '00')),
    refuses(0x81),
  ),
  raw(5, '2.2.2.1', 'a property list that is longer than the packet', () => withList('7f'), refuses(0x81)),
  raw(5, 'MQTT-2.2.2-1', 'no property list at all', () => packet(0x10, text('MQTT'), [5, 2], u16(30)), refuses(0x81)),
  raw(5, 'MQTT-1.5.5-1', 'the length of the property list longer than needed', () => withList('8000'), refuses(0x81)),
  raw(5, '1.5.5', 'the length of the property list in five bytes', () => withList('8080808001'), refuses(0x81)),
  raw(
    5,
    '1.5.4',
    'a user property whose value is longer than the packet',
    () => userPropertyBeyondPacket,
    refuses(0x81),
  ),
].flat();

function withList(length: string): Buffer {
  return packet(0x10, text('MQTT'), [5, 2], u16(30), length, text('c'));
}

/** A CONNECT that once ended a worker. */
const userPropertyBeyondPacket = bytes(
  '102600044d5154540502001e1926001470757368666c6565742d6f7065726174696f6e73ffff0000',
);

const willCases: ConformanceCase[] = [
  raw('both', '3.1.2.5', 'a Will', of({ will }), refuses(0x83, 0x05)),
  raw('both', '3.1.2.5', 'a Will with QoS 1', of({ will, willQos: 1 }), refuses(0x83, 0x05)),
  raw('both', { 5: 'MQTT-3.2.2-12', 4: '3.1.2.6' }, 'a Will with QoS 2', of({ will, willQos: 2 }), refuses(0x9b, 0x05)),
  raw(
    'both',
    { 5: 'MQTT-3.2.2-13', 4: '3.1.2.7' },
    'a Will to be retained',
    of({ will, willRetain: true }),
    refuses(0x9a, 0x05),
  ),
  ...['a/#', 'a/+', '+', ''].map((topic) =>
    raw(
      'both',
      { 5: 'MQTT-4.7.1-1', 4: 'MQTT-4.7.1-1' },
      `a Will with the topic "${topic}"`,
      of({ will: { topic } }),
      refuses(0x90),
    ),
  ),
  raw(5, '3.1.3.2', 'a Will with every property', withWillProperty(...ofWill.map(goodProperty)), refuses(0x83)),
].flat();

const ticketCases: ConformanceCase[] = [
  raw('both', 'MQTT-3.1.4-2', 'no password', (version) => connect(version, { userName: 'd' }), refuses(0x86, 0x04)),
  raw(
    'both',
    'MQTT-3.1.4-2',
    'a password that is no text',
    of({ password: Buffer.from('ff00fe', 'hex') }),
    refuses(0x86, 0x04),
  ),
  ...(
    [
      ['ticketInvalid', 0x86, 0x04],
      ['ticketExpired', 0x87, 0x05],
      ['ticketForAnotherNode', 0x9d, 0x05],
    ] as const
  ).map(([reason, code, code3]) =>
    raw('both', 'MQTT-3.1.4-2', reason, of({ password: badTicket(reason) }), refuses(code, code3)),
  ),
  raw('both', 'MQTT-3.1.4-2', 'the ticket of another device', of({ userName: 'somebody-else' }), refuses(0x85, 0x02)),
  raw(
    'both',
    'MQTT-3.1.4-1',
    'a CONNECT beyond the limit',
    of({ password: 'x'.repeat(limits.greetingBytes) }),
    refuses(0x95, 0x05),
  ),
  raw(
    'both',
    'MQTT-3.1.4-6',
    'what follows a CONNECT that is refused',
    (version, device) => [hello(version, device, { password: badTicket('ticketExpired') }), packet(0xc0)],
    refuses(0x87, 0x05),
  ),
].flat();

export const connectCases: ConformanceCase[] = [
  ...acceptedCases,
  ...protocolCases,
  ...flagCases,
  ...stringCases,
  ...propertyCases,
  ...willCases,
  ...ticketCases,
];

import {
  attached,
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
import {
  bytes,
  disconnect,
  filterOf,
  hello,
  list,
  packet,
  pingreq,
  property,
  publish,
  resultsOf,
  subscribe,
  text,
  unsubscribe,
  userProperty,
} from './raw-packets.fixture.ts';

/** A packet whose Remaining Length has more bytes than it needs. */
function longer(packet: Buffer): Buffer {
  const length = packet[1] as number;
  return bytes([packet[0] as number, length | 0x80, 0x00], packet.subarray(2));
}

const headerCases: ConformanceCase[] = [
  greeted('both', { 5: '2.1.2', 4: '2.2.1' }, 'packet type 0', () => packet(0x00), closes(0x81)),
  greeted('both', { 5: 'MQTT-4.12.0-7', 4: '2.2.1' }, 'AUTH', () => packet(0xf0), closes(0x82)),
  greeted(5, 'MQTT-4.12.0-7', 'AUTH with a method', () => packet(0xf0, '18', list(goodProperty(0x15))), closes(0x82)),
  ...[2, 9, 11, 13].map((type) =>
    greeted(
      'both',
      { 5: '2.1.2', 4: '2.2.1' },
      `packet type ${type}, which is for servers`,
      () => packet(type << 4, '0001'),
      closes(0x82),
    ),
  ),
  ...[5, 6, 7].map((type) =>
    greeted(
      'both',
      { 5: '2.1.2', 4: '2.2.1' },
      `packet type ${type}, which is for QoS 2`,
      () => {
        return packet((type << 4) | (type === 6 ? 2 : 0), '0001');
      },
      closes(0x82),
    ),
  ),
  ...[0x41, 0x42, 0x44, 0x48, 0x4f].map((first) =>
    greeted(
      'both',
      { 5: 'MQTT-2.1.3-1', 4: 'MQTT-2.2.2-2' },
      `PUBACK with the flags ${first & 15}`,
      () => packet(first, '0001'),
      closes(0x81),
    ),
  ),
  ...[0x80, 0x81, 0x83, 0x86, 0x8a].map((first) =>
    greeted(
      'both',
      { 5: 'MQTT-3.8.1-1', 4: 'MQTT-3.8.1-1' },
      `SUBSCRIBE with the flags ${first & 15}`,
      (version, device) => {
        const good = subscribe(version, 1, [[filterOf(device), 1]]);
        return bytes([first], good.subarray(1));
      },
      closes(0x81),
    ),
  ),
  ...[0xa0, 0xa1, 0xa3, 0xa6, 0xaa].map((first) =>
    greeted(
      'both',
      { 5: 'MQTT-3.10.1-1', 4: 'MQTT-3.10.1-1' },
      `UNSUBSCRIBE with the flags ${first & 15}`,
      (version) => {
        return bytes([first], unsubscribe(version, 1, ['a']).subarray(1));
      },
      closes(0x81),
    ),
  ),
  ...[0xc1, 0xc2, 0xc4, 0xc8].map((first) =>
    greeted(
      'both',
      { 5: 'MQTT-2.1.3-1', 4: 'MQTT-2.2.2-2' },
      `PINGREQ with the flags ${first & 15}`,
      () => packet(first),
      closes(0x81),
    ),
  ),
  ...[0xe1, 0xe2, 0xe4, 0xe8].map((first) =>
    greeted('both', 'MQTT-3.14.1-1', `DISCONNECT with the flags ${first & 15}`, () => packet(first), closes(0x81)),
  ),
  ...[0x11, 0x12, 0x14, 0x18].map((first) =>
    raw(
      'both',
      { 5: 'MQTT-2.1.3-1', 4: 'MQTT-2.2.2-2' },
      `CONNECT with the flags ${first & 15}`,
      (version, device) => {
        return bytes([first], hello(version, device).subarray(1));
      },
      refuses(0x81),
    ),
  ),
  greeted(
    'both',
    { 5: '1.5.5', 4: '2.2.3' },
    'a Remaining Length of five bytes',
    () => bytes('30', '8080808001'),
    closes(0x81),
  ),
  raw(
    'both',
    { 5: '1.5.5', 4: '2.2.3' },
    'CONNECT with a Remaining Length of five bytes',
    () => bytes('10', '8080808001'),
    silently,
  ),
  greeted(
    5,
    'MQTT-1.5.5-1',
    'a Remaining Length that is longer than needed',
    (version, device) => {
      return longer(publish(version, resultsOf(device)));
    },
    closes(0x81),
  ),
  greeted(
    4,
    '2.2.3',
    'a Remaining Length that is longer than needed',
    (version, device) => {
      return longer(publish(version, resultsOf(device), { qos: 1 }));
    },
    stays('PUBACK 1 0x00'),
  ),
  greeted(
    5,
    'MQTT-1.5.5-1',
    'PINGREQ with a Remaining Length of four bytes',
    () => bytes('c0', '80808000'),
    closes(0x81),
  ),
].flat();

const pingCases: ConformanceCase[] = [
  greeted('both', 'MQTT-3.12.4-1', 'PINGREQ', () => pingreq, stays('PINGRESP')),
  attached(
    'both',
    'MQTT-3.12.4-1',
    'PINGREQ three times in one',
    () => [pingreq, pingreq, pingreq],
    stays('PINGRESP', 'PINGRESP', 'PINGRESP'),
  ),
  greeted('both', '3.12', 'PINGREQ with a payload', () => packet(0xc0, '00'), closes(0x81)),
].flat();

const clientCodes = [0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99];
const serverCodes = [0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2];
const noCodes = [0x01, 0x05, 0x10, 0x11, 0x7f, 0x84, 0x85, 0x86, 0x88, 0x8a, 0x8c, 0x91, 0x92, 0xa3, 0xff];
const keeping = { properties: [property(0x11, '0000003c')] };

const disconnectCases: ConformanceCase[] = [
  greeted('both', 'MQTT-3.14.4-1', 'DISCONNECT', () => disconnect(), silently),
  attached('both', 'MQTT-3.14.4-1', 'DISCONNECT of a live link', () => disconnect(), silently),
  greeted('both', 'MQTT-3.14.4-1', 'what follows DISCONNECT', () => [disconnect(), packet(0x00)], silently),
  greeted(4, '3.14', 'a reason code in DISCONNECT', () => disconnect('00'), closes(0)),
  ...clientCodes.map((code) =>
    greeted(5, 'MQTT-3.14.2-1', `DISCONNECT with 0x${code.toString(16)}`, () => disconnect([code]), silently),
  ),
  ...serverCodes.map((code) =>
    greeted(
      5,
      '3.14.2.1',
      `DISCONNECT with 0x${code.toString(16)}, which is for servers`,
      () => disconnect([code]),
      closes(0x82),
    ),
  ),
  ...noCodes.map((code) =>
    greeted(
      5,
      'MQTT-3.14.2-1',
      `DISCONNECT with 0x${code.toString(16)}, which is none of its codes`,
      () => disconnect([code]),
      closes(0x81),
    ),
  ),
  ...[0x1f, 0x26].map((id) =>
    greeted(
      5,
      '3.14.2.2',
      `the property 0x${id.toString(16)} of DISCONNECT`,
      () => disconnect('00', list(goodProperty(id))),
      silently,
    ),
  ),
  greeted(5, '3.14.2.2.2', 'Session Expiry 0', () => disconnect('00', list(property(0x11, '00000000'))), silently),
  greeted(
    5,
    '3.14.2.2.2',
    'a Session Expiry where CONNECT had none',
    () => disconnect('00', list(goodProperty(0x11))),
    closes(0x82),
  ),
  raw(
    5,
    '3.14.2.2.2',
    'another Session Expiry than in CONNECT',
    (version, device) => [hello(version, device, keeping), disconnect('00', list(goodProperty(0x11)))],
    () => ['CONNACK 0x00', 'closed'],
  ),
  greeted(5, '3.14.2.2.5', 'a Server Reference', () => disconnect('00', list(goodProperty(0x1c))), closes(0x82)),
  greeted(
    5,
    '3.14.2.2.3',
    'the Reason String twice',
    () => disconnect('00', list(goodProperty(0x1f), goodProperty(0x1f))),
    closes(0x82),
  ),
  ...foreignProperties([0x11, 0x1c, 0x1f, 0x26]).map(({ what, property }) =>
    greeted(5, '2.2.2.2', `${what} in DISCONNECT`, () => disconnect('00', list(property)), closes(0x81)),
  ),
  ...badStrings.flatMap(({ what, content, clause }) =>
    [
      greeted(
        5,
        clause,
        `${what} in the Reason String of DISCONNECT`,
        () => disconnect('00', list(property(0x1f, text(content)))),
        closes(0x81),
      ),
      greeted(
        5,
        clause,
        `${what} in a user property of DISCONNECT`,
        () => disconnect('00', list(userProperty(content, 'b'))),
        closes(0x81),
      ),
    ].flat(),
  ),
  greeted(5, '3.14.3', 'a payload in DISCONNECT', () => disconnect('00', '00', '00'), closes(0x81)),
].flat();

export const otherCases: ConformanceCase[] = [...headerCases, ...pingCases, ...disconnectCases];

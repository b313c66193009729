import { limits } from '@pushfleet/protocol';
import {
  attached,
  badStrings,
  type ConformanceCase,
  closes,
  foreignProperties,
  goodProperty,
  greeted,
  stays,
} from './conformance-case.fixture.ts';
import {
  bytes,
  list,
  packet,
  property,
  publish,
  type RawPublish,
  resultsOf,
  text,
  u16,
  userProperty,
} from './raw-packets.fixture.ts';

const result =
  (more: RawPublish = {}) =>
  (version: 4 | 5, device: string) =>
    publish(version, resultsOf(device), more);
const to =
  (topic: string | Buffer, more: RawPublish = {}) =>
  (version: 4 | 5) =>
    publish(version, topic, more);
const acknowledged = stays('PUBACK 1 0x00');
const own = [0x01, 0x02, 0x03, 0x08, 0x09, 0x0b, 0x23, 0x26];

const goodCases: ConformanceCase[] = [
  greeted('both', 'MQTT-4.3.1-1', 'QoS 0', result(), stays()),
  greeted('both', 'MQTT-4.3.2-4', 'QoS 1', result({ qos: 1 }), acknowledged),
  greeted('both', '3.3.1.1', 'QoS 1 with DUP', result({ qos: 1, dup: true }), acknowledged),
  greeted(
    'both',
    { 5: 'MQTT-4.3.2-5', 4: 'MQTT-4.3.2-2' },
    'QoS 1 twice under the same packet identifier',
    (version, device) => {
      return [result({ qos: 1 })(version, device), result({ qos: 1, dup: true })(version, device)];
    },
    stays('PUBACK 1 0x00', 'PUBACK 1 0x00'),
  ),
  greeted(
    'both',
    { 5: '2.2.1', 4: '2.3.1' },
    'the greatest packet identifier',
    result({ qos: 1, packetId: 65_535 }),
    stays('PUBACK 65535 0x00'),
  ),
  attached(
    'both',
    'MQTT-4.3.2-4',
    'QoS 1 over a link that is live',
    result({ qos: 1, packetId: 2 }),
    stays('PUBACK 2 0x00'),
  ),
  greeted(4, '3.3.1.3', 'RETAIN, which nobody can find out', result({ retain: true }), stays()),
  ...[...own]
    .filter((id) => id !== 0x0b && id !== 0x23)
    .map((id) =>
      greeted(
        5,
        '3.3.2.3',
        `the property 0x${id.toString(16)}`,
        result({ qos: 1, properties: [goodProperty(id)] }),
        acknowledged,
      ),
    ),
  greeted(
    5,
    '3.3.2.3.7',
    'user properties of the same name',
    result({ qos: 1, properties: [userProperty('a', 'b'), userProperty('a', 'c')] }),
    acknowledged,
  ),
  greeted(
    5,
    '3.3.2.3.3',
    'a Message Expiry of 0',
    result({ qos: 1, properties: [property(0x02, '00000000')] }),
    acknowledged,
  ),
  greeted(
    5,
    '3.3.2.3.6',
    'empty Correlation Data',
    result({ qos: 1, properties: [property(0x09, '0000')] }),
    acknowledged,
  ),
].flat();

const flagCases: ConformanceCase[] = [
  greeted('both', 'MQTT-3.3.1-4', 'QoS 3', result({ qos: 3 }), closes(0x81)),
  greeted('both', 'MQTT-3.3.1-2', 'DUP with QoS 0', result({ dup: true }), closes(0x81)),
  greeted('both', { 5: 'MQTT-3.2.2-11', 4: 'MQTT-3.3.5-2' }, 'QoS 2', result({ qos: 2 }), closes(0x9b)),
  greeted(5, 'MQTT-3.2.2-14', 'RETAIN', result({ retain: true }), closes(0x9a)),
  greeted(5, 'MQTT-3.2.2-14', 'RETAIN with QoS 1', result({ qos: 1, retain: true }), closes(0x9a)),
].flat();

const fieldCases: ConformanceCase[] = [
  greeted(
    'both',
    { 5: 'MQTT-2.2.1-3', 4: 'MQTT-2.3.1-1' },
    'packet identifier 0',
    result({ qos: 1, packetId: 0 }),
    closes(0x82),
  ),
  greeted(
    'both',
    '1.2',
    'QoS 1 without a packet identifier',
    (_, device) => packet(0x32, text(resultsOf(device))),
    closes(0x81),
  ),
  greeted(
    'both',
    '1.2',
    'half a packet identifier',
    (_, device) => packet(0x32, text(resultsOf(device)), '00'),
    closes(0x81),
  ),
  greeted('both', '1.2', 'no topic', () => packet(0x30), closes(0x81)),
  greeted('both', '1.2', 'a topic that is longer than the packet', () => packet(0x30, 'ffff', 'abcd'), closes(0x81)),
  greeted(5, 'MQTT-2.2.2-1', 'no property list', (_, device) => packet(0x30, text(resultsOf(device))), closes(0x81)),
  greeted(
    5,
    '2.2.2.1',
    'a property list that is longer than the packet',
    (_, device) => packet(0x30, text(resultsOf(device)), '05'),
    closes(0x81),
  ),
  greeted('both', { 5: '3.3.2.1', 4: 'MQTT-4.7.3-1' }, 'an empty topic', to(''), closes(0x82)),
  greeted(
    'both',
    'MQTT-3.3.2-2',
    'a topic with "#"',
    (version, device) => publish(version, resultsOf(device, '#')),
    closes(0x90),
  ),
  greeted(
    'both',
    'MQTT-3.3.2-2',
    'a topic with "+"',
    (version, device) => publish(version, resultsOf(device, '+')),
    closes(0x90),
  ),
  greeted('both', 'MQTT-3.3.2-2', 'a topic with a wildcard inside of a level', to('a+b'), closes(0x90)),
  ...badStrings.map(({ what, content, clause }) =>
    greeted(
      'both',
      clause,
      `${what} in the topic`,
      (version, device) => {
        return publish(version, bytes(Buffer.from(resultsOf(device)), content));
      },
      closes(0x81),
    ),
  ),
].flat();

const topicCases: ConformanceCase[] = [
  ...['another', 'd1-x', '$SYS', 'D'].map((other) =>
    greeted(
      'both',
      { 5: '3.3.5', 4: 'MQTT-3.3.5-2' },
      `a result of the device "${other}"`,
      to(resultsOf(other)),
      closes(0x87),
    ),
  ),
  greeted(
    'both',
    { 5: '3.3.5', 4: 'MQTT-3.3.5-2' },
    'the own command topic',
    (version, device) => {
      return publish(version, `pushfleet/devices/${device}/commands/c1/force_sync`);
    },
    closes(0x87),
  ),
  ...['$SYS/x', 'anything', '/', 'pushfleet/devices'].map((topic) =>
    greeted('both', { 5: '3.3.5', 4: 'MQTT-3.3.5-2' }, `the topic "${topic}"`, to(topic), closes(0x87)),
  ),
  ...['', 'c 1', 'c/1', 'ü', 'x'.repeat(65)].map((command) =>
    greeted(
      'both',
      { 5: '3.3.5', 4: 'MQTT-3.3.5-2' },
      `the command "${command}"`,
      (version, device) => {
        return publish(version, resultsOf(device, command));
      },
      closes(0x90),
    ),
  ),
].flat();

const propertyCases: ConformanceCase[] = [
  ...own
    .filter((id) => id !== 0x26 && id !== 0x0b)
    .map((id) =>
      greeted(
        5,
        '3.3.2.3',
        `the property 0x${id.toString(16)} twice`,
        result({ properties: [goodProperty(id), goodProperty(id)] }),
        closes(0x82),
      ),
    ),
  ...foreignProperties(own).map(({ what, property }) =>
    greeted(5, '2.2.2.2', what, result({ properties: [property] }), closes(0x81)),
  ),
  greeted(5, 'MQTT-3.3.2-8', 'Topic Alias 0', result({ properties: [property(0x23, '0000')] }), closes(0x94)),
  greeted(
    5,
    'MQTT-3.3.2-9',
    'Topic Alias 1, where there is none to be',
    result({ properties: [property(0x23, '0001')] }),
    closes(0x94),
  ),
  greeted(
    5,
    'MQTT-3.3.2-9',
    'Topic Alias 65,535 in place of a topic',
    to('', { properties: [property(0x23, 'ffff')] }),
    closes(0x94),
  ),
  greeted(5, 'MQTT-3.3.4-6', 'a Subscription Identifier', result({ properties: [goodProperty(0x0b)] }), closes(0x82)),
  greeted(5, '3.3.2.3.8', 'Subscription Identifier 0', result({ properties: [property(0x0b, '00')] }), closes(0x82)),
  greeted(5, '3.3.2.3.2', 'Payload Format Indicator 2', result({ properties: [property(0x01, '02')] }), closes(0x82)),
  ...['a/#', '+', ''].map((topic) =>
    greeted(
      5,
      'MQTT-3.3.2-14',
      `the Response Topic "${topic}"`,
      result({ properties: [property(0x08, text(topic))] }),
      closes(0x82),
    ),
  ),
  ...badStrings.flatMap(({ what, content, clause }) =>
    [
      greeted(
        5,
        clause,
        `${what} in the Content Type`,
        result({ properties: [property(0x03, text(content))] }),
        closes(0x81),
      ),
      greeted(
        5,
        clause,
        `${what} in the Response Topic`,
        result({ properties: [property(0x08, text(content))] }),
        closes(0x81),
      ),
      greeted(
        5,
        clause,
        `${what} in a user property`,
        result({ properties: [userProperty('a', content)] }),
        closes(0x81),
      ),
    ].flat(),
  ),
].flat();

const payloadCases: ConformanceCase[] = [
  ...['', '{', '[]', 'null', '{}', '{"succeeded":{"output":{"length":300000000}}}', '\0'].map((payload) =>
    [
      greeted(
        5,
        '3.4.2.1',
        `QoS 1, and the payload ${JSON.stringify(payload)}`,
        result({ qos: 1, payload }),
        stays('PUBACK 1 0x99'),
      ),
      greeted(5, '4.13', `QoS 0, and the payload ${JSON.stringify(payload)}`, result({ payload }), closes(0x99)),
      greeted(
        4,
        'MQTT-3.3.5-2',
        `QoS 1, and the payload ${JSON.stringify(payload)}`,
        result({ qos: 1, payload }),
        closes(0x99),
      ),
    ].flat(),
  ),
  greeted(
    'both',
    { 5: 'MQTT-3.2.2-15', 4: '4.8' },
    'a packet beyond the limit',
    (_, device) => {
      return bytes([0x30], 'ffffff7f', text(resultsOf(device)));
    },
    closes(0x95),
  ),
  greeted(
    'both',
    { 5: 'MQTT-3.2.2-15', 4: '4.8' },
    'a packet just beyond the limit',
    (version, device) => {
      return publish(version, resultsOf(device), { payload: Buffer.alloc(limits.frameBytes) });
    },
    closes(0x95),
  ),
].flat();

const pubackCases: ConformanceCase[] = [
  attached('both', '3.4.2', 'PUBACK of nothing that was sent', () => packet(0x40, u16(7)), stays()),
  attached('both', '1.2', 'an empty PUBACK', () => packet(0x40), closes(0x81)),
  attached('both', '1.2', 'a PUBACK of one byte', () => packet(0x40, '00'), closes(0x81)),
  attached('both', { 5: 'MQTT-2.2.1-5', 4: 'MQTT-2.3.1-6' }, 'PUBACK 0', () => packet(0x40, u16(0)), closes(0x82)),
  attached(4, '3.4.3', 'a reason code in PUBACK', () => packet(0x40, u16(7), '00'), closes(0)),
  attached(5, '3.4.2.1', 'a reason code and no properties', () => packet(0x40, u16(7), '00'), stays()),
  attached(5, '3.4.2.2.1', 'a reason code and an empty property list', () => packet(0x40, u16(7), '0000'), stays()),
  attached(5, '3.4.3', 'a payload in PUBACK', () => packet(0x40, u16(7), '000000'), closes(0x81)),
  ...[0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99].map((code) =>
    attached(5, 'MQTT-3.4.2-1', `the reason code 0x${code.toString(16)}`, () => packet(0x40, u16(7), [code]), stays()),
  ),
  ...[0x01, 0x04, 0x11, 0x7f, 0x81, 0x82, 0x92, 0x95, 0x9e, 0xff].map((code) =>
    attached(
      5,
      'MQTT-3.4.2-1',
      `the reason code 0x${code.toString(16)}`,
      () => packet(0x40, u16(7), [code]),
      closes(0x81),
    ),
  ),
  ...[0x1f, 0x26].map((id) =>
    attached(
      5,
      '3.4.2.2',
      `the property 0x${id.toString(16)}`,
      () => packet(0x40, u16(7), '97', list(goodProperty(id))),
      stays(),
    ),
  ),
  attached(
    5,
    '3.4.2.2.2',
    'the Reason String twice',
    () => {
      return packet(0x40, u16(7), '97', list(goodProperty(0x1f), goodProperty(0x1f)));
    },
    closes(0x82),
  ),
  ...foreignProperties([0x1f, 0x26]).map(({ what, property }) =>
    attached(5, '2.2.2.2', what, () => packet(0x40, u16(7), '97', list(property)), closes(0x81)),
  ),
].flat();

export const publishCases: ConformanceCase[] = [
  ...goodCases,
  ...flagCases,
  ...fieldCases,
  ...topicCases,
  ...propertyCases,
  ...payloadCases,
];

export { pubackCases };

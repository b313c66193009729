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
  filterOf,
  packet,
  pingreq,
  property,
  subscribe,
  text,
  u16,
  unsubscribe,
  userProperty,
} from './raw-packets.fixture.ts';

type Filters = (device: string) => readonly (readonly [string | Buffer, number])[];
const to =
  (filters: Filters, properties: Buffer[] = [], packetId = 1) =>
  (version: 4 | 5, device: string) =>
    subscribe(version, packetId, filters(device), properties);
const own =
  (options: number): Filters =>
  (device) => [[filterOf(device), options]];
const one =
  (filter: string | Buffer, options = 1): Filters =>
  () => [[filter, options]];
const from =
  (filters: (device: string) => (string | Buffer)[], properties: Buffer[] = [], packetId = 2) =>
  (version: 4 | 5, device: string) =>
    unsubscribe(version, packetId, filters(device), properties);

const grantedCases: ConformanceCase[] = [
  ...[0, 1, 2].map((qos) =>
    greeted(
      'both',
      { 5: '3.9.3', 4: 'MQTT-3.9.3-1' },
      `QoS ${qos} for the own commands`,
      to(own(qos)),
      stays(`SUBACK 1 0x0${Math.min(qos, 1)}`),
    ),
  ),
  ...['#', 'commands/#', 'commands/+/+', '+/+/+'].map((pattern) =>
    greeted(
      'both',
      'MQTT-4.7.1-1',
      `the filter ${pattern} below the device`,
      to((device) => [[`pushfleet/devices/${device}/${pattern}`, 1]]),
      stays('SUBACK 1 0x01'),
    ),
  ),
  greeted('both', 'MQTT-3.8.4-2', 'the greatest packet identifier', to(own(1), [], 65_535), stays('SUBACK 65535 0x01')),
  greeted(
    'both',
    { 5: 'MQTT-3.8.4-6', 4: 'MQTT-3.8.4-5' },
    'several filters',
    to((device) => [
      ['somebody/else', 0],
      [filterOf(device), 0],
      ['#', 1],
      [filterOf(device), 1],
    ]),
    (version) => [version === 5 ? 'SUBACK 1 0x87 0x00 0x87 0x01' : 'SUBACK 1 0x80 0x00 0x80 0x01', 'open'],
  ),
  attached('both', 'MQTT-3.8.4-3', 'the same filter once more', to(own(0), [], 2), stays('SUBACK 2 0x00')),
  ...[0x04, 0x08, 0x10, 0x20, 0x2c].map((options) =>
    greeted(
      5,
      '3.8.3.1',
      `the subscription options 0x${options.toString(16)}`,
      to(own(options | 1)),
      stays('SUBACK 1 0x01'),
    ),
  ),
  greeted(
    5,
    '3.8.2.1.3',
    'user properties',
    to(own(1), [userProperty('a', 'b'), userProperty('a', 'b')]),
    stays('SUBACK 1 0x01'),
  ),
  greeted(
    'both',
    'MQTT-3.8.4-1',
    'PINGREQ behind SUBSCRIBE',
    (version, device) => [to(own(1))(version, device), pingreq],
    stays('SUBACK 1 0x01', 'PINGRESP'),
  ),
  greeted(
    'both',
    'MQTT-3.8.4-1',
    'SUBSCRIBE, UNSUBSCRIBE and SUBSCRIBE in one',
    (version, device) => [
      to(own(1))(version, device),
      from((id) => [filterOf(id)])(version, device),
      to(own(0), [], 3)(version, device),
      pingreq,
    ],
    (version) => [
      'SUBACK 1 0x01',
      version === 5 ? 'UNSUBACK 2 0x00' : 'UNSUBACK 2',
      'SUBACK 3 0x00',
      'PINGRESP',
      'open',
    ],
  ),
].flat();

const refusedCases: ConformanceCase[] = [
  ...[
    '#',
    '+',
    '+/+',
    'a',
    '/',
    '$SYS/#',
    'pushfleet/#',
    'pushfleet/devices/+/commands/#',
    'pushfleet/devices/d/#',
  ].map((filter) =>
    greeted('both', { 5: '3.9.3', 4: '3.9.3' }, `the filter "${filter}"`, to(one(filter)), (version) => [
      version === 5 ? 'SUBACK 1 0x87' : 'SUBACK 1 0x80',
      'open',
    ]),
  ),
  greeted(
    'both',
    { 5: '4.8.2', 4: '3.9.3' },
    'a shared subscription',
    to((device) => [[`$share/g/${filterOf(device)}`, 1]]),
    (version) => [version === 5 ? 'SUBACK 1 0x9e' : 'SUBACK 1 0x80', 'open'],
  ),
].flat();

const filterCases: ConformanceCase[] = [
  ...['', 'a#', '#/a', 'a/#/b', 'a+', '+a/b', 'a/b+/c', '##', '++'].flatMap((filter) =>
    [
      greeted(
        'both',
        { 5: 'MQTT-4.7.1-1', 4: 'MQTT-4.7.1-2' },
        `SUBSCRIBE to "${filter}"`,
        to(one(filter)),
        closes(0x81),
      ),
      greeted(
        'both',
        { 5: 'MQTT-4.7.1-1', 4: 'MQTT-4.7.1-2' },
        `UNSUBSCRIBE from "${filter}"`,
        from(() => [filter]),
        closes(0x81),
      ),
    ].flat(),
  ),
  ...['$share/', '$share/g', '$share//a', '$share/g/', '$share/g+/a', '$share/#/a', '$share/g/a#'].map((filter) =>
    greeted(5, 'MQTT-4.8.2-2', `SUBSCRIBE to "${filter}"`, to(one(filter)), closes(0x81)),
  ),
  ...badStrings.flatMap(({ what, content, clause }) =>
    [
      greeted('both', clause, `${what} in a filter of SUBSCRIBE`, to(one(content)), closes(0x81)),
      greeted(
        'both',
        clause,
        `${what} in a filter of UNSUBSCRIBE`,
        from(() => [content]),
        closes(0x81),
      ),
    ].flat(),
  ),
  greeted(
    'both',
    { 5: 'MQTT-4.7.1-1', 4: 'MQTT-4.7.1-2' },
    'a good filter before a bad one',
    to((device) => [
      [filterOf(device), 1],
      ['a#', 1],
    ]),
    closes(0x81),
  ),
].flat();

const packetCases: ConformanceCase[] = [
  greeted(
    'both',
    { 5: 'MQTT-2.2.1-3', 4: 'MQTT-2.3.1-1' },
    'packet identifier 0 in SUBSCRIBE',
    to(own(1), [], 0),
    closes(0x82),
  ),
  greeted(
    'both',
    { 5: 'MQTT-2.2.1-3', 4: 'MQTT-2.3.1-1' },
    'packet identifier 0 in UNSUBSCRIBE',
    from(() => ['a'], [], 0),
    closes(0x82),
  ),
  greeted(
    'both',
    { 5: 'MQTT-3.8.3-2', 4: 'MQTT-3.8.3-3' },
    'SUBSCRIBE without a filter',
    to(() => []),
    closes(0x82),
  ),
  greeted(
    'both',
    'MQTT-3.10.3-2',
    'UNSUBSCRIBE without a filter',
    from(() => []),
    closes(0x82),
  ),
  greeted('both', '1.2', 'an empty SUBSCRIBE', () => packet(0x82), closes(0x81)),
  greeted('both', '1.2', 'an empty UNSUBSCRIBE', () => packet(0xa2), closes(0x81)),
  greeted(
    'both',
    '1.2',
    'a filter without options',
    (version, device) => {
      return packet(0x82, u16(1), version === 5 ? '00' : '', text(filterOf(device)));
    },
    closes(0x81),
  ),
  greeted(
    'both',
    '1.2',
    'a filter that is longer than SUBSCRIBE',
    (version) => {
      return packet(0x82, u16(1), version === 5 ? '00' : '', 'ffff61');
    },
    closes(0x81),
  ),
  greeted(
    'both',
    '1.2',
    'a filter that is longer than UNSUBSCRIBE',
    (version) => {
      return packet(0xa2, u16(1), version === 5 ? '00' : '', 'ffff61');
    },
    closes(0x81),
  ),
  greeted('both', { 5: '3.8.3.1', 4: 'MQTT-3-8.3-4' }, 'QoS 3', to(own(3)), (version) =>
    closes(version === 5 ? 0x82 : 0)(version),
  ),
  ...[0x40, 0x80, 0xc0].map((options) =>
    greeted(
      'both',
      { 5: 'MQTT-3.8.3-5', 4: 'MQTT-3-8.3-4' },
      `the reserved option 0x${options.toString(16)}`,
      to(own(options | 1)),
      closes(0x81),
    ),
  ),
  ...[0x04, 0x08, 0x10, 0x20].map((options) =>
    greeted(4, 'MQTT-3-8.3-4', `the option 0x${options.toString(16)} of MQTT 5`, to(own(options | 1)), closes(0)),
  ),
  greeted(5, '3.8.3.1', 'Retain Handling 3', to(own(0x31)), closes(0x82)),
  greeted(5, 'MQTT-3.8.3-4', 'No Local in a shared subscription', to(one('$share/g/a', 0x05)), closes(0x82)),
].flat();

const propertyCases: ConformanceCase[] = [
  greeted(5, '3.2.2.3.12', 'a Subscription Identifier', to(own(1), [goodProperty(0x0b)]), closes(0xa1)),
  greeted(
    5,
    '3.2.2.3.12',
    'the greatest Subscription Identifier',
    to(own(1), [property(0x0b, 'ffffff7f')]),
    closes(0xa1),
  ),
  greeted(5, '3.8.2.1.2', 'Subscription Identifier 0', to(own(1), [property(0x0b, '00')]), closes(0x82)),
  greeted(
    5,
    '3.8.2.1.2',
    'two Subscription Identifiers',
    to(own(1), [goodProperty(0x0b), goodProperty(0x0b)]),
    closes(0x82),
  ),
  greeted(
    5,
    '1.5.5',
    'a Subscription Identifier of five bytes',
    to(own(1), [property(0x0b, '8080808001')]),
    closes(0x81),
  ),
  ...foreignProperties([0x0b, 0x26]).map(({ what, property }) =>
    greeted(5, '2.2.2.2', `${what} in SUBSCRIBE`, to(own(1), [property]), closes(0x81)),
  ),
  ...foreignProperties([0x26]).map(({ what, property }) =>
    greeted(
      5,
      '2.2.2.2',
      `${what} in UNSUBSCRIBE`,
      from(() => ['a'], [property]),
      closes(0x81),
    ),
  ),
  ...badStrings.map(({ what, content, clause }) =>
    greeted(
      5,
      clause,
      `${what} in a user property of SUBSCRIBE`,
      to(own(1), [userProperty('a', content)]),
      closes(0x81),
    ),
  ),
  greeted(5, 'MQTT-2.2.2-1', 'no property list in SUBSCRIBE', () => packet(0x82, u16(1)), closes(0x81)),
  greeted(5, 'MQTT-2.2.2-1', 'no property list in UNSUBSCRIBE', () => packet(0xa2, u16(1)), closes(0x81)),
].flat();

const unsubscribedCases: ConformanceCase[] = [
  attached(
    'both',
    { 5: 'MQTT-3.10.4-4', 4: 'MQTT-3.10.4-4' },
    'UNSUBSCRIBE from the subscription',
    from((device) => [filterOf(device)]),
    (version) => [version === 5 ? 'UNSUBACK 2 0x00' : 'UNSUBACK 2', 'open'],
  ),
  attached(
    'both',
    { 5: '3.11.3', 4: 'MQTT-3.10.4-5' },
    'UNSUBSCRIBE from what was never subscribed to',
    from(() => ['a/b']),
    (version) => [version === 5 ? 'UNSUBACK 2 0x11' : 'UNSUBACK 2', 'open'],
  ),
  attached(
    'both',
    'MQTT-3.10.4-1',
    'UNSUBSCRIBE from a filter that means the same',
    from((device) => [`pushfleet/devices/${device}/#`]),
    (version) => [version === 5 ? 'UNSUBACK 2 0x11' : 'UNSUBACK 2', 'open'],
  ),
  attached(
    'both',
    { 5: 'MQTT-3.11.3-1', 4: 'MQTT-3.10.4-6' },
    'UNSUBSCRIBE from several',
    from((device) => ['a', filterOf(device), filterOf(device)]),
    (version) => [version === 5 ? 'UNSUBACK 2 0x11 0x00 0x11' : 'UNSUBACK 2', 'open'],
  ),
  greeted(
    'both',
    { 5: '3.11.3', 4: 'MQTT-3.10.4-5' },
    'UNSUBSCRIBE without any subscription',
    from((device) => [filterOf(device)]),
    (version) => [version === 5 ? 'UNSUBACK 2 0x11' : 'UNSUBACK 2', 'open'],
  ),
  attached(
    5,
    '3.10.2.1.2',
    'user properties',
    from(() => ['a'], [userProperty('a', 'b')]),
    stays('UNSUBACK 2 0x11'),
  ),
  attached(
    'both',
    { 5: 'MQTT-3.10.4-5', 4: 'MQTT-3.10.4-4' },
    'PINGREQ behind UNSUBSCRIBE',
    (version, device) => [from((id) => [filterOf(id)])(version, device), pingreq],
    (version) => [version === 5 ? 'UNSUBACK 2 0x00' : 'UNSUBACK 2', 'PINGRESP', 'open'],
  ),
  greeted(
    'both',
    { 5: 'MQTT-3.10.4-2', 4: 'MQTT-3.10.4-2' },
    'one of two subscriptions ended',
    (version, device) => [
      subscribe(version, 1, [
        [filterOf(device), 1],
        [`pushfleet/devices/${device}/#`, 0],
      ]),
      from((id) => [filterOf(id)])(version, device),
    ],
    (version) => ['SUBACK 1 0x01 0x00', version === 5 ? 'UNSUBACK 2 0x00' : 'UNSUBACK 2', 'open'],
  ),
].flat();

export const subscribeCases: ConformanceCase[] = [
  ...grantedCases,
  ...refusedCases,
  ...filterCases,
  ...packetCases,
  ...propertyCases,
  ...unsubscribedCases,
];

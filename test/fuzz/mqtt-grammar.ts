import { decodeResult, encodeResult, parseCommandId } from '@pushfleet/protocol';
import { varint } from '../wire/protobuf.ts';
import type { Choices } from './choices.ts';
import { jsonDocument } from './json-grammar.ts';
import { mutate } from './mutate.ts';

type Version = 4 | 5;

/** The device that plays all sessions of the fuzzer; it exists, and a ticket for it can be had. */
export const fuzzDevice = 'fuzz-0';

/** One control packet, well-formed more often than not, in the bytes of a client that checks nothing itself. */
export function mqttPacket(choices: Choices, version: Version): Buffer {
  const make = choices.pick(Object.values(packets));
  const packet = make(choices, version);
  return choices.oneIn(3) ? mutate(packet, choices) : packet;
}

export function connectPacket(choices: Choices, version: Version): Buffer {
  const flags = choices.oneIn(2) ? choices.edge(8) : choices.pick([0xc2, 0x82, 0x02, 0xc0, 0xc6, 0xce, 0xd6, 0xe6]);
  return packet(0x10, [
    text(choices.oneIn(8) ? choices.text() : Buffer.from(choices.pick(['MQTT', 'MQTT', 'MQTT', 'MQIsdp']))),
    Buffer.from([choices.oneIn(8) ? choices.edge(8) : version, flags]),
    uint16(choices.edge(16)),
    ...(version === 5 ? [properties(choices)] : []),
    text(choices.text()),
    ...(flags & 0x04
      ? [...(version === 5 ? [properties(choices)] : []), text(topic(choices)), text(choices.text())]
      : []),
    ...(flags & 0x80 ? [text(choices.oneIn(2) ? Buffer.from(fuzzDevice) : choices.text())] : []),
    ...(flags & 0x40 ? [text(choices.text())] : []),
  ]);
}

const packets: Record<string, (choices: Choices, version: Version) => Buffer> = {
  connect: connectPacket,
  publish: (choices, version) => {
    const flags = choices.oneIn(2) ? 0x02 : choices.below(16);
    const hasId = (flags & 0x06) !== 0;
    return packet(0x30 | flags, [
      text(topic(choices)),
      ...(hasId ? [uint16(choices.edge(16))] : []),
      ...(version === 5 ? [properties(choices)] : []),
      resultPayload(choices),
    ]);
  },
  puback: (choices, version) => acknowledgement(0x40, choices, version),
  pubrec: (choices, version) => acknowledgement(0x50, choices, version),
  pubrel: (choices, version) => acknowledgement(0x62, choices, version),
  pubcomp: (choices, version) => acknowledgement(0x70, choices, version),
  subscribe: (choices, version) =>
    packet(0x82, [
      uint16(choices.edge(16)),
      ...(version === 5 ? [properties(choices)] : []),
      ...choices.some(4, () =>
        Buffer.concat([text(topic(choices)), Buffer.from([choices.oneIn(2) ? 1 : choices.edge(8)])]),
      ),
    ]),
  unsubscribe: (choices, version) =>
    packet(0xa2, [
      uint16(choices.edge(16)),
      ...(version === 5 ? [properties(choices)] : []),
      ...choices.some(4, () => text(topic(choices))),
    ]),
  pingreq: (choices) => packet(0xc0, choices.oneIn(8) ? [choices.bytes(3)] : []),
  disconnect: (choices, version) =>
    packet(0xe0, version === 4 || choices.oneIn(2) ? [] : [Buffer.from([choices.edge(8)]), properties(choices)]),
  auth: (choices) => packet(0xf0, [Buffer.from([choices.pick([0, 0x18, 0x19, 0xff])]), properties(choices)]),
  unknown: (choices) => packet(choices.below(256), [choices.bytes(choices.below(64))]),
};

function acknowledgement(head: number, choices: Choices, version: Version): Buffer {
  const more = version === 5 && choices.oneIn(2) ? [Buffer.from([choices.edge(8)]), properties(choices)] : [];
  return packet(head, [uint16(choices.edge(16)), ...more]);
}

function topic(choices: Choices): Buffer {
  const own = `pushfleet/devices/${fuzzDevice}`;
  return choices.pick([
    () => Buffer.from(`${own}/commands/#`),
    () => Buffer.from(`${own}/results/${choices.pick(['d-', ''])}${choices.below(1_000)}`),
    () => Buffer.from(`$share/group/${own}/commands/#`),
    () => choices.text(),
  ])();
}

/** The result that a device reports for a command: as JSON or as binary protobuf, right or wrong. */
function resultPayload(choices: Choices): Buffer {
  if (choices.oneIn(2)) return Buffer.from(jsonDocument(choices));
  const result = decodeResult(parseCommandId('c1'), Buffer.from('{"succeeded":{"output":"aGVsbG8="}}'), 'json');
  return mutate(encodeResult(result, 'protobuf'), choices);
}

/** Identifiers of properties and the shape of their values, from section 2.2.2.2 of MQTT 5. */
const propertyShapes = {
  byte: [0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2a],
  uint16: [0x13, 0x21, 0x22, 0x23],
  uint32: [0x02, 0x11, 0x18, 0x27],
  varint: [0x0b],
  text: [0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f],
  pair: [0x26],
} as const;

const propertyValues: Record<keyof typeof propertyShapes, (choices: Choices) => Buffer> = {
  byte: (choices) => Buffer.from([choices.oneIn(2) ? choices.below(2) : choices.edge(8)]),
  uint16: (choices) => uint16(choices.edge(16)),
  uint32: (choices) => Buffer.concat([uint16(choices.edge(16)), uint16(choices.edge(16))]),
  varint: (choices) => varint(choices.edge(28)),
  text: (choices) => text(choices.text()),
  pair: (choices) =>
    Buffer.concat([
      text(
        choices.oneIn(2)
          ? Buffer.from(choices.pick(['pushfleet-operations', 'pushfleet-payload-encoding']))
          : choices.text(),
      ),
      text(choices.text()),
    ]),
};

function properties(choices: Choices): Buffer {
  if (choices.oneIn(2)) return Buffer.from([0]);
  const list = Buffer.concat(
    choices.some(4, () => {
      const shape = choices.pick(Object.keys(propertyShapes) as (keyof typeof propertyShapes)[]);
      const id = choices.oneIn(20) ? choices.below(256) : choices.pick(propertyShapes[shape]);
      return Buffer.concat([Buffer.from([id]), propertyValues[shape](choices)]);
    }),
  );
  return Buffer.concat([choices.oneIn(20) ? varint(choices.edge(28)) : varint(list.length), list]);
}

function packet(head: number, parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([head]), varint(body.length), body]);
}

function text(bytes: Buffer): Buffer {
  return Buffer.concat([uint16(Math.min(bytes.length, 65_535)), bytes]);
}

function uint16(value: number): Buffer {
  return Buffer.from([value >> 8, value & 0xff]);
}

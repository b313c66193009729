import { limits } from '@pushfleet/protocol';
import type { Statement } from './rule.ts';

/** What a connection as a whole demands of its packets; what one packet demands, its own file says. */
export const connectionRules = {
  connectFirst: {
    clause: { 5: 'MQTT-3.1.0-1', 4: 'MQTT-3.1.0-1' },
    says: 'the first packet must be CONNECT',
    reason: 'protocolError',
  },
  connectOnce: {
    clause: { 5: 'MQTT-3.1.0-2', 4: 'MQTT-3.1.0-2' },
    says: 'CONNECT must be sent once',
    reason: 'protocolError',
  },
  protocolName: {
    clause: { 5: 'MQTT-3.1.2-1', 4: 'MQTT-3.1.2-1' },
    says: 'the protocol name must be MQTT',
    reason: 'malformed',
  },
  protocolLevel: {
    clause: { 5: 'MQTT-3.1.2-2', 4: 'MQTT-3.1.2-2' },
    says: 'the protocol version must be 5, or 4 for MQTT 3.1.1',
    reason: 'unsupportedProtocolVersion',
  },
  greetingSize: {
    clause: { 5: 'MQTT-3.1.4-1', 4: 'MQTT-3.1.4-1' },
    says: `CONNECT must have at most ${limits.greetingBytes} bytes`,
    reason: 'frameTooLarge',
  },
  packetSize: {
    clause: { 5: 'MQTT-3.2.2-15', 4: '4.8' },
    says: `a packet must have at most ${limits.frameBytes} bytes`,
    reason: 'frameTooLarge',
  },
  ownResult: {
    clause: { 5: '3.3.5', 4: 'MQTT-3.3.5-2' },
    says: 'the topic must be pushfleet/devices/{id}/results/{commandId}',
    reason: 'topicNotAllowed',
  },
  commandId: {
    clause: { 5: '3.3.5', 4: 'MQTT-3.3.5-2' },
    says: 'behind results/ there must be the id of a command',
    reason: 'topicInvalid',
  },
  packetIdUnused: {
    clause: { 5: 'MQTT-2.2.1-3', 4: 'MQTT-2.3.1-2' },
    says: 'the packet identifier must not be in use',
    reason: 'protocolError',
  },
  receiveMaximum: {
    clause: { 5: 'MQTT-3.3.4-7', 4: '4.8' },
    says: `at most ${limits.unacknowledgedResults} PUBLISHes may wait for PUBACK`,
    reason: 'receiveMaximumExceeded',
  },
} as const satisfies Record<string, Statement>;

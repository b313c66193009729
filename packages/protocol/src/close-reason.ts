import { status } from '@grpc/grpc-js';
import type { Retry } from './error.ts';
import type { CloseReason as CloseReasonName } from './gen/common.ts';

interface CloseRow {
  /** MQTT 5 reason code of a DISCONNECT. */
  mqtt: number;
  /** MQTT 5 reason code of a CONNACK, where that has another one for it: few codes are for both. */
  connack?: number;
  /**
   * MQTT 3.1.1 CONNACK return code. `null`: the CONNECT is closed without a word, [MQTT-3.1.4-1] and [MQTT-3.2.2-6]; so
   * is every MQTT 3.1.1 link after the CONNACK: 3.1.1 has none.
   */
  mqtt3: number | null;
  grpc: status;
  retry: Retry;
  text: string;
}

/** Why a link ends, said once; every wire reads its own column. */
export const CloseReason = {
  goodbye: { mqtt: 0x00, mqtt3: null, grpc: status.OK, retry: 'never', text: 'the device said goodbye' },
  linkLost: { mqtt: 0x80, mqtt3: null, grpc: status.UNAVAILABLE, retry: 'same-node', text: 'the connection broke' },
  deviceError: {
    mqtt: 0x80,
    mqtt3: null,
    grpc: status.UNAVAILABLE,
    retry: 'same-node',
    text: 'the device ended the link with an error',
  },
  sessionTakenOver: {
    mqtt: 0x8e,
    connack: 0x80,
    mqtt3: 3,
    grpc: status.ABORTED,
    retry: 'never',
    text: 'a newer link of the same device took over',
  },
  sessionEnded: {
    mqtt: 0x98,
    connack: 0x80,
    mqtt3: 3,
    grpc: status.UNAVAILABLE,
    retry: 'same-node',
    text: 'the registry has closed the session, or lost it; the device may open another one',
  },
  useAnotherServer: {
    mqtt: 0x9c,
    mqtt3: 3,
    grpc: status.UNAVAILABLE,
    retry: 'reassign',
    text: 'the push server hands its devices over',
  },
  serverShuttingDown: {
    mqtt: 0x8b,
    connack: 0x88,
    mqtt3: 3,
    grpc: status.UNAVAILABLE,
    retry: 'reassign',
    text: 'the push server stops',
  },
  noCapacity: {
    mqtt: 0x9c,
    mqtt3: 3,
    grpc: status.RESOURCE_EXHAUSTED,
    retry: 'reassign',
    text: 'the push server is full',
  },
  registryUnavailable: {
    mqtt: 0x89,
    connack: 0x88,
    mqtt3: 3,
    grpc: status.UNAVAILABLE,
    retry: 'same-node',
    text: 'the registry does not answer; the session cannot be opened now',
  },
  ticketInvalid: {
    mqtt: 0x87,
    connack: 0x86,
    mqtt3: 4,
    grpc: status.UNAUTHENTICATED,
    retry: 'reassign',
    text: 'the ticket is missing, malformed or not signed by a balancer',
  },
  ticketExpired: {
    mqtt: 0x87,
    mqtt3: 5,
    grpc: status.UNAUTHENTICATED,
    retry: 'reassign',
    text: 'the ticket has expired',
  },
  ticketVoid: {
    mqtt: 0x87,
    mqtt3: 5,
    grpc: status.UNAUTHENTICATED,
    retry: 'reassign',
    text: 'since it got the ticket, the device was disconnected, removed or given another secret',
  },
  ticketForAnotherNode: {
    mqtt: 0x9d,
    mqtt3: 5,
    grpc: status.PERMISSION_DENIED,
    retry: 'reassign',
    text: 'the ticket is for other push servers',
  },
  ticketForAnotherDevice: {
    mqtt: 0x87,
    connack: 0x85,
    mqtt3: 2,
    grpc: status.PERMISSION_DENIED,
    retry: 'reassign',
    text: 'the ticket is for another device',
  },
  greetingTimeout: {
    mqtt: 0x8d,
    connack: 0x88,
    mqtt3: 3,
    grpc: status.DEADLINE_EXCEEDED,
    retry: 'same-node',
    text: 'the client did not say who it is in time',
  },
  keepAliveTimeout: {
    mqtt: 0x8d,
    connack: 0x88,
    mqtt3: 3,
    grpc: status.DEADLINE_EXCEEDED,
    retry: 'same-node',
    text: 'the device was silent for longer than its keep-alive or an unconfirmed command allows',
  },
  malformed: {
    mqtt: 0x81,
    mqtt3: null,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'what the client sent cannot be read',
  },
  protocolError: {
    mqtt: 0x82,
    mqtt3: null,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'the client sent something that has no place here',
  },
  internalError: {
    mqtt: 0x83,
    mqtt3: 3,
    grpc: status.INTERNAL,
    retry: 'same-node',
    text: 'the push server failed; this link alone is ended',
  },
  unsupportedProtocolVersion: {
    mqtt: 0x82,
    connack: 0x84,
    mqtt3: 1,
    grpc: status.UNIMPLEMENTED,
    retry: 'never',
    text: 'the protocol version is not supported; MQTT 3.1.1 and 5 are',
  },
  frameTooLarge: {
    mqtt: 0x95,
    mqtt3: 5,
    grpc: status.RESOURCE_EXHAUSTED,
    retry: 'never',
    text: 'a frame is larger than the limit',
  },
  topicNotAllowed: {
    mqtt: 0x87,
    mqtt3: 5,
    grpc: status.PERMISSION_DENIED,
    retry: 'never',
    text: 'a device may only publish its own results',
  },
  qosNotSupported: {
    mqtt: 0x9b,
    mqtt3: 5,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'QoS 2 is not supported; use QoS 0 or 1',
  },
  tooSlow: {
    mqtt: 0x97,
    mqtt3: 5,
    grpc: status.RESOURCE_EXHAUSTED,
    retry: 'same-node',
    text: 'the device does not read what is sent to it',
  },
  tooManyLinks: {
    mqtt: 0x97,
    mqtt3: 5,
    grpc: status.RESOURCE_EXHAUSTED,
    retry: 'same-node',
    text: 'the device has newer links, and too many that take no commands',
  },
  retainNotSupported: {
    mqtt: 0x9a,
    mqtt3: null,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'nothing is retained here',
  },
  topicInvalid: {
    mqtt: 0x90,
    mqtt3: null,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'the topic is none that a device may publish to',
  },
  topicAliasInvalid: {
    mqtt: 0x94,
    mqtt3: null,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'topic aliases are not supported',
  },
  subscriptionIdsNotSupported: {
    mqtt: 0xa1,
    mqtt3: null,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'subscription identifiers are not supported',
  },
  payloadInvalid: {
    mqtt: 0x99,
    mqtt3: null,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'the payload is no result',
  },
  receiveMaximumExceeded: {
    mqtt: 0x93,
    mqtt3: null,
    grpc: status.RESOURCE_EXHAUSTED,
    retry: 'same-node',
    text: 'too many results wait to be kept at the same time',
  },
  tooManyAttempts: {
    mqtt: 0x9f,
    mqtt3: 3,
    grpc: status.RESOURCE_EXHAUSTED,
    retry: 'same-node',
    text: 'too many tickets from this address, or of this device, were not good; none is looked at for a while',
  },
  messageRateTooHigh: {
    mqtt: 0x96,
    connack: 0x97,
    mqtt3: null,
    grpc: status.RESOURCE_EXHAUSTED,
    retry: 'same-node',
    text: 'the device says too much: pings, progress, confirmations of nothing, results of commands that this link has not carried or that cannot be read, or one UNSUBSCRIBE after the other',
  },
  willNotSupported: {
    mqtt: 0x83,
    mqtt3: 5,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'a Will is not published here',
  },
  authMethodNotSupported: {
    mqtt: 0x82,
    connack: 0x8c,
    mqtt3: null,
    grpc: status.UNAUTHENTICATED,
    retry: 'never',
    text: 'extended authentication is not supported; show a ticket as password',
  },
  clientIdInvalid: {
    mqtt: 0x82,
    connack: 0x85,
    mqtt3: 2,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'the client identifier is not accepted',
  },
} as const satisfies Record<string, CloseRow>;
export type CloseReason = keyof typeof CloseReason;

/** MQTT 5 reason code of a CONNACK. */
export function connackCode(reason: CloseReason): number {
  const row: CloseRow = CloseReason[reason];
  return row.connack ?? row.mqtt;
}

/** gRPC trailer and MQTT 5 user property that carry the name of the close reason. */
export const closeReasonKey = 'pushfleet-close-reason';

/** MQTT 5 user property that names the push server of a Server Reference, whose address may be that of several. */
export const redirectNodeKey = 'pushfleet-node-id';

/** How proto messages say it, e.g. `CLOSE_REASON_SESSION_TAKEN_OVER`. */
export function closeReasonName(reason: CloseReason): CloseReasonName {
  const name = reason.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return `CLOSE_REASON_${name}` as CloseReasonName;
}

export function parseCloseReason(value: unknown): CloseReason | undefined {
  return typeof value === 'string' && Object.hasOwn(CloseReason, value) ? (value as CloseReason) : undefined;
}

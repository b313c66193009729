import { status } from '@grpc/grpc-js';
import type { Retry } from './error.ts';

interface CloseRow {
  /** MQTT 5 reason code, of a DISCONNECT or, before the session is open, of a CONNACK. */
  mqtt: number;
  /** MQTT 3.1.1 CONNACK return code. After the CONNACK an MQTT 3.1.1 link is closed without a word: 3.1.1 has none. */
  mqtt3: number;
  grpc: status;
  retry: Retry;
  text: string;
}

/** Why a link ends, said once; every wire reads its own column. */
export const CloseReason = {
  goodbye: { mqtt: 0x00, mqtt3: 0, grpc: status.OK, retry: 'never', text: 'the device said goodbye' },
  linkLost: { mqtt: 0x80, mqtt3: 3, grpc: status.UNAVAILABLE, retry: 'same-node', text: 'the connection broke' },
  deviceError: {
    mqtt: 0x80,
    mqtt3: 3,
    grpc: status.UNAVAILABLE,
    retry: 'same-node',
    text: 'the device ended the link with an error',
  },
  sessionTakenOver: {
    mqtt: 0x8e,
    mqtt3: 5,
    grpc: status.ABORTED,
    retry: 'never',
    text: 'a newer link of the same device took over',
  },
  sessionEnded: {
    mqtt: 0x98,
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
    mqtt: 0x88,
    mqtt3: 3,
    grpc: status.UNAVAILABLE,
    retry: 'same-node',
    text: 'the registry does not answer; the session cannot be opened now',
  },
  ticketInvalid: {
    mqtt: 0x86,
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
  ticketForAnotherNode: {
    mqtt: 0x9d,
    mqtt3: 5,
    grpc: status.PERMISSION_DENIED,
    retry: 'reassign',
    text: 'the ticket is for other push servers',
  },
  ticketForAnotherDevice: {
    mqtt: 0x85,
    mqtt3: 2,
    grpc: status.PERMISSION_DENIED,
    retry: 'reassign',
    text: 'the ticket is for another device',
  },
  greetingTimeout: {
    mqtt: 0x8d,
    mqtt3: 5,
    grpc: status.DEADLINE_EXCEEDED,
    retry: 'same-node',
    text: 'the client did not say who it is in time',
  },
  keepAliveTimeout: {
    mqtt: 0x8d,
    mqtt3: 5,
    grpc: status.DEADLINE_EXCEEDED,
    retry: 'same-node',
    text: 'nothing was heard from the device for two keep-alive intervals',
  },
  malformed: {
    mqtt: 0x81,
    mqtt3: 1,
    grpc: status.INVALID_ARGUMENT,
    retry: 'never',
    text: 'what the client sent cannot be read',
  },
  protocolError: {
    mqtt: 0x82,
    mqtt3: 5,
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
    mqtt: 0x84,
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
  tooManyLinks: {
    mqtt: 0x97,
    mqtt3: 5,
    grpc: status.RESOURCE_EXHAUSTED,
    retry: 'same-node',
    text: 'the device has newer links, and too many that take no commands',
  },
  tooSlow: {
    mqtt: 0x97,
    mqtt3: 5,
    grpc: status.RESOURCE_EXHAUSTED,
    retry: 'same-node',
    text: 'the device does not read what is sent to it',
  },
} as const satisfies Record<string, CloseRow>;
export type CloseReason = keyof typeof CloseReason;

/** gRPC trailer and MQTT 5 user property that carry the name of the close reason. */
export const closeReasonKey = 'pushfleet-close-reason';

/** MQTT 5 user property that names the push server of a Server Reference, whose address may be that of several. */
export const redirectNodeKey = 'pushfleet-node-id';

export function parseCloseReason(value: unknown): CloseReason | undefined {
  return typeof value === 'string' && Object.hasOwn(CloseReason, value) ? (value as CloseReason) : undefined;
}

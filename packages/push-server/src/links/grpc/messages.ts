import {
  isDurable,
  limitResult,
  limits,
  PushfleetError,
  parseCommandId,
  readCapabilities,
  type device as wire,
} from '@pushfleet/protocol';
import type { PushedCommand } from '../../session/command.ts';
import type { DeviceInput } from '../../session/on-device.ts';
import type { ToDevice } from '../../session/session.ts';
import type { LinkSettings } from '../link.ts';

type Announced = Pick<LinkSettings, 'nodeId' | 'keepAliveMs'>;

/** Number of unconfirmed commands that a gRPC device gets at once. */
const window = 64;

/** The input that a ConnectRequest is for the session; a message without a meaning is a fault. */
export function readMessage(message: wire.ConnectRequest, settings: Announced): DeviceInput {
  try {
    return translate(message, settings);
  } catch (error) {
    if (error instanceof PushfleetError) return { kind: 'fault', reason: 'malformed' };
    throw error;
  }
}

function translate(message: wire.ConnectRequest, settings: Announced): DeviceInput {
  if (message.hello) return hello(message.hello, settings);
  if (message.delivered) return { kind: 'delivered', command: parseCommandId(message.delivered.commandId) };
  if (message.result?.outcome) {
    parseCommandId(message.result.commandId);
    return { kind: 'result', result: limitResult(message.result) };
  }
  if (message.ping) return { kind: 'ping' };
  if (message.goodbye) return { kind: 'goodbye' };
  return { kind: 'fault', reason: 'protocolError' };
}

function hello({ ticket, operations }: wire.Hello, settings: Announced): DeviceInput {
  // What is remembered of a declaration is remembered before anybody knows who makes it.
  const declaredBytes = operations.reduce((bytes, name) => bytes + name.length + 1, 0);
  if (declaredBytes > limits.greetingBytes) return { kind: 'fault', reason: 'frameTooLarge' };
  const capabilities = readCapabilities(operations);
  const silenceLimitMs = settings.keepAliveMs * 2;
  return {
    kind: 'hello',
    ticket,
    terms: { link: 'grpc', silenceLimitMs, window, confirms: true, countsPackets: false, capabilities },
    attach: true,
  };
}

/** `undefined`: the gRPC wire has no message for it. */
export function encodeMessage(message: ToDevice, settings: Announced): wire.ConnectResponseInit | undefined {
  switch (message.kind) {
    case 'attached':
      return {
        welcome: { deviceId: message.device, nodeId: settings.nodeId, keepAliveMs: settings.keepAliveMs },
      };
    case 'command':
      return { command: commandMessage(message.command, message.nowMs) };
    case 'cancel':
      return { cancel: { commandId: message.command, reason: message.reason } };
    case 'result-received':
      return { resultReceived: { commandId: message.command } };
    case 'pong':
      return { pong: {} };
    case 'accepted':
    case 'detached':
      return undefined;
    default:
      return message satisfies never;
  }
}

function commandMessage({ id, operation, finishByMs, redelivered }: PushedCommand, nowMs: number): wire.CommandInit {
  const finishWithinMs = Math.max(1, finishByMs - nowMs);
  return { commandId: id, operation, finishWithinMs, durable: isDurable(id), redelivered };
}

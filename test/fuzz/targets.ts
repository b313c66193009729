import {
  CommandService,
  EventService,
  FleetService,
  MaintenanceService,
  TunnelService,
} from '@pushfleet/protocol/admin';
import { PeerService } from '@pushfleet/protocol/balancer';
import { AssignmentService, DeviceLinkService } from '@pushfleet/protocol/device';
import { NodeControlService } from '@pushfleet/protocol/node';
import type { Choices } from './choices.ts';
import type { BytesCase, CallCase, FuzzCase, PortName } from './fuzz-case.ts';
import { httpRequest } from './http-grammar.ts';
import { http2Session } from './http2-grammar.ts';
import { requestMessage } from './message-grammar.ts';
import { connectPacket, mqttPacket } from './mqtt-grammar.ts';
import { mutate, split } from './mutate.ts';

/** Makes one case of its kind. */
export type Target = (choices: Choices) => FuzzCase;

/** All that can be said to a cluster, by kind. */
export const targets: Record<string, Target> = {
  'mqtt-greeting': (choices) => {
    const version = choices.pick([4, 5] as const);
    const packets = [connectPacket(choices, version), ...choices.some(3, () => mqttPacket(choices, version))];
    return mqtt(choices, Buffer.concat(packets));
  },
  'mqtt-session': (choices) => {
    const version = choices.pick([4, 5] as const);
    const packets = [mqttPacket(choices, version), ...choices.some(7, () => mqttPacket(choices, version))];
    return { ...mqtt(choices, Buffer.concat(packets)), session: version === 5 ? 'mqtt5' : 'mqtt3' };
  },
  'device-bytes': (choices) => mqtt(choices, mutate(choices.bytes(choices.below(256)), choices)),
  'device-http2': (choices) => http2(choices, 'device', DeviceLinkService.service),
  'device-call': (choices) => ({ ...call(choices, 'device', [DeviceLinkService.service]), greeted: choices.oneIn(2) }),
  'admin-http2': (choices) => http2(choices, 'admin', CommandService.service),
  'admin-call': (choices) => call(choices, 'admin', adminServices),
  'assignment-http2': (choices) => http2(choices, 'assignment', AssignmentService.service),
  'assignment-call': (choices) => call(choices, 'assignment', [AssignmentService.service]),
  'assignment-http': (choices) => ({
    ...{ kind: 'bytes', port: 'assignment', alpn: 'http/1.1' },
    chunks: split(Buffer.concat([httpRequest(choices), ...choices.some(2, () => httpRequest(choices))]), choices),
  }),
  'rest-http': (choices) => ({
    ...{ kind: 'bytes', port: 'rest' },
    chunks: split(Buffer.concat([httpRequest(choices), ...choices.some(2, () => httpRequest(choices))]), choices),
  }),
  'control-http2': (choices) => http2(choices, 'control', NodeControlService.service),
  'peer-http2': (choices) => http2(choices, 'peer', PeerService.service),
  'peer-call': (choices) => call(choices, 'peer', [PeerService.service]),
  'control-call': (choices) => call(choices, 'control', [NodeControlService.service]),
};

const adminServices = [
  CommandService.service,
  EventService.service,
  FleetService.service,
  MaintenanceService.service,
  TunnelService.service,
];

type Service = Record<string, { path: string; requestStream: boolean }>;

function mqtt(choices: Choices, bytes: Buffer): BytesCase {
  const alpn = choices.oneIn(2) ? ({ alpn: 'mqtt' } as const) : {};
  return { kind: 'bytes', port: 'device', ...alpn, chunks: split(bytes, choices) };
}

function http2(choices: Choices, port: PortName, service: object): BytesCase {
  const paths = Object.values(service as Service).map(({ path }) => path);
  const bytes = http2Session(choices, [...paths, '/grpc.health.v1.Health/Watch', '/x']);
  return { kind: 'bytes', port, alpn: 'h2', chunks: split(bytes, choices) };
}

function call(choices: Choices, port: PortName, services: readonly object[]): CallCase {
  const { path, requestStream } = choices.pick(Object.values(choices.pick(services) as Service));
  const make = () => requestMessage(path, choices);
  return { kind: 'call', port, method: path, messages: requestStream ? choices.some(6, make) : [make()] };
}

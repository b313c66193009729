import { limits } from '@pushfleet/protocol';
import { NodeControlService } from '@pushfleet/protocol/node';
import type { ClusterListenerOptions, ClusterNetwork, ClusterPort } from '@pushfleet/runtime';
import type { ControlService } from './control-service.ts';

export interface ControlListenerOptions extends Pick<ClusterListenerOptions, 'barrier' | 'attended'> {
  network: ClusterNetwork;
  host: string;
  service: ControlService;
}

/** Every tunnel takes a call; balancers have few other calls. */
const callsPerConnection = 10_000;
/** Balancers and other workers have one or two connections each. */
const connectionLimits = { connections: 4_096, unauthenticated: 256, unauthenticatedPerAddress: 256 };

/** A worker's control endpoint, on any free port. */
export function createControlListener({ network, host, service, ...options }: ControlListenerOptions): ClusterPort {
  return network.createPort({
    ...{ ...options, callsPerConnection, connectionLimits, maxMessageBytes: limits.controlMessageBytes },
    at: { host, port: 0 },
    idleMs: limits.greetingDeadlineMs,
    service: NodeControlService.service,
    handlers: service.handlers,
  });
}

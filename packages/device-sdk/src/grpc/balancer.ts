import type { SecureContext } from 'node:tls';
import type { ServiceError } from '@grpc/grpc-js';
import { type device, fromStatus } from '@pushfleet/protocol';
import { AssignmentService } from '@pushfleet/protocol/device';
import type { AssignmentRequest, RequestAssignment } from '../assignment/assignment.ts';
import { channelTo } from './channel.ts';

/** `AssignmentService.Assign`. */
export function askOverGrpc(secureContext: SecureContext): RequestAssignment {
  return async (balancer, question, signal) => {
    const host = balancer.hostname.replace(/^\[|\]$/g, '');
    const tls = balancer.protocol === 'https:' ? secureContext : undefined;
    const port = Number(balancer.port) || (tls === undefined ? 80 : 443);
    const client = new AssignmentService(...channelTo(host, port, tls, 'balancer'));
    try {
      return await assign(client, question, signal);
    } finally {
      client.close();
    }
  };
}

function assign(
  client: InstanceType<typeof AssignmentService>,
  { deviceId, secret, unreachableNodeIds }: AssignmentRequest,
  signal: AbortSignal,
): Promise<device.AssignResponse> {
  return new Promise((resolve, reject) => {
    const request = { deviceId, secret, unreachableNodeIds: [...unreachableNodeIds] };
    const cancel = () => call.cancel();
    const call = client.assign(request, (error: ServiceError | null, response) => {
      signal.removeEventListener('abort', cancel);
      if (error === null && response !== undefined) resolve(response);
      else if (signal.aborted) reject(signal.reason);
      else reject(error === null ? new Error('neither an answer nor an error') : fromStatus(error));
    });
    signal.addEventListener('abort', cancel, { once: true });
  });
}

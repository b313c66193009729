import type { ServiceError } from '@grpc/grpc-js';
import { type device, fromStatus } from '@pushfleet/protocol';
import type { AssignmentService } from '@pushfleet/protocol/device';
import type { AssignmentRequest, RequestAssignment } from '../assignment/assignment.ts';
import type { GrpcNetwork } from './network.ts';

/** `AssignmentService.Assign`. */
export function askOverGrpc(connect: GrpcNetwork['connectToBalancer']): RequestAssignment {
  return async (balancer, question, signal) => {
    const client = connect(balancer);
    try {
      return await assign(client, question, signal);
    } finally {
      client.close();
    }
  };
}

function assign(
  client: InstanceType<typeof AssignmentService>,
  { unreachableNodeIds, ...device }: AssignmentRequest,
  signal: AbortSignal,
): Promise<device.AssignResponse> {
  return new Promise((resolve, reject) => {
    const request = { ...device, unreachableNodeIds: [...unreachableNodeIds] };
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

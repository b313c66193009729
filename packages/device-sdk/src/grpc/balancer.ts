import type { ClientUnaryCall, ServiceError } from '@grpc/grpc-js';
import { fromStatus } from '@pushfleet/protocol';
import type { AssignmentService } from '@pushfleet/protocol/device';
import type { RequestAssignment, RequestEnrollment } from '../assignment/assignment.ts';

type Client = InstanceType<typeof AssignmentService>;
/** A client with a channel of its own. */
type ConnectToBalancer = (balancer: URL) => Client;
type Answer = (error: ServiceError | null, response?: object) => void;

/** `AssignmentService.Assign`. */
export function askOverGrpc(connect: ConnectToBalancer): RequestAssignment {
  return (balancer, { unreachableNodeIds, ...device }, signal) => {
    const request = { ...device, unreachableNodeIds: [...unreachableNodeIds] };
    return ask(connect(balancer), (client, answer) => client.assign(request, answer), signal);
  };
}

/** `AssignmentService.Enroll`. */
export function enrollOverGrpc(connect: ConnectToBalancer): RequestEnrollment {
  return (balancer, request, signal) =>
    ask(connect(balancer), (client, answer) => client.enroll(request, answer), signal);
}

async function ask(
  client: Client,
  begin: (client: Client, answer: Answer) => ClientUnaryCall,
  signal: AbortSignal,
): Promise<object> {
  try {
    return await new Promise((resolve, reject) => {
      const cancel = () => call.cancel();
      const call = begin(client, (error, response) => {
        signal.removeEventListener('abort', cancel);
        if (error === null && response !== undefined) resolve(response);
        else if (signal.aborted) reject(signal.reason);
        else reject(error === null ? new Error('neither an answer nor an error') : fromStatus(error));
      });
      signal.addEventListener('abort', cancel, { once: true });
    });
  } finally {
    client.close();
  }
}

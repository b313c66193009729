import { credentials } from '@grpc/grpc-js';
import { type device, serverIdentity } from '@pushfleet/protocol';
import { AssignmentService } from '@pushfleet/protocol/device';
import { testSecret } from './test-devices.ts';

/** Asks one balancer for assignments, over a connection of its own. */
export type AssignmentAsker = ((deviceId: string) => Promise<device.AssignResponse>) & Disposable;

/** Asks the balancer behind `port`, as a device over gRPC does. */
export function createAssignmentAsker(port: number, ca: Buffer): AssignmentAsker {
  const { verify, options } = serverIdentity('127.0.0.1');
  const client = new AssignmentService(`127.0.0.1:${port}`, credentials.createSsl(ca, null, null, verify), {
    ...options,
    'grpc.use_local_subchannel_pool': 1,
  });
  const ask = (deviceId: string) =>
    new Promise<device.AssignResponse>((resolve, reject) => {
      client.assign({ deviceId, secret: testSecret }, (error, response) =>
        error || !response ? reject(error) : resolve(response),
      );
    });
  return Object.assign(ask, { [Symbol.dispose]: () => client.close() });
}

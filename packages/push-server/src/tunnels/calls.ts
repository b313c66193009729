import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { device, node } from '@pushfleet/protocol';
import type { AttendedTime } from '@pushfleet/runtime';

export type DeviceTunnelCall = ServerDuplexStream<device.TunnelRequest, device.TunnelResponseInit>;
export type NodeTunnelCall = ServerDuplexStream<node.TunnelRequest, node.TunnelResponseInit>;

/** What is said first; what follows waits to be read. `undefined`: nothing was said in time. */
export async function firstMessage<Request>(
  call: ServerDuplexStream<Request, unknown>,
  withinMs: number,
  attended: AttendedTime,
): Promise<Request | undefined> {
  const { promise, resolve } = Promise.withResolvers<Request | undefined>();
  using _deadline = attended.after(withinMs, () => resolve(undefined));
  call.once('data', (message: Request) => {
    call.pause();
    resolve(message);
  });
  call.once('end', () => resolve(undefined));
  call.once('cancelled', () => resolve(undefined));
  return promise;
}

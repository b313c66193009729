import type { DeviceNetwork } from '@pushfleet/device-sdk/parts';
import type { DeviceId, device as wire } from '@pushfleet/protocol';
import { AssignmentService, DeviceLinkService } from '@pushfleet/protocol/device';
import { present } from '../versions/software.ts';
import type { SimulatedProcess } from '../world/process.ts';
import { createGrpcClient } from './grpc-client.ts';
import { MqttTranslator } from './mqtt-translator.ts';
import type { Network } from './network.ts';
import { connectSocket } from './socket.ts';

export interface DeviceNetworkOptions {
  network: Network;
  process: SimulatedProcess;
  device: string;
  /** A larger message breaks the connection before it is handled. */
  mostBytes?: number;
  /** Hears all that push servers say, over either kind of link. */
  onServerMessage?(message: wire.ConnectResponse): void;
}

/** The ways of a device with the SDK. Balancers are asked over gRPC by all of them: there is no HTTP in this world. */
export function deviceNetworkOf({
  network,
  process,
  device,
  mostBytes,
  onServerMessage,
}: DeviceNetworkOptions): DeviceNetwork {
  const to = (address: string, port: number) => ({
    ...{ network, process, address, port },
    ...(mostBytes === undefined ? {} : { mostBytes }),
  });
  const onMessage = (message: unknown) => onServerMessage?.(message as wire.ConnectResponse);
  const client = (service: unknown, address: string, port: number) => {
    const { service: definition } = service as { service: Parameters<typeof createGrpcClient>[0] };
    return createGrpcClient(definition, { ...to(address, port), onMessage }) as never;
  };
  const connectToBalancer = (url: URL) => client(AssignmentService, url.hostname, Number(url.port));
  const { askOverGrpc, enrollOverGrpc } = present.device;
  const reaching: DeviceNetwork & { connectToBalancer: unknown } = {
    // The SDK of earlier versions asks by itself.
    connectToBalancer,
    ask: askOverGrpc(connectToBalancer),
    enroll: enrollOverGrpc(connectToBalancer),
    connectToPushServer: ({ address, port }) => client(DeviceLinkService, address, port),
    openSocket: ({ address, port }, opened) => {
      const socket = connectSocket({ ...to(address, port), opened });
      const translator = new MqttTranslator(device as DeviceId, 5, onMessage);
      socket.onBytes = (direction, bytes) => translator.take(direction, bytes);
      return socket;
    },
    connectForTunnels: ({ address, port }) => client(DeviceLinkService, address, port),
    openTarget: ({ host, port }, opened) =>
      connectSocket({ network, process, address: host, port, allowHalfOpen: true, opened }),
  };
  return reaching;
}

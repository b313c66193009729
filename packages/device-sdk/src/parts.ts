// What a device is made of, for those who run it in another world than sockets.

export { meaningOf } from './assignment/client.ts';
export { Device } from './device.ts';
export { askOverGrpc, enrollOverGrpc } from './grpc/balancer.ts';
export type { DeviceNetwork } from './network.ts';
export { type DeviceSettings, parseOptions } from './options.ts';

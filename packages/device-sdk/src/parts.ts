// What a device is made of, for those who run it in another world than sockets.

export { Device } from './device.ts';
export type { GrpcNetwork } from './grpc/network.ts';
export { type DeviceSettings, parseOptions } from './options.ts';

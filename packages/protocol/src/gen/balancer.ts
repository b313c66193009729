export type * from './pushfleet/balancer/v1/CancelCommandRequest.ts';
export type * from './pushfleet/balancer/v1/CancelCommandResponse.ts';
export type * from './pushfleet/balancer/v1/GetCommandRequest.ts';
export type * from './pushfleet/balancer/v1/GetCommandResponse.ts';
export type * from './pushfleet/balancer/v1/PeerService.ts';
export type * from './pushfleet/balancer/v1/WatchCommandRequest.ts';
export type * from './pushfleet/balancer/v1/WatchCommandResponse.ts';

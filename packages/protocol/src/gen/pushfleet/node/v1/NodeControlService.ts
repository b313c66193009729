// Original file: proto-internal/pushfleet/node/v1/node_control.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ChannelRequestInit as _pushfleet_node_v1_ChannelRequestInit, ChannelRequest as _pushfleet_node_v1_ChannelRequest } from '../../../pushfleet/node/v1/ChannelRequest.ts';
import type { ChannelResponseInit as _pushfleet_node_v1_ChannelResponseInit, ChannelResponse as _pushfleet_node_v1_ChannelResponse } from '../../../pushfleet/node/v1/ChannelResponse.ts';
import type { EvictRequestInit as _pushfleet_node_v1_EvictRequestInit, EvictRequest as _pushfleet_node_v1_EvictRequest } from '../../../pushfleet/node/v1/EvictRequest.ts';
import type { EvictResponseInit as _pushfleet_node_v1_EvictResponseInit, EvictResponse as _pushfleet_node_v1_EvictResponse } from '../../../pushfleet/node/v1/EvictResponse.ts';
import type { TunnelRequestInit as _pushfleet_node_v1_TunnelRequestInit, TunnelRequest as _pushfleet_node_v1_TunnelRequest } from '../../../pushfleet/node/v1/TunnelRequest.ts';
import type { TunnelResponseInit as _pushfleet_node_v1_TunnelResponseInit, TunnelResponse as _pushfleet_node_v1_TunnelResponse } from '../../../pushfleet/node/v1/TunnelResponse.ts';

/**
 * Served by each worker of a push server, to balancers and to other workers, over mutual TLS.
 */
export interface NodeControlServiceClient extends grpc.Client {
  /**
   * One channel per balancer and worker. Each message is a batch of everything that was queued in one turn of the
   * sender's event loop. The worker sends the first message, with WorkerHello.
   */
  Channel(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_node_v1_ChannelRequestInit, _pushfleet_node_v1_ChannelResponse>;
  Channel(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_node_v1_ChannelRequestInit, _pushfleet_node_v1_ChannelResponse>;
  /**
   * One channel per balancer and worker. Each message is a batch of everything that was queued in one turn of the
   * sender's event loop. The worker sends the first message, with WorkerHello.
   */
  channel(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_node_v1_ChannelRequestInit, _pushfleet_node_v1_ChannelResponse>;
  channel(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_node_v1_ChannelRequestInit, _pushfleet_node_v1_ChannelResponse>;
  
  /**
   * Closes the sessions of devices for which another worker has opened newer ones.
   */
  Evict(argument: _pushfleet_node_v1_EvictRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_node_v1_EvictResponse>): grpc.ClientUnaryCall;
  Evict(argument: _pushfleet_node_v1_EvictRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_node_v1_EvictResponse>): grpc.ClientUnaryCall;
  Evict(argument: _pushfleet_node_v1_EvictRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_node_v1_EvictResponse>): grpc.ClientUnaryCall;
  Evict(argument: _pushfleet_node_v1_EvictRequestInit, callback: grpc.requestCallback<_pushfleet_node_v1_EvictResponse>): grpc.ClientUnaryCall;
  /**
   * Closes the sessions of devices for which another worker has opened newer ones.
   */
  evict(argument: _pushfleet_node_v1_EvictRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_node_v1_EvictResponse>): grpc.ClientUnaryCall;
  evict(argument: _pushfleet_node_v1_EvictRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_node_v1_EvictResponse>): grpc.ClientUnaryCall;
  evict(argument: _pushfleet_node_v1_EvictRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_node_v1_EvictResponse>): grpc.ClientUnaryCall;
  evict(argument: _pushfleet_node_v1_EvictRequestInit, callback: grpc.requestCallback<_pushfleet_node_v1_EvictResponse>): grpc.ClientUnaryCall;
  
  /**
   * Takes over a tunnel whose device waits at this worker. The first message is TunnelAttach; frames in both directions
   * follow. NOT_FOUND: no such tunnel waits here.
   */
  Tunnel(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_node_v1_TunnelRequestInit, _pushfleet_node_v1_TunnelResponse>;
  Tunnel(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_node_v1_TunnelRequestInit, _pushfleet_node_v1_TunnelResponse>;
  /**
   * Takes over a tunnel whose device waits at this worker. The first message is TunnelAttach; frames in both directions
   * follow. NOT_FOUND: no such tunnel waits here.
   */
  tunnel(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_node_v1_TunnelRequestInit, _pushfleet_node_v1_TunnelResponse>;
  tunnel(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_node_v1_TunnelRequestInit, _pushfleet_node_v1_TunnelResponse>;
  
}

/**
 * Served by each worker of a push server, to balancers and to other workers, over mutual TLS.
 */
export interface NodeControlServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * One channel per balancer and worker. Each message is a batch of everything that was queued in one turn of the
   * sender's event loop. The worker sends the first message, with WorkerHello.
   */
  Channel: grpc.handleBidiStreamingCall<_pushfleet_node_v1_ChannelRequest, _pushfleet_node_v1_ChannelResponseInit>;
  
  /**
   * Closes the sessions of devices for which another worker has opened newer ones.
   */
  Evict: grpc.handleUnaryCall<_pushfleet_node_v1_EvictRequest, _pushfleet_node_v1_EvictResponseInit>;
  
  /**
   * Takes over a tunnel whose device waits at this worker. The first message is TunnelAttach; frames in both directions
   * follow. NOT_FOUND: no such tunnel waits here.
   */
  Tunnel: grpc.handleBidiStreamingCall<_pushfleet_node_v1_TunnelRequest, _pushfleet_node_v1_TunnelResponseInit>;
  
}

export interface NodeControlServiceDefinition extends grpc.ServiceDefinition {
  Channel: MethodDefinition<_pushfleet_node_v1_ChannelRequestInit, _pushfleet_node_v1_ChannelResponseInit, _pushfleet_node_v1_ChannelRequest, _pushfleet_node_v1_ChannelResponse>
  Evict: MethodDefinition<_pushfleet_node_v1_EvictRequestInit, _pushfleet_node_v1_EvictResponseInit, _pushfleet_node_v1_EvictRequest, _pushfleet_node_v1_EvictResponse>
  Tunnel: MethodDefinition<_pushfleet_node_v1_TunnelRequestInit, _pushfleet_node_v1_TunnelResponseInit, _pushfleet_node_v1_TunnelRequest, _pushfleet_node_v1_TunnelResponse>
}

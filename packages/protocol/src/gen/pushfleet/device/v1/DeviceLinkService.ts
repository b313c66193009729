// Original file: proto/pushfleet/device/v1/device_link.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ConnectRequestInit as _pushfleet_device_v1_ConnectRequestInit, ConnectRequest as _pushfleet_device_v1_ConnectRequest } from '../../../pushfleet/device/v1/ConnectRequest.ts';
import type { ConnectResponseInit as _pushfleet_device_v1_ConnectResponseInit, ConnectResponse as _pushfleet_device_v1_ConnectResponse } from '../../../pushfleet/device/v1/ConnectResponse.ts';
import type { IdentifyRequestInit as _pushfleet_device_v1_IdentifyRequestInit, IdentifyRequest as _pushfleet_device_v1_IdentifyRequest } from '../../../pushfleet/device/v1/IdentifyRequest.ts';
import type { IdentifyResponseInit as _pushfleet_device_v1_IdentifyResponseInit, IdentifyResponse as _pushfleet_device_v1_IdentifyResponse } from '../../../pushfleet/device/v1/IdentifyResponse.ts';
import type { TunnelRequestInit as _pushfleet_device_v1_TunnelRequestInit, TunnelRequest as _pushfleet_device_v1_TunnelRequest } from '../../../pushfleet/device/v1/TunnelRequest.ts';
import type { TunnelResponseInit as _pushfleet_device_v1_TunnelResponseInit, TunnelResponse as _pushfleet_device_v1_TunnelResponse } from '../../../pushfleet/device/v1/TunnelResponse.ts';

/**
 * The Network Agent link: served by push servers on their one TLS port (default 13295, ALPN h2).
 */
export interface DeviceLinkServiceClient extends grpc.Client {
  /**
   * The device's live link. The device says Hello first and within 10 seconds; Welcome answers it.
   * When the push server ends the link, the call's status and the trailer `pushfleet-close-reason` say why;
   * where the device should go elsewhere, a Redirect comes before.
   */
  Connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_device_v1_ConnectRequestInit, _pushfleet_device_v1_ConnectResponse>;
  Connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_device_v1_ConnectRequestInit, _pushfleet_device_v1_ConnectResponse>;
  /**
   * The device's live link. The device says Hello first and within 10 seconds; Welcome answers it.
   * When the push server ends the link, the call's status and the trailer `pushfleet-close-reason` say why;
   * where the device should go elsewhere, a Redirect comes before.
   */
  connect(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_device_v1_ConnectRequestInit, _pushfleet_device_v1_ConnectResponse>;
  connect(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_device_v1_ConnectRequestInit, _pushfleet_device_v1_ConnectResponse>;
  
  /**
   * Which push server answers here. For anybody, before anything else is said: balancers ask it at the address for remote
   * hosts, to know that devices reach this push server there.
   */
  Identify(argument: _pushfleet_device_v1_IdentifyRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_IdentifyResponse>): grpc.ClientUnaryCall;
  Identify(argument: _pushfleet_device_v1_IdentifyRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_device_v1_IdentifyResponse>): grpc.ClientUnaryCall;
  Identify(argument: _pushfleet_device_v1_IdentifyRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_IdentifyResponse>): grpc.ClientUnaryCall;
  Identify(argument: _pushfleet_device_v1_IdentifyRequestInit, callback: grpc.requestCallback<_pushfleet_device_v1_IdentifyResponse>): grpc.ClientUnaryCall;
  /**
   * Which push server answers here. For anybody, before anything else is said: balancers ask it at the address for remote
   * hosts, to know that devices reach this push server there.
   */
  identify(argument: _pushfleet_device_v1_IdentifyRequestInit, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_IdentifyResponse>): grpc.ClientUnaryCall;
  identify(argument: _pushfleet_device_v1_IdentifyRequestInit, metadata: grpc.Metadata, callback: grpc.requestCallback<_pushfleet_device_v1_IdentifyResponse>): grpc.ClientUnaryCall;
  identify(argument: _pushfleet_device_v1_IdentifyRequestInit, options: grpc.CallOptions, callback: grpc.requestCallback<_pushfleet_device_v1_IdentifyResponse>): grpc.ClientUnaryCall;
  identify(argument: _pushfleet_device_v1_IdentifyRequestInit, callback: grpc.requestCallback<_pushfleet_device_v1_IdentifyResponse>): grpc.ClientUnaryCall;
  
  /**
   * The device's end of a tunnel, opened because the operation open_tunnel told it to, by any device, whatever its link.
   * TunnelHello first, within 10 seconds. The response headers come once the token is accepted; then frames both ways. The
   * call ends once both sides have said `end`, or one `close`.
   * UNAUTHENTICATED: the token is not, or no longer, good; it is good for one call. RESOURCE_EXHAUSTED: too many tunnels
   * wait here. ABORTED: the tunnel ended; the message says why.
   */
  Tunnel(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_device_v1_TunnelRequestInit, _pushfleet_device_v1_TunnelResponse>;
  Tunnel(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_device_v1_TunnelRequestInit, _pushfleet_device_v1_TunnelResponse>;
  /**
   * The device's end of a tunnel, opened because the operation open_tunnel told it to, by any device, whatever its link.
   * TunnelHello first, within 10 seconds. The response headers come once the token is accepted; then frames both ways. The
   * call ends once both sides have said `end`, or one `close`.
   * UNAUTHENTICATED: the token is not, or no longer, good; it is good for one call. RESOURCE_EXHAUSTED: too many tunnels
   * wait here. ABORTED: the tunnel ended; the message says why.
   */
  tunnel(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_device_v1_TunnelRequestInit, _pushfleet_device_v1_TunnelResponse>;
  tunnel(options?: grpc.CallOptions): grpc.ClientDuplexStream<_pushfleet_device_v1_TunnelRequestInit, _pushfleet_device_v1_TunnelResponse>;
  
}

/**
 * The Network Agent link: served by push servers on their one TLS port (default 13295, ALPN h2).
 */
export interface DeviceLinkServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The device's live link. The device says Hello first and within 10 seconds; Welcome answers it.
   * When the push server ends the link, the call's status and the trailer `pushfleet-close-reason` say why;
   * where the device should go elsewhere, a Redirect comes before.
   */
  Connect: grpc.handleBidiStreamingCall<_pushfleet_device_v1_ConnectRequest, _pushfleet_device_v1_ConnectResponseInit>;
  
  /**
   * Which push server answers here. For anybody, before anything else is said: balancers ask it at the address for remote
   * hosts, to know that devices reach this push server there.
   */
  Identify: grpc.handleUnaryCall<_pushfleet_device_v1_IdentifyRequest, _pushfleet_device_v1_IdentifyResponseInit>;
  
  /**
   * The device's end of a tunnel, opened because the operation open_tunnel told it to, by any device, whatever its link.
   * TunnelHello first, within 10 seconds. The response headers come once the token is accepted; then frames both ways. The
   * call ends once both sides have said `end`, or one `close`.
   * UNAUTHENTICATED: the token is not, or no longer, good; it is good for one call. RESOURCE_EXHAUSTED: too many tunnels
   * wait here. ABORTED: the tunnel ended; the message says why.
   */
  Tunnel: grpc.handleBidiStreamingCall<_pushfleet_device_v1_TunnelRequest, _pushfleet_device_v1_TunnelResponseInit>;
  
}

export interface DeviceLinkServiceDefinition extends grpc.ServiceDefinition {
  Connect: MethodDefinition<_pushfleet_device_v1_ConnectRequestInit, _pushfleet_device_v1_ConnectResponseInit, _pushfleet_device_v1_ConnectRequest, _pushfleet_device_v1_ConnectResponse>
  Identify: MethodDefinition<_pushfleet_device_v1_IdentifyRequestInit, _pushfleet_device_v1_IdentifyResponseInit, _pushfleet_device_v1_IdentifyRequest, _pushfleet_device_v1_IdentifyResponse>
  Tunnel: MethodDefinition<_pushfleet_device_v1_TunnelRequestInit, _pushfleet_device_v1_TunnelResponseInit, _pushfleet_device_v1_TunnelRequest, _pushfleet_device_v1_TunnelResponse>
}

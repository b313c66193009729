export { type Capabilities, operationsKey, readCapabilities, supports } from './capabilities.ts';
export {
  CloseReason,
  closeReasonKey,
  closeReasonName,
  connackCode,
  parseCloseReason,
  redirectNodeKey,
} from './close-reason.ts';
export { agreeOnVersion, controlVersions, type SpokenVersions } from './control-versions.ts';
export { loadTypes, type ProtoFiles } from './descriptors.ts';
export {
  ErrorCode,
  type ErrorDetails,
  fromErrorReason,
  invalidArgument,
  PushfleetError,
  type Retry,
  toErrorReason,
} from './error.ts';
export type * as admin from './gen/admin.ts';
export type * as balancer from './gen/balancer.ts';
export * as common from './gen/common.ts';
export type * as device from './gen/device.ts';
export type * as node from './gen/node.ts';
export {
  balancerIdentity,
  findBalancerFault,
  limitMessages,
  releaseLastMessage,
  resetCall,
  type ServerIdentity,
  serverIdentity,
  streamOf,
} from './grpc-js.ts';
export { formatHostPort, parseHostPort, parseReachableHost, parseTarget, type Target } from './host-address.ts';
export * from './ids.ts';
export { type DeviceLinkKind, type Labels, linkKinds, parseLabels, parseLinkKinds } from './labels.ts';
export { cutText, limits } from './limits.ts';
export {
  declaredName,
  type OperationKind,
  type OperationName,
  operationBytes,
  operationKind,
  operationNames,
  parseOperation,
  parseOperationName,
} from './operation.ts';
export { hasEnded, isConfirmed, readResult, type SaidResult, tooLargeReason, withdrawnReason } from './outcome.ts';
export {
  contentType,
  decodeCancel,
  decodeOperation,
  decodeResult,
  encodeCancel,
  encodeOperation,
  encodeResult,
  type PayloadEncoding,
  packOperation,
  payloadEncodingKey,
  unpackOperation,
} from './payload.ts';
export { limitResult, resultBytes } from './result-limits.ts';
export { mayAct, parseRole, type Role, roles, wireRoles } from './role.ts';
export {
  closeReasonOf,
  closeStatus,
  fromRpcStatus,
  fromStatus,
  plainReason,
  type RpcStatus,
  statusDetailsKey,
  toRpcStatus,
  toStatus,
} from './status.ts';
export { formatPeriod, type PeriodLimits, parsePeriod } from './time-fields.ts';
export {
  type CommandFilterIndex,
  cancelName,
  commandFilter,
  commandFilterIndex,
  commandTopic,
  isBelowResults,
  parseCommandTopic,
  parseResultTopic,
  resultTopic,
} from './topics.ts';
export {
  callerEnd,
  type FrameMessage,
  type FrameMessageInit,
  serverEnd,
  type TunnelCall,
  type TunnelTimers,
  tunnelClosed,
  tunnelToken,
} from './tunnel/call.ts';
export { splice, TunnelStream } from './tunnel/tunnel-stream.ts';

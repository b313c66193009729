export { parseAdminToken } from './admin-token.ts';
export { AttendedClock, type AttendedClockOptions, type AttendedTime, logStalls } from './attended-clock.ts';
export { Barrier, type BarrierOptions } from './barrier.ts';
export {
  type Clock,
  type Moment,
  machineMs,
  machineUs,
  momentOf,
  type Poll,
  pollUntil,
  sleepBy,
  systemClock,
  timeoutSignal,
} from './clock.ts';
export { clusterAccess, judgeCall, type Refusal, type RefusalReason } from './cluster/cluster-access.ts';
export {
  callerOf,
  describeMember,
  type Member,
  type MemberRole,
  memberOf,
  memberUri,
  parseMemberUri,
  serverUri,
  setCaller,
} from './cluster/member.ts';
export { MemberGate, type MemberGateOptions, type WantedMember } from './cluster/member-gate.ts';
export { type Revocation, RevocationList, type RevocationStore } from './cluster/revocation-list.ts';
export { ConfirmedWrites, type ConfirmedWritesOptions } from './confirmed-writes.ts';
export { DeadlineQueue, DeadlineWheel, type Timed, unscheduled } from './deadlines.ts';
export { readFileLimit } from './file-limit.ts';
export { createLimiter, InFlight } from './in-flight.ts';
export { Lease, type LeaseOptions, type LeaseStore } from './lease.ts';
export { aborted, openUnlessStopped, runService, type Service } from './lifecycle.ts';
export { fixed, type Live, LiveValue } from './live.ts';
export { createLogger, createStandardOutput, type Logger, type LogLevel, logLevels, silentLogger } from './logger.ts';
export { LoopMonitor, type LoopMonitorOptions, type LoopTimes } from './loop-monitor.ts';
export { metricsContentType, type ProcessReading, renderMetrics } from './metrics/exposition.ts';
export { type MeterReading, meter, offsetOf } from './metrics/meter.ts';
export {
  meterFaults,
  meterProcess,
  meterStalls,
} from './metrics/meter-process.ts';
export { metrics } from './metrics/metric-table.ts';
export { MetricsServer, renderSeldom } from './metrics/metrics-server.ts';
export { addressOfPeer } from './net/client-address.ts';
export { ClusterListener, type ClusterListenerOptions } from './net/cluster-listener.ts';
export {
  type ClientOf,
  type ClusterNetwork,
  type ClusterPort,
  createClusterNetwork,
  type MemberAddress,
} from './net/cluster-network.ts';
export { GrpcHost, type GrpcHostOptions } from './net/grpc-host.ts';
export type { LoopLoad } from './net/handshake-pace.ts';
export {
  type ConnectionLimits,
  connectionLimitsFor,
  type FileShare,
  Listener,
  type ListenerOptions,
  type ListenerStats,
  type ListeningSocket,
  type Protocol,
  type TicketKeySource,
  unauthenticatedLimitsOf,
} from './net/listener.ts';
export { meterListeners } from './net/meter-listeners.ts';
export { ServerStream, type ServerStreamOptions } from './net/server-stream.ts';
export type { TlsTicketKey } from './net/tls-acceptor.ts';
export { networkOf } from './net/unauthenticated-connections.ts';
export { type ProcessSettings, processSettings } from './process-settings.ts';
export { readProgramVersion } from './program-version.ts';
export { random } from './random.ts';
export {
  assertAnnounced,
  type Environment,
  readSettings,
  type Setting,
  type Settings,
  type SettingValues,
  settingKinds,
} from './settings.ts';
export {
  type DeviceSignIn,
  DeviceSignIns,
  deviceSignInPolicies,
  type LockedBy,
} from './sign-in/device-sign-ins.ts';
export { SignInLock, type SignInLockPolicy } from './sign-in/sign-in-lock.ts';
export { decodeText, readBoundedFile, TextReader } from './text/text-reader.ts';
export { utcMinute } from './text/utc-minute.ts';
export { visibleJson, visibleText } from './text/visible-text.ts';
export { loadAuthorities } from './tls/authorities.ts';
export { bundleDirectory, bundleSettings } from './tls/bundle.ts';
export {
  type CertificateExpectation,
  type CertificateFault,
  type CertificateFaultKind,
  findCertificateFault,
} from './tls/certificate-fault.ts';
export { CredentialFiles, type CredentialReport } from './tls/credential-files.ts';
export { endOfChain } from './tls/credential-judgement.ts';
export {
  type ClusterCredentials,
  type CredentialPaths,
  clusterChannelOptions,
  clusterServerName,
  credentialPaths,
  type KeyPair,
  loadClusterCredentials,
  loadServerCredentials,
  loadTicketSecret,
  memberSerialOf,
  pemOf,
  readCredentialFile,
} from './tls/credentials.ts';
export { certifyKey, type KeyCertification, KeyJudge, thumbprintOf } from './tls/key-certification.ts';
export { datesOf, type PemFile, parseAuthorities, parseCertificates, parsePrivateKey } from './tls/pem.ts';
export {
  type CredentialSurroundings,
  type ProcessCredentials,
  readProcessCredentials,
} from './tls/process-credentials.ts';
export { TicketKeyRing, type TicketKeyRingOptions, type TicketKeyStore } from './tls/ticket-key-ring.ts';
export { type Rate, TokenBucket } from './token-bucket.ts';
export { startTracing, type TracedProcess } from './tracing/start-tracing.ts';
export { partsOf as traceParts, readTraceContext, type TraceContext } from './tracing/trace-context.ts';
export { tracedCommandId, tracedGroupPushId, traceOfCommand, traceOfGroupPush } from './tracing/traced-id.ts';
export { type Attributes, type Span, type SpanOptions, type Tracer, tracing } from './tracing/tracer.ts';
export { isTracingOn } from './tracing/tracing-settings.ts';
export { type ConcurrentBatchesOptions, concurrentBatches, TurnBatch, type TurnBatchOptions } from './turn-batch.ts';
export { Unanswered, type UnansweredOptions } from './unanswered.ts';

// Made from proto/ by `npm run generate`: the messages of the REST API.

export type AbortRebalanceRequest = Record<string, never>;

export interface AbortRebalanceResponse {
  rebalance?: Rebalance;
}

export interface ActiveAlarm {
  kind: Alarm;
  subject: string;
  detail: string;
  startTime?: string;
}

export type AddressCheck =
  | 'ADDRESS_CHECK_UNSPECIFIED'
  | 'ADDRESS_CHECK_ON'
  | 'ADDRESS_CHECK_WARN'
  | 'ADDRESS_CHECK_OFF';

export type Alarm =
  | 'ALARM_UNSPECIFIED'
  | 'ALARM_REGISTRY_LOST'
  | 'ALARM_PUSH_SERVER_LOST'
  | 'ALARM_CERTIFICATE_ENDING'
  | 'ALARM_CLONE_SUSPECTED'
  | 'ALARM_OVERLOADED'
  | 'ALARM_PORT_IN_USE'
  | 'ALARM_PUSH_SERVER_PROBLEM'
  | 'ALARM_BALANCER_UNREACHABLE'
  | 'ALARM_REGISTRY_UNFIT';

export interface ApiToken {
  name: string;
  role: Role;
  scope: string;
  createdBy: string;
  createdAt?: string;
  expiresAt?: string;
}

export interface AuditEvent {
  resumeToken: string;
  at?: string;
  caller: string;
  address: string;
  method: string;
  target: string;
  operation: string;
  outcome: string;
  count: number;
}

export interface CancelCommandRequest {
  deviceId: string;
  commandId: string;
  reason: string;
}

export interface CancelCommandResponse {
  command?: CommandRecord;
}

export interface CancelGroupPushRequest {
  groupPushId: string;
}

export interface CancelGroupPushResponse {
  groupPush?: GroupPush;
}

export type CancelRollingRestartRequest = Record<string, never>;

export interface CancelRollingRestartResponse {
  rollingRestart?: RollingRestart;
}

export type CloseReason =
  | 'CLOSE_REASON_UNSPECIFIED'
  | 'CLOSE_REASON_GOODBYE'
  | 'CLOSE_REASON_LINK_LOST'
  | 'CLOSE_REASON_DEVICE_ERROR'
  | 'CLOSE_REASON_SESSION_TAKEN_OVER'
  | 'CLOSE_REASON_SESSION_ENDED'
  | 'CLOSE_REASON_USE_ANOTHER_SERVER'
  | 'CLOSE_REASON_SERVER_SHUTTING_DOWN'
  | 'CLOSE_REASON_NO_CAPACITY'
  | 'CLOSE_REASON_REGISTRY_UNAVAILABLE'
  | 'CLOSE_REASON_TICKET_INVALID'
  | 'CLOSE_REASON_TICKET_EXPIRED'
  | 'CLOSE_REASON_TICKET_VOID'
  | 'CLOSE_REASON_TICKET_FOR_ANOTHER_NODE'
  | 'CLOSE_REASON_TICKET_FOR_ANOTHER_DEVICE'
  | 'CLOSE_REASON_GREETING_TIMEOUT'
  | 'CLOSE_REASON_KEEP_ALIVE_TIMEOUT'
  | 'CLOSE_REASON_MALFORMED'
  | 'CLOSE_REASON_PROTOCOL_ERROR'
  | 'CLOSE_REASON_INTERNAL_ERROR'
  | 'CLOSE_REASON_UNSUPPORTED_PROTOCOL_VERSION'
  | 'CLOSE_REASON_FRAME_TOO_LARGE'
  | 'CLOSE_REASON_TOPIC_NOT_ALLOWED'
  | 'CLOSE_REASON_QOS_NOT_SUPPORTED'
  | 'CLOSE_REASON_TOO_SLOW'
  | 'CLOSE_REASON_TOO_MANY_LINKS'
  | 'CLOSE_REASON_RETAIN_NOT_SUPPORTED'
  | 'CLOSE_REASON_TOPIC_INVALID'
  | 'CLOSE_REASON_TOPIC_ALIAS_INVALID'
  | 'CLOSE_REASON_SUBSCRIPTION_IDS_NOT_SUPPORTED'
  | 'CLOSE_REASON_PAYLOAD_INVALID'
  | 'CLOSE_REASON_RECEIVE_MAXIMUM_EXCEEDED'
  | 'CLOSE_REASON_MESSAGE_RATE_TOO_HIGH'
  | 'CLOSE_REASON_WILL_NOT_SUPPORTED'
  | 'CLOSE_REASON_AUTH_METHOD_NOT_SUPPORTED'
  | 'CLOSE_REASON_CLIENT_ID_INVALID'
  | 'CLOSE_REASON_TOO_MANY_ATTEMPTS';

export interface CommandRecord {
  commandId: string;
  deviceId: string;
  operation?: Operation;
  status?: CommandStatus;
  nodeId: string;
  durable: boolean;
  priority: Priority;
  collapseKey: string;
  idempotencyKey: string;
  acceptedAt?: string;
  routedAt?: string;
  deliveredAt?: string;
  runningAt?: string;
  deliverBy?: string;
  finishBy?: string;
}

export interface CommandStatus {
  outcome: Outcome;
  reason: string;
  at?: string;
  output: string;
  progress?: Progress;
  statistics?: Statistics;
  alreadyEnded: boolean;
  cancelRequested: boolean;
}

export interface CreateEnrollmentTokenRequest {
  group: string;
  count: number;
  lifetime?: string;
}

export interface CreateEnrollmentTokenResponse {
  enrollmentToken?: EnrollmentToken;
  secret: string;
}

export type CreateSignInCodeRequest = Record<string, never>;

export interface CreateSignInCodeResponse {
  code: string;
  expiresAt?: string;
  restPort: number;
}

export interface CreateTokenRequest {
  name: string;
  role: Role;
  scope: string;
  lifetime?: string;
}

export interface CreateTokenResponse {
  apiToken?: ApiToken;
  secret: string;
}

export interface Custom {
  name: string;
  payload: string;
}

export interface DeleteDeviceRequest {
  deviceId: string;
}

export type DeleteDeviceResponse = Record<string, never>;

export interface DeleteDistributionPointRequest {
  distributionPointId: string;
}

export type DeleteDistributionPointResponse = Record<string, never>;

export interface DeleteGroupRequest {
  path: string;
}

export type DeleteGroupResponse = Record<string, never>;

export interface Device {
  deviceId: string;
  group: string;
  session?: Session;
  labels: Record<string, string>;
  linkKinds: LinkKind[];
  etag: string;
}

export interface DeviceMove {
  time?: string;
  kind: DeviceMoveKind;
  nodeId: string;
  linkKind: LinkKind;
  reason: string;
}

export type DeviceMoveKind =
  | 'DEVICE_MOVE_KIND_UNSPECIFIED'
  | 'DEVICE_MOVE_KIND_CONNECTED'
  | 'DEVICE_MOVE_KIND_MOVED'
  | 'DEVICE_MOVE_KIND_DISCONNECTED';

export interface DeviceOutcome {
  deviceId: string;
  commandId: string;
  outcome: Outcome;
  reason: string;
  at?: string;
}

export interface DisconnectDeviceRequest {
  deviceId: string;
}

export interface DisconnectDeviceResponse {
  wasConnected: boolean;
}

export interface DistributionPoint {
  distributionPointId: string;
  groups: string[];
  pushServer?: PushServerSettings;
  etag: string;
}

export interface DrainNodeRequest {
  nodeId: string;
  devicesPerSecond: number;
  deadline?: string;
}

export interface DrainNodeResponse {
  maintenance?: Maintenance;
}

export interface EnrollmentToken {
  enrollmentTokenId: string;
  group: string;
  count: number;
  left: number;
  createdBy: string;
  createdAt?: string;
  expiresAt?: string;
  revokedAt?: string;
}

export type ErrorReason =
  | 'ERROR_REASON_UNSPECIFIED'
  | 'ERROR_REASON_INVALID_ARGUMENT'
  | 'ERROR_REASON_BAD_TOKEN'
  | 'ERROR_REASON_BAD_CREDENTIAL'
  | 'ERROR_REASON_DEVICE_NOT_FOUND'
  | 'ERROR_REASON_GROUP_NOT_FOUND'
  | 'ERROR_REASON_DISTRIBUTION_POINT_NOT_FOUND'
  | 'ERROR_REASON_IN_USE'
  | 'ERROR_REASON_ALREADY_EXISTS'
  | 'ERROR_REASON_NODE_NOT_FOUND'
  | 'ERROR_REASON_COMMAND_NOT_FOUND'
  | 'ERROR_REASON_GROUP_PUSH_NOT_FOUND'
  | 'ERROR_REASON_NOT_CONNECTED'
  | 'ERROR_REASON_TUNNEL_REFUSED'
  | 'ERROR_REASON_TARGET_UNREACHABLE'
  | 'ERROR_REASON_TUNNEL_CLOSED'
  | 'ERROR_REASON_EVENTS_GONE'
  | 'ERROR_REASON_OUT_OF_SCOPE'
  | 'ERROR_REASON_NO_PUSH_SERVER'
  | 'ERROR_REASON_NO_CAPACITY'
  | 'ERROR_REASON_PAYLOAD_TOO_LARGE'
  | 'ERROR_REASON_QUEUE_FULL'
  | 'ERROR_REASON_OVERLOADED'
  | 'ERROR_REASON_REGISTRY_UNAVAILABLE'
  | 'ERROR_REASON_SHUTTING_DOWN'
  | 'ERROR_REASON_DEADLINE_EXCEEDED'
  | 'ERROR_REASON_INTERNAL'
  | 'ERROR_REASON_ETAG_MISMATCH'
  | 'ERROR_REASON_BALANCER_UNAVAILABLE'
  | 'ERROR_REASON_PERMISSION_DENIED'
  | 'ERROR_REASON_API_TOKEN_NOT_FOUND'
  | 'ERROR_REASON_SESSION_EXPIRED'
  | 'ERROR_REASON_TOO_MANY_ATTEMPTS'
  | 'ERROR_REASON_WOULD_DISCONNECT'
  | 'ERROR_REASON_ISSUER_UNAVAILABLE'
  | 'ERROR_REASON_ENROLLMENT_TOKEN_NOT_FOUND'
  | 'ERROR_REASON_ENROLLMENT_TOKEN_ENDED';

export interface Event {
  resumeToken: string;
  kind: EventKind;
  at?: string;
  deviceId: string;
  epoch: number;
  nodeId: string;
  workerId: string;
  reason: string;
  tunnel?: TunnelRecord;
  closeReason: CloseReason;
}

export type EventKind =
  | 'EVENT_KIND_UNSPECIFIED'
  | 'EVENT_KIND_DEVICE_CONNECTED'
  | 'EVENT_KIND_DEVICE_DISCONNECTED'
  | 'EVENT_KIND_DEVICE_MOVED'
  | 'EVENT_KIND_DEVICE_CLONE_SUSPECTED'
  | 'EVENT_KIND_DEVICE_ENROLLED'
  | 'EVENT_KIND_NODE_READY'
  | 'EVENT_KIND_NODE_SUSPECT'
  | 'EVENT_KIND_NODE_DEAD'
  | 'EVENT_KIND_NODE_DRAINING'
  | 'EVENT_KIND_NODE_PROBLEM'
  | 'EVENT_KIND_NODE_PROBLEM_SOLVED'
  | 'EVENT_KIND_NODE_OVERLOADED'
  | 'EVENT_KIND_NODE_OVERLOAD_ENDED'
  | 'EVENT_KIND_REGISTRY_LOST'
  | 'EVENT_KIND_TUNNEL_OPENED'
  | 'EVENT_KIND_TUNNEL_CLOSED'
  | 'EVENT_KIND_TUNNEL_REFUSED'
  | 'EVENT_KIND_CREDENTIALS_REPLACED'
  | 'EVENT_KIND_CREDENTIALS_REFUSED'
  | 'EVENT_KIND_CERTIFICATE_ENDING'
  | 'EVENT_KIND_SIGN_INS_LOCKED'
  | 'EVENT_KIND_MEMBER_REFUSED'
  | 'EVENT_KIND_MEMBER_REVOKED';

export interface ForceSync {
  reason: string;
}

export interface GetCommandRequest {
  deviceId: string;
  commandId: string;
}

export interface GetCommandResponse {
  command?: CommandRecord;
}

export interface GetDeviceHistoryRequest {
  deviceId: string;
}

export interface GetDeviceHistoryResponse {
  moves: DeviceMove[];
}

export interface GetDeviceRequest {
  deviceId: string;
}

export interface GetDeviceResponse {
  device?: Device;
}

export interface GetDistributionPointRequest {
  distributionPointId: string;
}

export interface GetDistributionPointResponse {
  distributionPoint?: DistributionPoint;
  node?: Node;
}

export interface GetGroupPushRequest {
  groupPushId: string;
}

export interface GetGroupPushResponse {
  groupPush?: GroupPush;
}

export interface GetMaintenanceRequest {
  nodeId: string;
}

export interface GetMaintenanceResponse {
  maintenance?: Maintenance;
}

export type GetOverviewHistoryRequest = Record<string, never>;

export interface GetOverviewHistoryResponse {
  interval?: string;
  samples: OverviewSample[];
}

export type GetOverviewRequest = Record<string, never>;

export interface GetOverviewResponse {
  overview?: Overview;
}

export type GetOwnTokenRequest = Record<string, never>;

export interface GetOwnTokenResponse {
  apiToken?: ApiToken;
}

export type GetRebalanceRequest = Record<string, never>;

export interface GetRebalanceResponse {
  rebalance?: Rebalance;
}

export type GetRollingRestartRequest = Record<string, never>;

export interface GetRollingRestartResponse {
  rollingRestart?: RollingRestart;
}

export interface GetStatistics {
  applicationId: string;
  counters: string[];
  interval?: string;
}

export interface Group {
  path: string;
  devices: number;
}

export interface GroupPush {
  groupPushId: string;
  request?: PushToGroupRequest;
  state: GroupPushState;
  reason: string;
  devices: number;
  allFound: boolean;
  counts: OutcomeCount[];
  startedAt?: string;
  endedAt?: string;
}

export interface GroupPushDelivery {
  deliverWithin?: string;
  finishWithin?: string;
  ttl?: string;
  collapseKey: string;
  priority: Priority;
}

export interface GroupPushPace {
  commandsPerSecond: number;
  jitterWindow?: string;
  abortFailedPercent: number;
  abortAfter: number;
}

export type GroupPushState =
  | 'GROUP_PUSH_STATE_UNSPECIFIED'
  | 'GROUP_PUSH_STATE_RUNNING'
  | 'GROUP_PUSH_STATE_PAUSED'
  | 'GROUP_PUSH_STATE_DONE'
  | 'GROUP_PUSH_STATE_CANCELLED'
  | 'GROUP_PUSH_STATE_ABORTED';

export interface ImportDevicesRequest {
  device?: Device;
  secret: string;
}

export interface ImportDevicesResponse {
  imported: number;
  errors: RowError[];
  errorCount: number;
}

export type LinkKind =
  | 'LINK_KIND_UNSPECIFIED'
  | 'LINK_KIND_GRPC'
  | 'LINK_KIND_MQTT';

export interface ListCommandsRequest {
  deviceId: string;
  pageSize: number;
  pageToken: string;
  includeEnded: boolean;
}

export interface ListCommandsResponse {
  commands: CommandRecord[];
  nextPageToken: string;
}

export interface ListDevicesRequest {
  group: string;
  excludeSubgroups: boolean;
  pageSize: number;
  pageToken: string;
  labels: Record<string, string>;
  search: string;
  connected?: boolean;
  nodeId: string;
  linkKind: LinkKind;
}

export interface ListDevicesResponse {
  devices: Device[];
  nextPageToken: string;
}

export interface ListDistributionPointsRequest {
  pageSize: number;
  pageToken: string;
}

export interface ListDistributionPointsResponse {
  distributionPoints: DistributionPoint[];
  nextPageToken: string;
}

export interface ListEnrollmentTokensRequest {
  group: string;
  pageSize: number;
  pageToken: string;
}

export interface ListEnrollmentTokensResponse {
  enrollmentTokens: EnrollmentToken[];
  nextPageToken: string;
}

export interface ListGroupPushOutcomesRequest {
  groupPushId: string;
  outcomes: Outcome[];
  pageSize: number;
  pageToken: string;
}

export interface ListGroupPushOutcomesResponse {
  outcomes: DeviceOutcome[];
  nextPageToken: string;
}

export interface ListGroupPushesRequest {
  pageSize: number;
  pageToken: string;
}

export interface ListGroupPushesResponse {
  groupPushes: GroupPush[];
  nextPageToken: string;
}

export interface ListGroupsRequest {
  pageSize: number;
  pageToken: string;
}

export interface ListGroupsResponse {
  groups: Group[];
  nextPageToken: string;
}

export interface ListNodesRequest {
  pageSize: number;
  pageToken: string;
}

export interface ListNodesResponse {
  nodes: Node[];
  nextPageToken: string;
}

export interface ListTokensRequest {
  pageSize: number;
  pageToken: string;
}

export interface ListTokensResponse {
  apiTokens: ApiToken[];
  nextPageToken: string;
}

export interface Maintenance {
  nodeId: string;
  maintenanceId: string;
  kind: MaintenanceKind;
  phase: MaintenancePhase;
  moved: number;
  remaining: number;
  startedAt?: string;
  endedAt?: string;
}

export type MaintenanceKind =
  | 'MAINTENANCE_KIND_UNSPECIFIED'
  | 'MAINTENANCE_KIND_DRAIN'
  | 'MAINTENANCE_KIND_RESTART';

export type MaintenancePhase =
  | 'MAINTENANCE_PHASE_UNSPECIFIED'
  | 'MAINTENANCE_PHASE_REQUESTED'
  | 'MAINTENANCE_PHASE_MOVING'
  | 'MAINTENANCE_PHASE_WAITING'
  | 'MAINTENANCE_PHASE_RESTARTING'
  | 'MAINTENANCE_PHASE_DONE'
  | 'MAINTENANCE_PHASE_NONE';

export interface MoveDevicesRequest {
  deviceIds: string[];
  group: string;
}

export type MoveDevicesResponse = Record<string, never>;

export interface MoveGroupRequest {
  path: string;
  newPath: string;
}

export interface MoveGroupResponse {
  movedDevices: number;
}

export interface Node {
  nodeId: string;
  status: NodeStatus;
  address: string;
  port: number;
  live: number;
  reserved: number;
  capacity: number;
  workers: Worker[];
  bootId: string;
  silentFor?: string;
  problem: NodeProblem;
  problemDetail: string;
  weight: number;
  acceptsPerSecond: number;
}

export type NodeCondition =
  | 'NODE_CONDITION_UNSPECIFIED'
  | 'NODE_CONDITION_DRAINING'
  | 'NODE_CONDITION_OVERLOADED'
  | 'NODE_CONDITION_SUSPECT'
  | 'NODE_CONDITION_LOST'
  | 'NODE_CONDITION_UNREACHABLE'
  | 'NODE_CONDITION_FULL'
  | 'NODE_CONDITION_PROBLEM';

export interface NodeLoad {
  nodeId: string;
  distributionPointId: string;
  status: NodeStatus;
  live: number;
  capacity: number;
  conditions: NodeCondition[];
  reserved: number;
  weight: number;
}

export type NodeProblem =
  | 'NODE_PROBLEM_UNSPECIFIED'
  | 'NODE_PROBLEM_PORT_IN_USE'
  | 'NODE_PROBLEM_FAILED'
  | 'NODE_PROBLEM_CONTROL_UNREACHABLE'
  | 'NODE_PROBLEM_ADDRESS_UNREACHABLE'
  | 'NODE_PROBLEM_WRONG_SERVER'
  | 'NODE_PROBLEM_CERTIFICATE_EXPIRED'
  | 'NODE_PROBLEM_CERTIFICATE_NOT_YET_VALID'
  | 'NODE_PROBLEM_CERTIFICATE_NAME_MISMATCH'
  | 'NODE_PROBLEM_CERTIFICATE_INCOMPLETE'
  | 'NODE_PROBLEM_CERTIFICATE_UNTRUSTED'
  | 'NODE_PROBLEM_CLOCK_SKEW'
  | 'NODE_PROBLEM_WORKER_SILENT'
  | 'NODE_PROBLEM_TOO_FEW_FILES';

export type NodeStatus =
  | 'NODE_STATUS_UNSPECIFIED'
  | 'NODE_STATUS_STARTING'
  | 'NODE_STATUS_READY'
  | 'NODE_STATUS_DRAINING'
  | 'NODE_STATUS_SUSPECT'
  | 'NODE_STATUS_DEAD'
  | 'NODE_STATUS_DISABLED'
  | 'NODE_STATUS_FAILED'
  | 'NODE_STATUS_UNREACHABLE'
  | 'NODE_STATUS_OVERLOADED';

export interface OpenRequest {
  target?: TunnelTarget;
  frame?: TunnelFrame;
}

export interface OpenResponse {
  opened?: TunnelOpened;
  frame?: TunnelFrame;
}

export interface OpenTunnel {
  tunnelId: string;
  target: string;
  token: string;
}

export interface Operation {
  forceSync?: ForceSync;
  runTask?: RunTask;
  stopTask?: StopTask;
  getStatistics?: GetStatistics;
  openTunnel?: OpenTunnel;
  custom?: Custom;
}

export type Outcome =
  | 'OUTCOME_UNSPECIFIED'
  | 'OUTCOME_QUEUED'
  | 'OUTCOME_ROUTED'
  | 'OUTCOME_DELIVERED'
  | 'OUTCOME_RUNNING'
  | 'OUTCOME_SUCCEEDED'
  | 'OUTCOME_FAILED'
  | 'OUTCOME_REJECTED'
  | 'OUTCOME_EXPIRED'
  | 'OUTCOME_CANCELLED'
  | 'OUTCOME_SUPERSEDED'
  | 'OUTCOME_NOT_CONNECTED'
  | 'OUTCOME_UNKNOWN';

export interface OutcomeCount {
  outcome: Outcome;
  devices: number;
}

export interface Overview {
  sampleTime?: string;
  links: number;
  capacity: number;
  spread: number;
  nodes: NodeLoad[];
  commandsPerSecond: Record<string, number>;
  alarms: ActiveAlarm[];
}

export interface OverviewSample {
  sampleTime?: string;
  links: number;
  spread: number;
  commandsPerSecond: Record<string, number>;
}

export interface PauseGroupPushRequest {
  groupPushId: string;
}

export interface PauseGroupPushResponse {
  groupPush?: GroupPush;
}

export type PauseRollingRestartRequest = Record<string, never>;

export interface PauseRollingRestartResponse {
  rollingRestart?: RollingRestart;
}

export type PlanRebalanceRequest = Record<string, never>;

export interface PlanRebalanceResponse {
  moves: RebalanceMove[];
  largestToMean: number;
}

export type PlanRollingRestartRequest = Record<string, never>;

export interface PlanRollingRestartResponse {
  steps: RollingRestartStep[];
  obstacle: string;
}

export type Priority =
  | 'PRIORITY_UNSPECIFIED'
  | 'PRIORITY_LOW'
  | 'PRIORITY_NORMAL'
  | 'PRIORITY_HIGH';

export interface Progress {
  percent: number;
  message: string;
}

export interface PushRequest {
  deviceId: string;
  operation?: Operation;
  wait: Wait;
  deliverWithin?: string;
  finishWithin?: string;
  ttl?: string;
  priority: Priority;
  collapseKey: string;
  idempotencyKey: string;
  commandId: string;
}

export interface PushResponse {
  commandId: string;
  deviceId: string;
  status?: CommandStatus;
  nodeId: string;
}

export interface PushServerSettings {
  enabled: boolean;
  port: number;
  address: string;
  maxConnections: number;
  weight: number;
  addressCheck: AddressCheck;
}

export interface PushStreamRequest {
  pushes: StreamedPush[];
}

export interface PushStreamResponse {
  answers: StreamedAnswer[];
}

export interface PushToGroupRequest {
  group: string;
  excludeSubgroups: boolean;
  labels: Record<string, string>;
  operation?: Operation;
  delivery?: GroupPushDelivery;
  pace?: GroupPushPace;
  idempotencyKey: string;
}

export interface PushToGroupResponse {
  groupPush?: GroupPush;
}

export interface PutDeviceRequest {
  device?: Device;
  secret: string;
  updateMask?: string;
}

export interface PutDeviceResponse {
  device?: Device;
}

export interface PutDistributionPointRequest {
  distributionPoint?: DistributionPoint;
  updateMask?: string;
}

export interface PutDistributionPointResponse {
  distributionPoint?: DistributionPoint;
}

export interface PutGroupRequest {
  group?: Group;
}

export interface PutGroupResponse {
  group?: Group;
}

export interface Rebalance {
  rebalanceId: string;
  state: RebalanceState;
  moves: RebalanceMove[];
  cause: RebalanceCause;
  startedAt?: string;
  endedAt?: string;
}

export type RebalanceCause =
  | 'REBALANCE_CAUSE_UNSPECIFIED'
  | 'REBALANCE_CAUSE_ASKED'
  | 'REBALANCE_CAUSE_SPREAD'
  | 'REBALANCE_CAUSE_NODE_JOINED';

export interface RebalanceMove {
  fromNodeId: string;
  toNodeId: string;
  devices: number;
  redirected: number;
}

export type RebalanceState =
  | 'REBALANCE_STATE_UNSPECIFIED'
  | 'REBALANCE_STATE_RUNNING'
  | 'REBALANCE_STATE_DONE'
  | 'REBALANCE_STATE_ABORTED';

export interface RestartNodeRequest {
  nodeId: string;
  devicesPerSecond: number;
  deadline?: string;
}

export interface RestartNodeResponse {
  maintenance?: Maintenance;
}

export interface ResumeGroupPushRequest {
  groupPushId: string;
}

export interface ResumeGroupPushResponse {
  groupPush?: GroupPush;
}

export type ResumeRollingRestartRequest = Record<string, never>;

export interface ResumeRollingRestartResponse {
  rollingRestart?: RollingRestart;
}

export interface RevokeEnrollmentTokenRequest {
  enrollmentTokenId: string;
}

export type RevokeEnrollmentTokenResponse = Record<string, never>;

export interface RevokeTokenRequest {
  name: string;
}

export type RevokeTokenResponse = Record<string, never>;

export type Role =
  | 'ROLE_UNSPECIFIED'
  | 'ROLE_VIEWER'
  | 'ROLE_OPERATOR'
  | 'ROLE_ADMIN';

export interface RollingRestart {
  rollingRestartId: string;
  state: RollingRestartState;
  reason: string;
  steps: RollingRestartStep[];
  startedAt?: string;
  endedAt?: string;
}

export type RollingRestartState =
  | 'ROLLING_RESTART_STATE_UNSPECIFIED'
  | 'ROLLING_RESTART_STATE_RUNNING'
  | 'ROLLING_RESTART_STATE_PAUSED'
  | 'ROLLING_RESTART_STATE_REBALANCING'
  | 'ROLLING_RESTART_STATE_CANCELLING'
  | 'ROLLING_RESTART_STATE_DONE'
  | 'ROLLING_RESTART_STATE_FAILED'
  | 'ROLLING_RESTART_STATE_CANCELLED';

export interface RollingRestartStep {
  nodeId: string;
  state: RollingRestartStepState;
  reason: string;
  devices: number;
  room: number;
  moved: number;
  remaining: number;
  startedAt?: string;
  endedAt?: string;
}

export type RollingRestartStepState =
  | 'ROLLING_RESTART_STEP_STATE_UNSPECIFIED'
  | 'ROLLING_RESTART_STEP_STATE_WAITING'
  | 'ROLLING_RESTART_STEP_STATE_DRAINING'
  | 'ROLLING_RESTART_STEP_STATE_RESTARTING'
  | 'ROLLING_RESTART_STEP_STATE_READY'
  | 'ROLLING_RESTART_STEP_STATE_FAILED'
  | 'ROLLING_RESTART_STEP_STATE_LEFT_OUT';

export interface RowError {
  row: number;
  reason: ErrorReason;
  field: string;
  message: string;
}

export interface RunTask {
  taskId: string;
  parameters: Record<string, string>;
}

export interface Session {
  nodeId: string;
  workerId: string;
  link: LinkKind;
  epoch: number;
  openedAt?: string;
}

export type StartRebalanceRequest = Record<string, never>;

export interface StartRebalanceResponse {
  rebalance?: Rebalance;
}

export interface StartRollingRestartRequest {
  devicesPerSecond: number;
  deadline?: string;
  ignoreCapacity: boolean;
}

export interface StartRollingRestartResponse {
  rollingRestart?: RollingRestart;
}

export interface Statistics {
  counters: Record<string, number>;
  at?: string;
}

export interface StopTask {
  taskId: string;
}

export interface StreamedAnswer {
  correlationId: number;
  response?: PushResponse;
  error?: { code: number; message: string };
}

export interface StreamedPush {
  correlationId: number;
  push?: PushRequest;
}

export interface TunnelClose {
  reason: string;
}

export type TunnelEnd = Record<string, never>;

export interface TunnelFrame {
  data?: string;
  end?: TunnelEnd;
  close?: TunnelClose;
}

export interface TunnelOpened {
  tunnelId: string;
  nodeId: string;
}

export interface TunnelRecord {
  tunnelId: string;
  target: string;
  bytesToDevice: number;
  bytesFromDevice: number;
}

export interface TunnelTarget {
  deviceId: string;
  target: string;
  idleLimit?: string;
  timeLimit?: string;
}

export interface UndrainNodeRequest {
  nodeId: string;
}

export type UndrainNodeResponse = Record<string, never>;

export type Wait =
  | 'WAIT_UNSPECIFIED'
  | 'WAIT_ACCEPTED'
  | 'WAIT_DELIVERED'
  | 'WAIT_FINISHED';

export interface WatchAuditRequest {
  resumeToken: string;
  caller: string;
}

export interface WatchAuditResponse {
  events: AuditEvent[];
}

export interface WatchCommandRequest {
  deviceId: string;
  commandId: string;
}

export interface WatchCommandResponse {
  command?: CommandRecord;
}

export interface WatchGroupPushRequest {
  groupPushId: string;
}

export interface WatchGroupPushResponse {
  groupPush?: GroupPush;
}

export type WatchOverviewRequest = Record<string, never>;

export interface WatchOverviewResponse {
  overview?: Overview;
}

export interface WatchRequest {
  resumeToken: string;
  kinds: EventKind[];
  deviceId: string;
}

export interface WatchResponse {
  events: Event[];
}

export interface Worker {
  workerId: string;
  live: number;
  capacity: number;
  pid: number;
}

import { CloseReason, ErrorCode } from '@pushfleet/protocol';
import { counter, gauge, histogram, type Metric } from './metric.ts';

const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;
/** Few: these have several label values, and their range is known. */
const stageBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5] as const;
const slotBuckets = [0.1, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600] as const;

const everyProcess = ['balancer', 'supervisor', 'worker'] as const;
const balancer = ['balancer'] as const;
const supervisor = ['supervisor'] as const;
const worker = ['worker'] as const;
/** The processes with ports that strangers reach. */
const listening = ['balancer', 'worker'] as const;

const linkKinds = ['grpc', 'mqtt'] as const;
const closeReasons = Object.keys(CloseReason) as (keyof typeof CloseReason)[];
const errorCodes = Object.keys(ErrorCode) as (keyof typeof ErrorCode)[];
const endedOutcomes = [
  ...(['OUTCOME_SUCCEEDED', 'OUTCOME_FAILED', 'OUTCOME_REJECTED', 'OUTCOME_EXPIRED'] as const),
  ...(['OUTCOME_CANCELLED', 'OUTCOME_SUPERSEDED', 'OUTCOME_NOT_CONNECTED', 'OUTCOME_UNKNOWN'] as const),
] as const;

/** All metrics. docs/metrics.md has the same. Their labels have few values, all of them known: no devices, no groups. */
export const metrics = {
  eventLoopUtilization: gauge({
    name: 'pushfleet_event_loop_utilization_ratio',
    help: 'Share of the last 250 ms in which the event loop was busy, 0 to 1',
    of: everyProcess,
    merge: 'each',
  }),
  eventLoopLag: gauge({
    name: 'pushfleet_event_loop_lag_seconds',
    help: 'How late the latest timer of the last 250 ms was',
    of: everyProcess,
    merge: 'each',
  }),
  stalled: counter({
    name: 'pushfleet_event_loop_stalled_seconds_total',
    help: 'Time for which the process stood still, a second or more at once; nobody else is blamed for it',
    of: everyProcess,
    merge: 'each',
  }),
  processCpu: counter({
    name: 'pushfleet_process_cpu_seconds_total',
    help: 'Processor time, of user and system',
    of: everyProcess,
    merge: 'each',
  }),
  residentMemory: gauge({
    name: 'pushfleet_process_resident_memory_bytes',
    help: 'Memory of the process in RAM',
    of: everyProcess,
    merge: 'each',
  }),
  faults: counter({
    name: 'pushfleet_faults_total',
    help: 'Exceptions caused by what a peer sent, stopped at the barrier',
    of: everyProcess,
  }),
  registryCalls: histogram({
    name: 'pushfleet_registry_call_seconds',
    help: 'Round trips to the registry, by the port that was called',
    of: everyProcess,
    label: [
      'port',
      [
        ...([
          'assignments',
          'balancers',
          'commands',
          'events',
          'fleet',
          'groupPushes',
          'leases',
          'maintenance',
        ] as const),
        ...(['nodes', 'other', 'rebalances', 'rollingRestarts', 'sessions', 'ticketKeys'] as const),
      ],
    ],
    buckets: secondsBuckets,
  }),
  registryFailures: counter({
    name: 'pushfleet_registry_failures_total',
    help: 'Calls of the registry that failed because it did not answer, refused to write, or was overloaded',
    of: everyProcess,
  }),
  handshakesWaiting: gauge({
    name: 'pushfleet_handshakes_waiting',
    help: 'Connections that wait for their handshake to begin',
    of: listening,
  }),
  handshakesInFlight: gauge({
    name: 'pushfleet_handshakes_in_flight',
    help: 'Connections whose clients have begun to greet and have not authenticated',
    of: listening,
  }),
  handshakesCompleted: counter({
    name: 'pushfleet_handshakes_completed_total',
    help: 'TLS handshakes that were completed',
    of: listening,
  }),
  handshakesResumed: counter({
    name: 'pushfleet_handshakes_resumed_total',
    help: 'Completed TLS handshakes that resumed a session',
    of: listening,
  }),
  arrivalSeconds: histogram({
    name: 'pushfleet_arrival_stage_seconds',
    help: 'Time of a connection from its greeting until its handshake began, and from then until that was done',
    of: listening,
    label: ['stage', ['waiting', 'handshake']],
    buckets: stageBuckets,
  }),
  connectionsRefused: counter({
    name: 'pushfleet_connections_refused_total',
    help: 'Connections closed without having been served, by reason',
    of: listening,
    label: [
      'reason',
      [
        ...(['connections', 'queueFull', 'perAddress', 'waitedTooLong'] as const),
        ...(['silent', 'handshakeTooLong', 'handshakeFailed'] as const),
      ],
    ],
  }),
  membersRefused: counter({
    name: 'pushfleet_members_refused_total',
    help: 'Calls and connections between processes of the cluster that were refused, by reason',
    of: listening,
    label: [
      'reason',
      [
        ...(['unnamed', 'revoked', 'not-permitted'] as const),
        ...(['another-member', 'not-superseded', 'uncertified-key'] as const),
      ],
    ],
  }),
  certificateExpiry: gauge({
    name: 'pushfleet_certificate_expiry_timestamp_seconds',
    help: 'When the certificate ends, in Unix time: the one shown to devices, and the one for other processes of the cluster',
    of: ['balancer', 'supervisor'],
    merge: 'max',
    label: ['certificate', ['server', 'cluster']],
  }),
  revocationListDue: gauge({
    name: 'pushfleet_revocation_list_due_timestamp_seconds',
    help: 'When the list of revoked client certificates of devices is to be replaced by a newer one, in Unix time; 0: it does not say so',
    of: ['balancer'],
    merge: 'max',
  }),
  credentialsRefused: gauge({
    name: 'pushfleet_credentials_refused',
    help: '1 where files of certificates, keys or secrets have changed and are wrong: the former stay in use',
    of: ['balancer', 'supervisor'],
    merge: 'max',
    label: [
      'credential',
      ['server', 'cluster', 'ca', 'admin-token', 'ticket-secret', 'device-issuers', 'device-cas', 'redis'],
    ],
  }),
  failedSignIns: counter({
    name: 'pushfleet_sign_ins_failed_total',
    help: 'Clients whose credential was refused: secrets of devices, tokens of trusted issuers, client certificates, enrollment tokens, tickets, their passes for tunnels, tokens of the admin API',
    of: listening,
    label: ['credential', ['secret', 'identity-token', 'certificate', 'enrollment-token', 'ticket', 'tunnel', 'token']],
  }),
  lockedSignIns: counter({
    name: 'pushfleet_sign_ins_locked_total',
    help: 'Sign-ins that were refused unseen, because too many of the same address or device had failed',
    of: listening,
    label: ['client', ['console', 'device']],
  }),
  liveLinks: gauge({
    name: 'pushfleet_links',
    help: 'Devices with a live link, by its kind',
    of: worker,
    label: ['link', linkKinds],
  }),
  otherLinks: gauge({
    name: 'pushfleet_links_not_live',
    help: 'Links whose devices are not known yet, or take no commands',
    of: worker,
  }),
  sessionsOpened: counter({
    name: 'pushfleet_sessions_opened_total',
    help: 'Sessions opened in the registry, by the kind of link',
    of: worker,
    label: ['link', linkKinds],
  }),
  takeovers: counter({
    name: 'pushfleet_takeovers_total',
    help: 'Sessions that were opened while the device had another one',
    of: worker,
  }),
  linksEnded: counter({
    name: 'pushfleet_links_ended_total',
    help: 'Links that ended, by reason',
    of: worker,
    label: ['reason', closeReasons],
  }),
  linkQueueBytes: gauge({
    name: 'pushfleet_link_queue_bytes',
    help: 'Commands that wait for links with commands in flight, and bytes that their devices have not taken',
    of: worker,
  }),
  reports: counter({
    name: 'pushfleet_command_reports_total',
    help: 'Reports of sessions on commands, by what they say',
    of: worker,
    label: ['report', ['delivered', 'linkLost', 'notHere', 'result', 'unsent']],
  }),
  commandSeconds: histogram({
    name: 'pushfleet_command_stage_seconds',
    help: 'Time of a command from its writing to the link until its device confirmed it, and until its result came',
    of: worker,
    label: ['stage', ['delivered', 'result']],
    buckets: secondsBuckets,
  }),
  durableStatuses: counter({
    name: 'pushfleet_durable_statuses_total',
    help: 'Durable commands whose status a worker, or a cancellation, changed in the registry to delivered or an end; what expires or is superseded there while it waits is not counted',
    of: listening,
    label: [
      'outcome',
      ['OUTCOME_DELIVERED', ...endedOutcomes.filter((outcome) => outcome !== 'OUTCOME_NOT_CONNECTED')] as const,
    ],
  }),
  statusUpdatesDropped: counter({
    name: 'pushfleet_status_updates_dropped_total',
    help: 'Status updates of durable commands that were lost: too many waited, or the registry could not take them',
    of: worker,
  }),
  statusUpdatesWaiting: gauge({
    name: 'pushfleet_status_updates_waiting',
    help: 'Status updates of durable commands that wait for the registry',
    of: worker,
  }),
  redirected: counter({
    name: 'pushfleet_devices_redirected_total',
    help: 'Devices that were told to go elsewhere: drains, restarts, rebalances',
    of: worker,
  }),
  workersEnded: counter({
    name: 'pushfleet_workers_ended_total',
    help: 'Workers that ended unasked, or were killed because they were silent',
    of: supervisor,
  }),
  workersSetAside: gauge({
    name: 'pushfleet_workers_set_aside',
    help: 'Workers that were silent for too long and may wake, or have woken: others do their work, and they keep their links',
    of: supervisor,
  }),
  heartbeatFailures: counter({
    name: 'pushfleet_heartbeats_failed_total',
    help: 'Heartbeats that did not reach the registry',
    of: supervisor,
  }),
  assignments: counter({
    name: 'pushfleet_assignments_total',
    help: 'Answers to devices that asked where they belong: ASSIGNED, or the code of the refusal',
    of: balancer,
    label: ['result', ['ASSIGNED', ...errorCodes] as const],
  }),
  enrollments: counter({
    name: 'pushfleet_enrollments_total',
    help: 'Answers to devices that register themselves: ENROLLED, or the code of the refusal',
    of: balancer,
    label: ['result', ['ENROLLED', ...errorCodes] as const],
  }),
  assignmentSeconds: histogram({
    name: 'pushfleet_assignment_seconds',
    help: 'Time from the request of a device to its assignment',
    of: balancer,
    buckets: secondsBuckets,
  }),
  slots: histogram({
    name: 'pushfleet_slots_seconds',
    help: 'Slots given to devices that are to connect later than at once: how much later',
    of: balancer,
    buckets: slotBuckets,
  }),
  commandsInFlight: gauge({
    name: 'pushfleet_commands_in_flight',
    help: 'Direct commands that have not ended',
    of: balancer,
  }),
  commandsAccepted: counter({
    name: 'pushfleet_commands_accepted_total',
    help: 'Commands accepted',
    of: balancer,
    label: ['kind', ['direct', 'durable']],
  }),
  commandsEnded: counter({
    name: 'pushfleet_commands_ended_total',
    help: 'Direct commands that ended, by outcome',
    of: balancer,
    label: ['outcome', endedOutcomes],
  }),
  deliveredSeconds: histogram({
    name: 'pushfleet_command_delivered_seconds',
    help: 'Time from the acceptance of a direct command until its device confirmed it, or answered',
    of: balancer,
    buckets: secondsBuckets,
  }),
  endedSeconds: histogram({
    name: 'pushfleet_command_ended_seconds',
    help: 'Time from the acceptance of a direct command until it ended, however',
    of: balancer,
    buckets: secondsBuckets,
  }),
  staleRoutes: counter({
    name: 'pushfleet_stale_routes_total',
    help: 'Direct commands that were routed anew, because their device had left the worker to which they were sent',
    of: balancer,
  }),
  tunnelsOpen: gauge({
    name: 'pushfleet_tunnels_open',
    help: 'Tunnels that are open or being opened',
    of: balancer,
  }),
  pushServers: gauge({
    name: 'pushfleet_push_servers',
    help: 'Push servers by status, as this balancer treats them',
    of: balancer,
    label: ['status', ['disabled', 'starting', 'ready', 'draining', 'failed', 'unreachable', 'suspect', 'dead']],
  }),
  spread: gauge({
    name: 'pushfleet_push_server_spread_ratio',
    help: 'Load of the fullest ready push server as a multiple of the mean; 1 is perfectly even',
    of: balancer,
  }),
  leads: gauge({
    name: 'pushfleet_leader',
    help: '1: this balancer leads',
    of: balancer,
  }),
} as const satisfies Record<string, Metric>;

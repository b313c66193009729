import { limits } from '@pushfleet/protocol';
import {
  anyNumber,
  anyText,
  anything,
  between,
  bool,
  bytes,
  choice,
  fieldMask,
  id,
  list,
  map,
  message,
  oneOf,
  period,
  type Rule,
  text,
  upTo,
} from './values.ts';
import { type Field, protoName } from './wire.ts';

const deviceId = id(128);
const nodeId = id(63);
const commandId = id(64);
const groupPushId = id(64);
const name = id(128);
const key = text(limits.keyBytes);
const names = (count: number) => Array(count).fill('x'.repeat(64)).join('/');
const badPaths = ['/', 'a//b', 'a/', names(17), `${'x'.repeat(65)}`, 'a{b'];
const path = oneOf(['Test', 'Größe/Süd', names(16)], ['', ...badPaths]);
const optionalPath = oneOf(['', 'Test', names(16)], badPaths);
const labels = map({ entries: limits.labels, key: 63, value: 63 }, { words: true });
const parameters = map({
  entries: limits.taskParameters,
  key: limits.taskParameterKeyBytes,
  value: limits.taskParameterBytes,
});
const pageSize = anyNumber();
const tokenOf = (key: string) => oneOf(['', Buffer.from(key).toString('base64url')], ['%', 'ä'.repeat(9)]);
const pageToken = tokenOf('some-device');
const secret = oneOf(['s'.repeat(16), 's'.repeat(256)], ['s'.repeat(15), 's'.repeat(257)]);
const identityToken = oneOf(['a.b.c', `a.${'b'.repeat(8_188)}.c`], ['a.b', 'a.b.ä', `a.${'b'.repeat(8_189)}.c`]);
const enrollmentToken = oneOf([`pushfleet_enroll_${'x'.repeat(43)}`], ['', 'x', `pushfleet_enroll_${'x'.repeat(44)}`]);
const tokenName = oneOf(['night shift', 'größe', 'x'.repeat(64)], ['', ' a', 'root', 'a\0b', 'x'.repeat(65)]);
const days = 86_400_000;

/** By `Message.field`. A field of the admin API and of AssignRequest that is missing here fails the test. */
const rules: Readonly<Record<string, Rule>> = {
  'HealthCheckRequest.service': anyText(),
  'PushRequest.device_id': deviceId,
  'PushRequest.operation': message({ required: true }),
  'PushRequest.wait': choice([0, 1, 2, 3]),
  'PushRequest.deliver_within': period(limits.deliverWithinMaxMs),
  'PushRequest.finish_within': period(limits.finishWithinMaxMs, { refusesLeast: true }),
  'PushRequest.ttl': period(limits.ttlMaxMs),
  'PushRequest.priority': choice([0, 1, 2, 3]),
  'PushRequest.collapse_key': key,
  'PushRequest.idempotency_key': key,
  'PushRequest.command_id': id(64, { optional: true }),
  'ForceSync.reason': text(limits.reasonChars),
  'RunTask.task_id': name,
  'RunTask.parameters': parameters,
  'StopTask.task_id': name,
  'GetStatistics.application_id': name,
  'GetStatistics.counters': list(text(limits.taskParameterKeyBytes), limits.counters),
  'GetStatistics.interval': period(limits.statisticsIntervalMaxMs, { leastMs: limits.statisticsIntervalMinMs }),
  'Custom.name': name,
  'Custom.payload': bytes(limits.payloadBytes),
  'PushStreamRequest.pushes': message(),
  'StreamedPush.correlation_id': anyNumber(),
  'StreamedPush.push': message({ required: true }),
  'GetCommandRequest.device_id': deviceId,
  'GetCommandRequest.command_id': commandId,
  'WatchCommandRequest.device_id': deviceId,
  'WatchCommandRequest.command_id': commandId,
  'CancelCommandRequest.device_id': deviceId,
  'CancelCommandRequest.command_id': commandId,
  'CancelCommandRequest.reason': text(limits.reasonChars),
  'ListCommandsRequest.device_id': deviceId,
  'PushToGroupRequest.group': optionalPath,
  'PushToGroupRequest.exclude_subgroups': bool(),
  'PushToGroupRequest.labels': labels,
  'PushToGroupRequest.operation': message({ required: true }),
  'PushToGroupRequest.delivery': message(),
  'PushToGroupRequest.pace': message(),
  'PushToGroupRequest.idempotency_key': key,
  'GroupPushDelivery.deliver_within': period(limits.deliverWithinMaxMs),
  'GroupPushDelivery.finish_within': period(limits.finishWithinMaxMs, { refusesLeast: true }),
  'GroupPushDelivery.ttl': period(limits.ttlMaxMs),
  'GroupPushDelivery.collapse_key': key,
  'GroupPushDelivery.priority': choice([0, 1, 2, 3]),
  'GroupPushPace.commands_per_second': anyNumber(),
  'GroupPushPace.jitter_window': period(days),
  'GroupPushPace.abort_failed_percent': upTo(100),
  'GroupPushPace.abort_after': anyNumber(),
  'GetGroupPushRequest.group_push_id': groupPushId,
  'WatchGroupPushRequest.group_push_id': groupPushId,
  'ListGroupPushOutcomesRequest.group_push_id': groupPushId,
  'ListGroupPushOutcomesRequest.outcomes': choice([1, 5, 12], [0, 13]),
  'ListGroupPushOutcomesRequest.page_size': pageSize,
  'ListGroupPushOutcomesRequest.page_token': pageToken,
  'PauseGroupPushRequest.group_push_id': groupPushId,
  'ResumeGroupPushRequest.group_push_id': groupPushId,
  'CancelGroupPushRequest.group_push_id': groupPushId,
  'PutGroupRequest.group': message({ required: true }),
  'Group.path': path,
  'Group.devices': anyNumber(),
  'ListGroupsRequest.page_size': pageSize,
  'ListGroupsRequest.page_token': tokenOf('groups:Test'),
  'ListDistributionPointsRequest.page_size': pageSize,
  'ListDistributionPointsRequest.page_token': tokenOf('distribution points:dp-0'),
  'ListNodesRequest.page_size': pageSize,
  'ListNodesRequest.page_token': tokenOf('nodes:dp-0'),
  'ListGroupPushesRequest.page_size': pageSize,
  'ListGroupPushesRequest.page_token': tokenOf('group pushes:x'),
  'ListCommandsRequest.page_size': pageSize,
  'ListCommandsRequest.include_ended': bool(),
  'ListCommandsRequest.page_token': tokenOf('commands:x'),
  'MoveGroupRequest.path': path,
  'MoveGroupRequest.new_path': path,
  'DeleteGroupRequest.path': path,
  'PutDistributionPointRequest.distribution_point': message({ required: true }),
  'PutDistributionPointRequest.update_mask': fieldMask(
    ['groups', 'push_server', 'push_server.port', '*'],
    ['push_server.nothing', 'distribution_point_id', 'pushServer'],
  ),
  'DistributionPoint.distribution_point_id': nodeId,
  'DistributionPoint.groups': list(oneOf(['Test'], ['', ...badPaths]), Number.POSITIVE_INFINITY, { required: true }),
  'DistributionPoint.push_server': message(),
  'PushServerSettings.enabled': bool(),
  'PushServerSettings.port': upTo(65_535),
  'PushServerSettings.address': oneOf(
    ['', '10.0.0.1', 'push.example.com', '::1'],
    ['0.0.0.0', '::', 'no host', 'a b', 'x'.repeat(300)],
  ),
  'PushServerSettings.max_connections': upTo(10_000_000),
  'PushServerSettings.weight': upTo(1_000),
  'PushServerSettings.address_check': choice([0, 1, 2, 3]),
  'GetDistributionPointRequest.distribution_point_id': nodeId,
  'DeleteDistributionPointRequest.distribution_point_id': nodeId,
  'PutDeviceRequest.device': message({ required: true }),
  'PutDeviceRequest.secret': secret,
  'PutDeviceRequest.update_mask': fieldMask(['group', 'labels', 'link_kinds', '*'], ['secret', 'session', 'labels.os']),
  'Device.device_id': deviceId,
  'Device.group': oneOf(['Test'], ['', ...badPaths]),
  'Device.labels': labels,
  'Device.link_kinds': choice([1, 2], [0, 3]),
  'ImportDevicesRequest.device': message({ required: true }),
  'ImportDevicesRequest.secret': secret,
  'MoveDevicesRequest.device_ids': list(id(128), 1_000, { required: true }),
  'MoveDevicesRequest.group': path,
  'GetDeviceRequest.device_id': deviceId,
  'GetDeviceHistoryRequest.device_id': deviceId,
  'DeleteDeviceRequest.device_id': deviceId,
  'DisconnectDeviceRequest.device_id': deviceId,
  'ListDevicesRequest.group': optionalPath,
  'ListDevicesRequest.exclude_subgroups': bool(),
  'ListDevicesRequest.page_size': pageSize,
  'ListDevicesRequest.page_token': pageToken,
  'ListDevicesRequest.labels': labels,
  'ListDevicesRequest.search': text(128),
  'ListDevicesRequest.connected': bool(),
  'ListDevicesRequest.node_id': id(63, { optional: true }),
  'ListDevicesRequest.link_kind': choice([0, 1, 2], [3]),
  'DrainNodeRequest.node_id': nodeId,
  'DrainNodeRequest.devices_per_second': upTo(10_000),
  'DrainNodeRequest.deadline': period(days),
  'UndrainNodeRequest.node_id': nodeId,
  'RestartNodeRequest.node_id': nodeId,
  'RestartNodeRequest.devices_per_second': upTo(10_000),
  'RestartNodeRequest.deadline': period(days),
  'StartRollingRestartRequest.devices_per_second': upTo(10_000),
  'StartRollingRestartRequest.deadline': period(days),
  'StartRollingRestartRequest.ignore_capacity': bool(),
  'GetMaintenanceRequest.node_id': nodeId,
  'WatchRequest.resume_token': oneOf([''], ['%', 'none of ours', Buffer.from('x').toString('base64url')]),
  'WatchRequest.kinds': choice([1, 10, 32], [0, 9]),
  'WatchRequest.device_id': id(128, { optional: true }),
  'WatchAuditRequest.resume_token': oneOf([''], ['%', 'none of ours', Buffer.from('x').toString('base64url')]),
  'WatchAuditRequest.caller': anyText(),
  'CreateTokenRequest.name': tokenName,
  'CreateTokenRequest.role': choice([1, 2, 3], [0, 4], { required: true }),
  'CreateTokenRequest.scope': optionalPath,
  'CreateTokenRequest.lifetime': period(3_650 * days, { leastMs: 60_000 }),
  'ListTokensRequest.page_size': pageSize,
  'ListTokensRequest.page_token': tokenOf('tokens:x'),
  'RevokeTokenRequest.name': tokenName,
  'CreateEnrollmentTokenRequest.group': path,
  'CreateEnrollmentTokenRequest.count': between(1, 100_000),
  'CreateEnrollmentTokenRequest.lifetime': period(365 * days, { leastMs: 60_000 }),
  'ListEnrollmentTokensRequest.group': optionalPath,
  'ListEnrollmentTokensRequest.page_size': pageSize,
  'ListEnrollmentTokensRequest.page_token': tokenOf('enrollment-tokens:x'),
  'RevokeEnrollmentTokenRequest.enrollment_token_id': oneOf(['0123456789abcdef'], ['', 'x', '0'.repeat(17)]),
  'OpenRequest.target': message({ required: true }),
  'TunnelTarget.device_id': deviceId,
  'TunnelTarget.target': oneOf(
    ['127.0.0.1:22', '[::1]:22', 'host.example:65535'],
    ['', 'host', 'host:0', 'host:65536', ':22'],
  ),
  'TunnelTarget.idle_limit': period(days, { leastMs: 1_000 }),
  'TunnelTarget.time_limit': period(7 * days, { leastMs: 1_000 }),
  'AssignRequest.device_id': deviceId,
  'AssignRequest.secret': secret,
  'AssignRequest.identity_token': identityToken,
  'EnrollRequest.device_id': deviceId,
  'EnrollRequest.enrollment_token': enrollmentToken,
  'EnrollRequest.secret': secret,
  'AssignRequest.unreachable_node_ids': list(id(63), limits.unreachableNodeIds),
};

/**
 * Fields that are not read where they stand, fields of devices and workers, and members of a oneof, of which the field above
 * says whether there must be any. They must be answered, however.
 */
const unread =
  /^(Operation|OpenTunnel|Session|TunnelFrame|TunnelEnd|TunnelClose)\.|^OpenRequest\.frame$|^Device\.session$|^(Device|DistributionPoint)\.etag$/;
const internal = /^\.pushfleet\.(device|node)\.v1\.|^\.pushfleet\.common\.v1\.(Progress|Statistics)$/;

/** `undefined`: there is no rule for the field, and there should be. */
export function ruleOf(field: Field): Rule | undefined {
  const owner = field.parent?.name ?? '';
  const known = rules[`${owner}.${protoName(field.name)}`];
  if (known) return known;
  const isFree = unread.test(`${owner}.${protoName(field.name)}`) || internal.test(field.parent?.fullName ?? '');
  return isFree ? anything(field) : undefined;
}

import { type common, operationNames } from '@pushfleet/protocol';

/** `run_task inventory`, `force_sync`: what a device is told to do, in two words. */
export function describeOperation(operation: common.Operation | null | undefined): string {
  if (!operation?.kind) return '-';
  const { runTask, stopTask, getStatistics, openTunnel, custom } = operation;
  const object =
    runTask?.taskId ?? stopTask?.taskId ?? getStatistics?.applicationId ?? openTunnel?.target ?? custom?.name ?? '';
  return `${operationNames[operation.kind]} ${object}`.trimEnd();
}

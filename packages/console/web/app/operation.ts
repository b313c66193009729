import type { Operation } from '../api/messages.ts';

/** `Run task inventory`: what a command asks for, in a few words. */
export function describeOperation(operation: Partial<Operation> | undefined): string {
  const { forceSync, runTask, stopTask, getStatistics, openTunnel, custom } = operation ?? {};
  if (forceSync) return 'Force synchronization';
  if (runTask) return `Run task ${runTask.taskId}`;
  if (stopTask) return `Stop task ${stopTask.taskId}`;
  if (getStatistics) return `Statistics of ${getStatistics.applicationId}`;
  if (openTunnel) return `Open tunnel to ${openTunnel.target}`;
  if (custom) return custom.name;
  return 'Unknown operation';
}

/** The output of a command as text. @param base64 As the API has it @returns `undefined` where it is no text */
export function outputText(base64: string): string | undefined {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

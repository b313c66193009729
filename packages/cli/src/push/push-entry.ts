import { outcomeName, type PushAnswer } from '@pushfleet/admin-sdk';
import type { common } from '@pushfleet/protocol';
import { isOver, type PushOutcome } from './wait.ts';

/** What became of the push to one device. */
export interface PushEntry {
  id: string;
  outcome: PushOutcome;
  /** In words; empty where the outcome says it all. */
  reason: string;
  /** Where the command can still be asked for: it is durable, or has not ended. */
  commandId?: string;
  /** What the device answered with its result, as text. */
  output?: string;
  /** The same where it is no text. */
  outputBase64?: string;
  /** Of stop-task: the task had ended before. */
  alreadyEnded?: true;
}

export function toEntry({ request, response, error }: PushAnswer): PushEntry {
  const id = request.deviceId ?? '';
  if (error) return { id, outcome: 'NOT_ACCEPTED', reason: error.message };
  const { status, commandId } = response;
  const outcome = outcomeName(status?.outcome ?? 'OUTCOME_UNSPECIFIED');
  const isKept = (request.ttlMs ?? 0) > 0 || !isOver(outcome);
  return { id, outcome, reason: status?.reason ?? '', ...(isKept ? { commandId } : {}), ...answerOf(status) };
}

/** What the device said besides the outcome. */
export function answerOf(status: common.CommandStatus | null | undefined) {
  return { ...outputOf(status?.output), ...(status?.alreadyEnded ? { alreadyEnded: true as const } : {}) };
}

function outputOf(output: Buffer | undefined): Pick<PushEntry, 'output' | 'outputBase64'> {
  if (!output || output.length === 0) return {};
  try {
    return { output: new TextDecoder('utf-8', { fatal: true }).decode(output) };
  } catch {
    return { outputBase64: Buffer.from(output).toString('base64') };
  }
}

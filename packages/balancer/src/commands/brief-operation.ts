import { type common, operationBytes } from '@pushfleet/protocol';

/** Of what an operation brings along; `operationBytes` adds as much for the rest of it. */
const briefBytes = 4_096;
const envelopeBytes = 256;

/** For lists, whose answers would grow without bound: without the payload, parameters or counters where they are large. */
export function briefOperation(operation: common.Operation): common.Operation {
  const { custom, runTask, getStatistics } = operation;
  if (operationBytes(operation) <= briefBytes + envelopeBytes) return operation;
  if (custom) return { kind: 'custom', custom: { ...custom, payload: Buffer.alloc(0) } };
  if (runTask) return { kind: 'runTask', runTask: { ...runTask, parameters: {} } };
  return getStatistics ? { kind: 'getStatistics', getStatistics: { ...getStatistics, counters: [] } } : operation;
}

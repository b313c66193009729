import type { device } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';
import { unary } from '../net/grpc-answer.ts';
import type { Assigner } from './assigner.ts';
import { parseQuery } from './query.ts';

const names = { deviceId: 'device_id', secret: 'secret', unreachableNodeIds: 'unreachable_node_ids' };

/** @param onKnown Called with each call whose device has shown who it is. */
export function assignmentHandlers(
  assigner: Assigner,
  logger: Logger,
  onKnown: (call: object) => void,
): device.AssignmentServiceHandlers {
  return {
    Assign: unary<device.AssignRequest, device.AssignResponseInit>(logger, async (request, call) => {
      const assignment = await assigner.assign(parseQuery(request, names));
      onKnown(call);
      return assignment;
    }),
  };
}

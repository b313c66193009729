import type { device } from '@pushfleet/protocol';
import type { Logger } from '@pushfleet/runtime';
import { unary } from '../net/grpc-answer.ts';
import type { Assigner } from './assigner.ts';
import { parseQuery } from './query.ts';

const names = { deviceId: 'device_id', secret: 'secret', unreachableNodeIds: 'unreachable_node_ids' };

export function assignmentHandlers(assigner: Assigner, logger: Logger): device.AssignmentServiceHandlers {
  return {
    Assign: unary<device.AssignRequest, device.AssignResponseInit>(logger, async (request) =>
      assigner.assign(parseQuery(request, names)),
    ),
  };
}

import type { Socket } from 'node:net';
import { ResponderBuilder, ServerInterceptingCall, type ServerInterceptor } from '@grpc/grpc-js';
import { PushfleetError, toStatus } from '@pushfleet/protocol';
import { judgeCall } from '../cluster/cluster-access.ts';
import { type Member, setCaller } from '../cluster/member.ts';
import type { MemberGate } from '../cluster/member-gate.ts';

/** Lets through the calls that the cluster's access table permits to their callers, and tells the handlers who calls. */
export function admitMembers(
  gate: Pick<MemberGate, 'refuse'>,
  socketOf: (call: object) => Socket | undefined,
  memberAt: (socket: Socket) => Member | undefined,
): ServerInterceptor {
  return (method, call) => {
    const responder = new ResponderBuilder().withStart((next) =>
      next({
        onReceiveMetadata: (metadata, pass) => {
          const socket = socketOf(call);
          const caller = socket && memberAt(socket);
          const refusal = judgeCall(method.path, caller);
          if (refusal || !caller) {
            if (refusal) gate.refuse(refusal);
            const error = new PushfleetError('PERMISSION_DENIED', refusal?.detail ?? 'the connection is gone');
            return call.sendStatus(toStatus(error));
          }
          setCaller(metadata, caller);
          pass(metadata);
        },
      }),
    );
    return new ServerInterceptingCall(call, responder.build());
  };
}

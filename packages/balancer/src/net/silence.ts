import type { Socket } from 'node:net';
import { ResponderBuilder, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import type { AttendedTime, GrpcHost } from '@pushfleet/runtime';

/** Cuts off a client that opens a connection, finishes its TLS handshake and then says nothing. */
function cutOffSilent(socket: Socket, deadlineMs: number, attended: AttendedTime): void {
  const before = socket.bytesRead;
  const deadline = attended.after(deadlineMs, () => {
    if (socket.bytesRead === before) socket.destroy();
  });
  socket.once('close', () => deadline[Symbol.dispose]());
}

/** Ends calls whose request does not come: a connection with an open call never counts as idle. */
export function cutOffWordless(deadlineMs: number, attended: AttendedTime): ServerInterceptor {
  return (_method, call) => {
    const details = 'the request did not come in time';
    const deadline = attended.after(deadlineMs, () => call.sendStatus({ code: status.DEADLINE_EXCEEDED, details }));
    const responder = new ResponderBuilder().withStart((next) =>
      next({
        onReceiveMessage: (message, pass) => {
          deadline[Symbol.dispose]();
          pass(message);
        },
        onCancel: () => deadline[Symbol.dispose](),
      }),
    );
    return new ServerInterceptingCall(call, responder.build());
  };
}

/** The way of HTTP/2 connections from a front door to a gRPC host, on which a client that says nothing does not stay. */
export function grpcRoute(
  host: GrpcHost,
  greetingDeadlineMs: number,
  attended: AttendedTime,
): (socket: Socket) => void {
  return (socket) => {
    cutOffSilent(socket, greetingDeadlineMs, attended);
    host.accept(socket);
  };
}

import { type admin, limits, toStatus } from '@pushfleet/protocol';
import type { AttendedTime, Logger } from '@pushfleet/runtime';
import { toPushfleetError } from '../errors.ts';
import { parseTunnelRequest } from './request.ts';
import { firstMessage, goneSignal, type OpenCall } from './tunnel-call.ts';
import type { Tunnels } from './tunnels.ts';

/** The gRPC face of the tunnels. */
export function tunnelHandlers(tunnels: Tunnels, attended: AttendedTime, logger: Logger): admin.TunnelServiceHandlers {
  const open = async (call: OpenCall) => {
    try {
      const gone = goneSignal(call);
      const request = parseTunnelRequest(await firstMessage(call, limits.greetingDeadlineMs, attended));
      await tunnels.open(call, request, gone);
    } catch (error) {
      if (!call.cancelled) call.emit('error', toStatus(toPushfleetError(error, logger)));
      call.resume();
    }
  };
  return { Open: (call: OpenCall) => void open(call) };
}

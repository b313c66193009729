import type { PushfleetError } from '@pushfleet/protocol';
import { type Span, type TraceContext, tracing } from '@pushfleet/runtime';
import { type CommandTrace, tracedWithin } from '../commands/command-trace.ts';
import type { TunnelRequest } from './request.ts';

const service = 'pushfleet.admin.v1.TunnelService';

/**
 * The spans of one sampled tunnel in this balancer: `Open`, from its caller's request until it is open or refused, within it the
 * command to the device and `attach`, from the device's arrival at a worker until that has joined both ends; and `tunnel`, as long as
 * it is open.
 */
export class TunnelTrace {
  readonly #open: Span;
  #attach: Span | undefined;
  #tunnel: Span | undefined;

  /** `undefined`: nobody traces here, or the trace is not sampled. */
  static begin(
    id: string,
    { device, target }: TunnelRequest,
    caller: TraceContext | undefined,
  ): TunnelTrace | undefined {
    const attributes = {
      ...{ 'rpc.system': 'grpc', 'rpc.service': service, 'rpc.method': 'Open' },
      ...{ 'pushfleet.device.id': device, 'pushfleet.tunnel.id': id, 'pushfleet.tunnel.target': target },
    };
    const open = tracing.tracer?.start(`${service}/Open`, { kind: 'server', parent: caller, attributes });
    return open && new TunnelTrace(open);
  }

  private constructor(open: Span) {
    this.#open = open;
  }

  /** The spans of the command that asks the device to come. */
  command(command: Parameters<typeof tracedWithin>[0]): CommandTrace | undefined {
    return tracedWithin(command, this.#open.context);
  }

  /** The device has come to a worker. */
  arrived(): void {
    this.#attach = tracing.tracer?.start('attach', { kind: 'internal', parent: this.#open.context });
  }

  opened(nodeId: string): void {
    this.#attach?.end();
    this.#open.setAttributes({ 'pushfleet.node.id': nodeId });
    this.#open.end();
    this.#tunnel = tracing.tracer?.start('tunnel', { kind: 'internal', parent: this.#open.context });
  }

  refused({ code, message }: Pick<PushfleetError, 'code' | 'message'>): void {
    this.#attach?.end(message);
    this.#open.setAttributes({ 'error.type': code });
    this.#open.end(message);
  }

  closed(reason: string, { bytesToDevice, bytesFromDevice }: { bytesToDevice: number; bytesFromDevice: number }): void {
    this.#tunnel?.setAttributes({
      'pushfleet.tunnel.end': reason,
      'pushfleet.tunnel.bytes_to_device': bytesToDevice,
      'pushfleet.tunnel.bytes_from_device': bytesFromDevice,
    });
    this.#tunnel?.end();
  }
}

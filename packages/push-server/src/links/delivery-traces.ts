import { type DeviceId, readResult } from '@pushfleet/protocol';
import { type Span, type SpanOptions, tracing } from '@pushfleet/runtime';
import type { Report } from '../session/session.ts';

/** Commands whose spans are kept open; beyond, the oldest are ended. */
const maxOpen = 10_000;

interface Delivery {
  deliver: Span;
  run?: Span | undefined;
}

export interface DeliveredCommand {
  id: string;
  operation: { kind?: string | undefined };
}

/**
 * The spans of sampled commands in this worker: `deliver`, from the worker's receipt until the device has confirmed the command,
 * and `run`, from there to its result.
 */
export class DeliveryTraces {
  readonly #nodeId: string;
  readonly #open = new Map<string, Delivery>();

  constructor(nodeId: string) {
    this.#nodeId = nodeId;
  }

  /** @param origin The span of the channel that brought the command, or a link to that of its submission. */
  begin(device: DeviceId, { id, operation }: DeliveredCommand, origin: Pick<SpanOptions, 'parent' | 'link'>): void {
    const attributes = {
      'pushfleet.device.id': device,
      'pushfleet.command.id': id,
      'pushfleet.operation': operation.kind ?? '',
      'pushfleet.node.id': this.#nodeId,
    };
    const deliver = tracing.tracer?.start('deliver', { kind: 'consumer', ...origin, attributes });
    if (!deliver) return;
    const key = `${device}/${id}`;
    this.#end(key, 'it was sent again');
    this.#open.set(key, { deliver });
    const [oldest] = this.#open.keys();
    if (this.#open.size > maxOpen && oldest !== undefined) this.#end(oldest, 'too many traced commands are in flight');
  }

  /** @param link The kind of the link that it came over. */
  onReport(report: Report, link: string): void {
    const key = `${report.deviceId}/${report.commandId}`;
    const delivery = this.#open.get(key);
    if (!delivery) return;
    delivery.deliver.setAttributes({ 'pushfleet.link.kind': link });
    switch (report.report) {
      case 'delivered':
        return this.#onDelivered(delivery);
      case 'result':
        return this.#onResult(key, delivery, report.result);
      case 'linkLost':
        return this.#end(key, `the link ended (${report.linkLost.reason})`);
      case 'unsent':
        return this.#end(key, `not sent: ${report.unsent.cause}`);
      case 'notHere':
        return this.#end(key, 'the link is not here');
      default:
        report satisfies never;
    }
  }

  #onDelivered(delivery: Delivery): void {
    delivery.run ??= tracing.tracer?.start('run', { kind: 'internal', parent: delivery.deliver.context });
    delivery.deliver.end();
  }

  #onResult(key: string, delivery: Delivery, result: Parameters<typeof readResult>[0]): void {
    const said = readResult(result);
    if (!said) return;
    this.#onDelivered(delivery);
    const outcome = said.outcome.replace('OUTCOME_', '');
    if (said.outcome === 'OUTCOME_RUNNING') return delivery.run?.addEvent('running');
    delivery.run?.setAttributes({ 'pushfleet.outcome': outcome });
    const isFailure = said.outcome === 'OUTCOME_FAILED' || said.outcome === 'OUTCOME_REJECTED';
    this.#end(key, isFailure ? said.reason || outcome : undefined);
  }

  #end(key: string, failure?: string): void {
    const delivery = this.#open.get(key);
    if (!delivery) return;
    this.#open.delete(key);
    delivery.deliver.end(failure);
    delivery.run?.end(failure);
  }
}

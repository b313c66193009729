import { type CommandFilterIndex, commandFilterIndex, type DeviceId } from '@pushfleet/protocol';
import { ReasonCode } from './wire/reason-code.ts';
import type { MqttVersion } from './wire/rule.ts';
import type { Subscription } from './wire/subscribe.ts';
import { isShared } from './wire/topic-syntax.ts';

/** The subscriptions of a device: to its own commands, and to nothing else. */
export class Subscriptions {
  /** Two bits for each filter: 0 is none, else QoS + 1. There is one for each link, and most never change. */
  #granted = 0;

  /** The best QoS that is granted for commands [MQTT-3.3.4-2]; `undefined`: none. */
  get commandQos(): 0 | 1 | undefined {
    if ((this.#granted & 0b10101010) !== 0) return 1;
    return this.#granted === 0 ? undefined : 0;
  }

  /** The reason code for each subscription, in their order. One that is there already is replaced [MQTT-3.8.4-3]. */
  subscribe(subscriptions: readonly Subscription[], device: DeviceId, version: MqttVersion): number[] {
    return subscriptions.map(({ filter, qos }) => {
      const index = commandFilterIndex(filter, device);
      if (index === undefined) return refusal(filter, version);
      const granted = Math.min(qos, 1);
      this.#set(index, granted + 1);
      return granted;
    });
  }

  /** The reason code for each filter, in their order. */
  unsubscribe(filters: readonly string[], device: DeviceId): number[] {
    return filters.map((filter) => {
      const index = commandFilterIndex(filter, device);
      if (index === undefined || (this.#granted & (0b11 << (2 * index))) === 0) return ReasonCode.noSubscriptionExisted;
      this.#set(index, 0);
      return ReasonCode.success;
    });
  }

  #set(index: CommandFilterIndex, value: number): void {
    this.#granted = (this.#granted & ~(0b11 << (2 * index))) | (value << (2 * index));
  }
}

function refusal(filter: string, version: MqttVersion): number {
  if (version === 4) return ReasonCode.unspecifiedError;
  return isShared(filter) ? ReasonCode.sharedSubscriptionsNotSupported : ReasonCode.notAuthorized;
}

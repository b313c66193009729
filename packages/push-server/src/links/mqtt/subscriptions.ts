import { coversCommands, type DeviceId } from '@pushfleet/protocol';
import type { ISubscribePacket } from 'mqtt-packet';
import type { MqttVersion } from './packets.ts';

export interface Subscribed {
  /** One code for each filter of the packet. */
  granted: number[];
  /** The best QoS granted for commands; `undefined`: none of the filters covers them. */
  commandQos: 0 | 1 | undefined;
}

/** A device may subscribe to its own commands and to nothing else. */
export function readSubscribe(packet: ISubscribePacket, device: DeviceId, version: MqttVersion): Subscribed {
  // MQTT 5: Not authorized; MQTT 3.1.1 has one code for every failure.
  const refusal = version === 5 ? 0x87 : 0x80;
  const granted = packet.subscriptions.map(({ topic, qos }) =>
    coversCommands(topic, device) ? Math.min(qos, 1) : refusal,
  );
  const qos = granted.filter((code) => code < 0x80);
  return { granted, commandQos: qos.length === 0 ? undefined : (Math.max(...qos) as 0 | 1) };
}

import { askTicket } from './ask-assignment.ts';
import { eventually } from './eventually.ts';
import { RawMqtt } from './raw-clients.ts';
import type { TestCluster } from './test-cluster.ts';
import { testSecret } from './test-devices.ts';

const keepAliveS = 10;

/**
 * A plain MQTT 3.1.1 client with a keep-alive of 10 s that pings in time, never gives up on its push server, and does not
 * come back: what the push server thinks of its link shows by whether that is still open.
 */
export class PingingDevice implements Disposable {
  readonly id: string;
  readonly nodeId: string;
  readonly #client: RawMqtt;
  readonly #pings: NodeJS.Timeout;

  private constructor(id: string, nodeId: string, client: RawMqtt) {
    this.id = id;
    this.nodeId = nodeId;
    this.#client = client;
    this.#pings = setInterval(() => client.send({ cmd: 'pingreq' }), (keepAliveS * 1_000) / 2);
  }

  static async connect(cluster: TestCluster, id: string): Promise<PingingDevice> {
    await cluster.devices.register(id);
    const { ticket, primary } = await eventually(`${id} is given a place`, () =>
      askTicket(cluster.assignUrls[0] as string, cluster.ca, id, testSecret),
    );
    const client = await RawMqtt.connect(primary.port, cluster.ca, 4);
    client.greet(ticket, { username: id, clientId: id, keepalive: keepAliveS });
    const topic = `pushfleet/devices/${id}/commands/#`;
    client.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic, qos: 1 }] });
    await eventually(`${id} is live`, async () => (await cluster.admin.devices.get(id)).session !== null);
    return new PingingDevice(id, primary.nodeId, client);
  }

  get isConnected(): boolean {
    return !this.#client.socket.closed;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#pings);
    this.#client[Symbol.dispose]();
  }
}

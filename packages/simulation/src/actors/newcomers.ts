import type { SecureContext } from 'node:tls';
import type { SecretStore } from '@pushfleet/device-sdk';
import { deviceNetworkOf } from '../network/device-network.ts';
import { present } from '../versions/software.ts';
import { Host, SimulatedProcess } from '../world/process.ts';
import { ports, type Surroundings } from './surroundings.ts';

const staysForMs = 20_000;
const crashesAfterMs = 1_500;

/**
 * New devices with the SDK, each of which registers itself with an enrollment token and stays for a while. The first life of each ends
 * after a moment, whatever it is about: what its store keeps is all that the second one knows.
 */
export class Newcomers {
  readonly #surroundings: Surroundings;
  readonly #balancers: readonly string[];
  #count = 0;

  constructor(surroundings: Surroundings, balancers: readonly string[]) {
    this.#surroundings = surroundings;
    this.#balancers = balancers;
  }

  /** @param token An enrollment token, which may be no good any more. */
  come(token: string): void {
    this.#count += 1;
    const id = `f-new-${this.#count}`;
    const host = this.#surroundings.network.addHost(new Host(id, id));
    const store = new Disk();
    this.#live(host, token, store, (process) => {
      process.world.after(crashesAfterMs * process.random.next(), () => {
        process.end();
        this.#live(host, token, store, () => {});
      });
    });
  }

  #live(host: Host, token: string, store: SecretStore, begun: (process: SimulatedProcess) => void): void {
    const { world, network } = this.#surroundings;
    const process = new SimulatedProcess(world, host.name, host);
    begun(process);
    process.receive(() => {
      const { Device, parseOptions } = present.device;
      const settings = parseOptions({
        ...{ deviceId: host.name, enrollment: { token, store }, link: 'mqtt', plaintextLink: true },
        balancers: this.#balancers.map((address) => `http://${address}:${ports.assign}`),
        secureContext: {} as SecureContext,
        clock: process.clock,
        random: () => process.random.next(),
      });
      const device = new Device({ ...settings, network: deviceNetworkOf({ network, process, device: host.name }) });
      device.onStatus((status) => {
        const detail = status.kind === 'stopped' ? `: ${status.cause.reason} (${status.cause.detail})` : '';
        world.record(host.name, `${status.kind}${detail}`, { device: host.name });
        // Nobody else has its id: the secret that is known is one that it has lost.
        if (detail.includes('with another secret'))
          world.find('shut out by its own registration', detail, { device: host.name });
      });
      device.start();
      process.clock.after(staysForMs, () => void device.stop().then(() => process.end()));
    });
  }
}

/** Keeps a secret over the lives of a device, once the promise has resolved or a little before. */
class Disk implements SecretStore {
  #kept: Awaited<ReturnType<SecretStore['load']>>;

  async load() {
    return this.#kept;
  }

  async save(stored: NonNullable<Awaited<ReturnType<SecretStore['load']>>>): Promise<void> {
    this.#kept = stored;
  }
}

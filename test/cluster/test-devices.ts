import type { AdminClient } from '@pushfleet/admin-sdk';
import { createDevice, type Device, type DeviceOptions, type LinkKind } from '@pushfleet/device-sdk';
import type { common } from '@pushfleet/protocol';

/** The parts of a cluster that devices need. */
export interface DeviceSurroundings {
  readonly admin: AdminClient;
  readonly assignUrls: string[];
  readonly ca: Buffer;
}

export interface TestDevice {
  id: string;
  link: LinkKind;
  device: Device;
  /** Every command that it was told to run, in order; those that a test's own handlers run are the test's to note. */
  seen: SeenCommand[];
}

export type SeenCommand = { id: string } & common.Operation;

export const testSecret = 'a secret of the tests';
const links = ['grpc', 'mqtt', 'mqtt3'] as const satisfies LinkKind[];

/** The devices of one test, real ones of the device SDK; all of the group `Test`. */
export class TestDevices {
  readonly all: TestDevice[] = [];
  readonly #surroundings: DeviceSurroundings;

  constructor(surroundings: DeviceSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Creates the device on the Administration Server's side only. */
  async register(id: string): Promise<void> {
    await this.#surroundings.admin.devices.put({ deviceId: id, group: 'Test', secret: testSecret });
  }

  /** A device that answers every command with success, at once. Not started. */
  create(id: string, more: Partial<DeviceOptions> = {}): TestDevice {
    const { assignUrls, ca } = this.#surroundings;
    const device = createDevice({
      deviceId: id,
      secret: testSecret,
      balancers: assignUrls,
      ca,
      link: 'grpc',
      backoff: { baseMs: 50, capMs: 1_000 },
      ...more,
    });
    const made: TestDevice = { id, link: more.link ?? 'grpc', device, seen: [] };
    obey(made);
    this.all.push(made);
    return made;
  }

  /** Registers and connects devices `prefix-0`, `prefix-1` …, of all link kinds in turn. */
  async connect(count: number, prefix = 'device', more: Partial<DeviceOptions> = {}): Promise<TestDevice[]> {
    const made = Array.from({ length: count }, (_, index) =>
      this.create(`${prefix}-${index}`, { link: links[index % links.length] as (typeof links)[number], ...more }),
    );
    await Promise.all(made.map(({ id }) => this.register(id)));
    await Promise.all(made.map(({ device }) => startAndConnect(device)));
    return made;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.all.map(({ device }) => device.stop()));
  }
}

function obey({ device, seen }: TestDevice): void {
  const record = (operation: common.Operation, id: string) => void seen.push({ id, ...operation });
  device.handle('forceSync', (forceSync, { commandId }) => record({ kind: 'forceSync', forceSync }, commandId));
  device.handle('runTask', (runTask, { commandId }) => record({ kind: 'runTask', runTask }, commandId));
  device.handle('custom', (custom, { commandId }) => record({ kind: 'custom', custom }, commandId));
  device.handle('getStatistics', (getStatistics, { commandId }) => {
    record({ kind: 'getStatistics', getStatistics }, commandId);
    return { commands: seen.length };
  });
}

function startAndConnect(device: Device): Promise<void> {
  device.start();
  return device.connected(AbortSignal.timeout(40_000));
}

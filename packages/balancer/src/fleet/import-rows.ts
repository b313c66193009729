import {
  type admin,
  type DeviceId,
  type GroupPath,
  invalidArgument,
  PushfleetError,
  toErrorReason,
} from '@pushfleet/protocol';
import type { Device, Fleet } from '@pushfleet/registry';
import { groupNotFound } from './groups.ts';
import { parsePutDevice, resolveHash, secretNeeded } from './parse.ts';

/** The memory that the rows of one import may take, roughly: some 500,000 rows of ordinary size. */
const greatestBytes = 256 * 1_024 * 1_024;
const bytesPerRow = 300;
export const listedErrors = 1_000;
/** Rows whose devices are looked up together. */
const lookedUpAtOnce = 256;

export interface CheckedRows {
  /** Empty where there are errors. */
  devices: Device[];
  /** The first ones, in the order of rows. */
  errors: admin.RowErrorInit[];
  errorCount: number;
}

interface Unresolved {
  row: number;
  /** Without the hash as yet. */
  device: Device;
  secret: string | undefined;
}

/** The rows of one import, checked one by one. They are kept only as long as all are good. */
export class ImportRows {
  readonly #fleet: Fleet;
  readonly #groups = new Map<GroupPath, boolean>();
  readonly #rowOf = new Map<DeviceId, number>();
  readonly #unresolved: Unresolved[] = [];
  #devices: Device[] = [];
  #errors: admin.RowErrorInit[] = [];
  #errorCount = 0;
  #row = 0;
  #bytes = 0;

  constructor(fleet: Fleet) {
    this.#fleet = fleet;
  }

  /** @throws PushfleetError PAYLOAD_TOO_LARGE, REGISTRY_UNAVAILABLE; what is wrong with the row itself is reported by `finish`. */
  async add(request: admin.ImportDevicesRequest): Promise<void> {
    const row = this.#row;
    this.#row += 1;
    try {
      await this.#check(request, row);
    } catch (error) {
      if (!(error instanceof PushfleetError) || error.field === undefined) throw error;
      this.#report(row, error);
    }
    if (this.#unresolved.length >= lookedUpAtOnce) await this.#resolveSecrets();
  }

  async finish(): Promise<CheckedRows> {
    await this.#resolveSecrets();
    const errors = this.#errors.sort((a, b) => (a.row ?? 0) - (b.row ?? 0)).slice(0, listedErrors);
    return { devices: this.#devices, errors, errorCount: this.#errorCount };
  }

  async #check(request: admin.ImportDevicesRequest, row: number): Promise<void> {
    const { secret, ...parsed } = parsePutDevice(request);
    if (request.device?.etag) throw invalidArgument('device.etag', 'absent in an import');
    const earlier = this.#rowOf.get(parsed.id);
    if (earlier !== undefined)
      throw invalidArgument('device.device_id', `another one: row ${earlier} has "${parsed.id}"`);
    if (!(await this.#hasGroup(parsed.group))) throw groupNotFound(parsed.group, 'device.group');
    this.#makeRoom(parsed.id, parsed.labels);
    this.#rowOf.set(parsed.id, row);
    const device: Device = { ...parsed, secretHash: '' };
    this.#unresolved.push({ row, device, secret });
    if (this.#errorCount === 0) this.#devices.push(device);
  }

  #makeRoom(id: DeviceId, labels: Device['labels']): void {
    const inLabels = Object.entries(labels).reduce((sum, [label, value]) => sum + label.length + value.length + 32, 0);
    this.#bytes += bytesPerRow + id.length + inLabels;
    if (this.#bytes <= greatestBytes) return;
    const message = `too many rows for one import: ${this.#row}; import them in parts. Nothing was imported`;
    throw new PushfleetError('PAYLOAD_TOO_LARGE', message);
  }

  /** A device without a secret in its row keeps the one that it has; the same secret keeps its hash, and tickets are good. */
  async #resolveSecrets(): Promise<void> {
    const waiting = this.#unresolved.splice(0);
    if (waiting.length === 0) return;
    const known = await this.#fleet.getDevices(waiting.map(({ device }) => device.id));
    for (const { row, device, secret } of waiting) {
      const hash = resolveHash(secret, known.get(device.id)?.secretHash);
      if (hash === undefined) this.#report(row, secretNeeded());
      else device.secretHash = hash;
    }
  }

  async #hasGroup(path: GroupPath): Promise<boolean> {
    const known = this.#groups.get(path);
    if (known !== undefined) return known;
    const exists = await this.#fleet.hasGroup(path);
    this.#groups.set(path, exists);
    return exists;
  }

  #report(row: number, { code, field = '', message }: PushfleetError): void {
    this.#errorCount += 1;
    // Nothing will be written: the rows are of no more use.
    this.#devices = [];
    // Missing secrets are found later than what is wrong with later rows; the first ones are sorted out at the end.
    if (this.#errors.length >= listedErrors + lookedUpAtOnce) return;
    this.#errors.push({ row, reason: toErrorReason(code), field, message });
  }
}

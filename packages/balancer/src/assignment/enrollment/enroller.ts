import { type DeviceId, type GroupPath, PushfleetError } from '@pushfleet/protocol';
import { hashSecret, type KeptEnrollmentToken, type Registry, verifySecret, writeEvent } from '@pushfleet/registry';
import { type Clock, type DeviceSignIns, type Logger, meter, metrics } from '@pushfleet/runtime';
import type { AssignmentQueue, Caller } from '../assignment-queue.ts';
import { assertNotLocked, guardSignIn } from '../guarded-sign-in.ts';
import { digestEnrollmentToken } from './enrollment-token.ts';

/** A new device's wish, validated. */
export interface EnrollmentQuery {
  deviceId: DeviceId;
  token: string;
  /** Chosen by the device: whoever asks again with it is the same device. */
  secret: string;
}

export interface EnrollerOptions {
  registry: Pick<Registry, 'enrollmentTokens' | 'events' | 'fleet'>;
  /** Counts credentials that are bad. */
  signIns?: DeviceSignIns;
  /** Those who ask wait together with those who ask for an assignment. */
  queue: Pick<AssignmentQueue, 'run'>;
  clock: Pick<Clock, 'wallMs'>;
  logger: Logger;
}

/**
 * Registers new devices that show an enrollment token, each once. The same question may be asked again, also after the token has ended:
 * a device whose secret is that of the question is registered.
 */
export class Enroller {
  readonly #options: EnrollerOptions;

  constructor(options: EnrollerOptions) {
    this.#options = options;
  }

  /**
   * Resolves with the group of the device.
   * @throws PushfleetError BAD_CREDENTIAL, TOO_MANY_ATTEMPTS, ENROLLMENT_TOKEN_ENDED, ALREADY_EXISTS, REGISTRY_UNAVAILABLE, OVERLOADED
   */
  async enroll(query: EnrollmentQuery, caller: Caller): Promise<GroupPath> {
    try {
      const guarded = { signIns: this.#options.signIns, deviceId: query.deviceId, caller };
      assertNotLocked(guarded);
      const group = await this.#options.queue.run(caller, () => guardSignIn(guarded, () => this.#enroll(query)));
      meter.count(metrics.enrollments, 'ENROLLED');
      return group;
    } catch (error) {
      const { code } = error instanceof PushfleetError ? error : ({ code: 'INTERNAL' } as const);
      meter.count(metrics.enrollments, code);
      if (code === 'BAD_CREDENTIAL') meter.count(metrics.failedSignIns, 'enrollment-token');
      throw error;
    }
  }

  async #enroll({ deviceId, token: shown, secret }: EnrollmentQuery): Promise<GroupPath> {
    const { fleet, enrollmentTokens } = this.#options.registry;
    const { id, hash } = digestEnrollmentToken(shown);
    const [known, token] = await Promise.all([fleet.getDevice(deviceId), enrollmentTokens.get(id)]);
    if (known && verifySecret(secret, known.secretHash)) return known.group;
    if (token?.hash !== hash) throw new PushfleetError('BAD_CREDENTIAL', 'there is no such enrollment token');
    await this.#assertGood(token);
    if (known) throw alreadyThere(deviceId);
    const turn = await enrollmentTokens.take(id, deviceId);
    if (turn !== 'taken') throw ended(token, turn === 'used-up' ? usedUp(token) : 'was revoked');
    const { group } = token;
    const device = { id: deviceId, group, secretHash: hashSecret(secret), labels: {}, linkKinds: [] };
    const created = await fleet.createDevice(device);
    await enrollmentTokens.settle(id, deviceId);
    if (created === 'created') {
      this.#tell(deviceId, token);
      return group;
    }
    // Somebody registered it in this moment: the same device, which asked twice, or another one of the same id.
    if (verifySecret(secret, created.secretHash)) return created.group;
    throw alreadyThere(deviceId);
  }

  /** @throws PushfleetError ENROLLMENT_TOKEN_ENDED, unless the token may be good for somebody. */
  async #assertGood(token: KeptEnrollmentToken): Promise<void> {
    if (token.revokedAtMs !== undefined) throw ended(token, 'was revoked');
    if (token.expiresAtMs <= this.#options.clock.wallMs()) throw ended(token, 'has expired');
    const isThere = await this.#options.registry.fleet.hasGroup(token.group);
    if (!isThere) throw ended(token, `is for group "${token.group}", which is not there any more`);
  }

  #tell(device: DeviceId, { id, group }: KeptEnrollmentToken): void {
    const { registry, clock, logger } = this.#options;
    const reason = `with enrollment token ${id}`;
    logger.info({ deviceId: device, group, enrollmentToken: id }, 'a device has registered itself');
    writeEvent({ events: registry.events, clock, logger }, { kind: 'device-enrolled', device, group, reason });
  }
}

function usedUp({ count }: KeptEnrollmentToken): string {
  return `is used up: ${count} of ${count} devices have registered`;
}

function ended({ id }: KeptEnrollmentToken, how: string): PushfleetError {
  return new PushfleetError('ENROLLMENT_TOKEN_ENDED', `the enrollment token ${id} ${how}`);
}

function alreadyThere(device: DeviceId): PushfleetError {
  const message = `there is a device "${device}" with another secret; it stays as it is. Delete it first, or take another id`;
  return new PushfleetError('ALREADY_EXISTS', message);
}

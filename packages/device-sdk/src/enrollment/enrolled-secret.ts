import { randomBytes } from 'node:crypto';
import type { SecretStore, StoredSecret } from './secret-store.ts';

const secretBytes = 32;

/**
 * The secret of a device that registers itself. It is kept before anybody is told of it, so that a registration whose answer was lost is
 * asked for again with the same secret, and is the same registration. Once it is known to be registered it is never registered again: a
 * device that was removed stays so.
 */
export class EnrolledSecret {
  readonly #store: SecretStore;
  #stored: StoredSecret | undefined;

  constructor(store: SecretStore) {
    this.#store = store;
  }

  /**
   * The secret of the registered device.
   * @param register Called where the device may not be registered with this secret.
   */
  async show(register: (secret: string) => Promise<unknown>): Promise<string> {
    this.#stored ??= (await this.#store.load()) ?? (await this.#make());
    const { secret, registered } = this.#stored;
    if (registered) return secret;
    await register(secret);
    await this.#keep({ secret, registered: true });
    return secret;
  }

  #make(): Promise<StoredSecret> {
    return this.#keep({ secret: randomBytes(secretBytes).toString('base64url'), registered: false });
  }

  async #keep(stored: StoredSecret): Promise<StoredSecret> {
    await this.#store.save(stored);
    this.#stored = stored;
    return stored;
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RedisUser, redisUserLine, redisUserName, registrySettings } from '@pushfleet/registry';
import { CommandFailure } from '../output/failure.ts';
import { writePublicFile } from './private-file.ts';

/** The value of PUSHFLEET_REDIS_KEY_PREFIX where it is not set. */
export const defaultKeyPrefix = registrySettings.redisKeyPrefix.fallback;

const fileName = 'redis-users.acl';
/** Nobody gets in without saying who he is. */
const nobody = 'user default off resetchannels resetkeys -@all';

/**
 * The users of Redis, in the file that Redis reads: `aclfile`. It holds hashes of passwords, which are 256 random bits, so that the
 * Redis server may be another user of the machine than pushfleet.
 */
export class RedisUsers {
  readonly path: string;
  readonly #keyPrefix: string;

  constructor(stateDir: string, keyPrefix: string) {
    this.path = join(stateDir, fileName);
    this.#keyPrefix = keyPrefix;
  }

  /** The file as it is. */
  get text(): string {
    return `${this.#lines().join('\n')}\n`;
  }

  /** `undefined`: there is no such user. */
  lineOf(user: RedisUser): string | undefined {
    const name = redisUserName(this.#keyPrefix, user);
    return this.#lines().find((line) => line.split(' ')[1] === name);
  }

  /** Adds the user, or gives it this password. `false`: it is there like that. */
  put(user: RedisUser, password: string): boolean {
    const line = redisUserLine(this.#keyPrefix, user, password);
    if (this.#lines().includes(line)) return false;
    this.#write([...this.#without(user), line]);
    return true;
  }

  /** `false`: it was not there. */
  remove(user: RedisUser): boolean {
    const others = this.#without(user);
    if (others.length === this.#lines().length) return false;
    this.#write(others);
    return true;
  }

  #without(user: RedisUser): string[] {
    const name = redisUserName(this.#keyPrefix, user);
    return this.#lines().filter((line) => line.split(' ')[1] !== name);
  }

  #lines(): string[] {
    try {
      return readFileSync(this.path, 'utf8').split('\n').filter(Boolean);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      if (code === 'ENOENT') return [nobody];
      throw new CommandFailure(`cannot read ${this.path} (${code})`, { cause });
    }
  }

  #write(lines: readonly string[]): void {
    writePublicFile(this.path, `${lines.join('\n')}\n`);
  }
}

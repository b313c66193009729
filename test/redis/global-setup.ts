import { installRedis } from './find-redis.ts';

/**
 * Once per test run, before any test file: parallel files must not race to install. Where it does not work out, the
 * tests that need Redis say so; the others go on.
 */
export async function setup(): Promise<void> {
  try {
    await installRedis();
  } catch (error) {
    console.warn(`redis-server could not be installed: ${error instanceof Error ? error.message : error}`);
  }
}

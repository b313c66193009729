import { GenericContainer, type StartedTestContainer, Wait } from 'testcontainers';
import { findFreePorts } from '../cluster/free-ports.ts';
import { waitForPong } from './redis-port.ts';
import type { RunningRedis } from './running-redis.ts';

/** The oldest that pushfleet supports: nothing newer may be needed. */
const image = 'redis:6.2-alpine';
const redisPort = 6379;

/** Runs Redis in a container, on a port of this machine that stays the same when it restarts. */
export async function startRedisContainer(extra: string[]): Promise<RunningRedis> {
  const [port = 0] = await findFreePorts(1, { host: '0.0.0.0' });
  let container: StartedTestContainer | undefined = await start(port, extra);
  const host = container.getHost();
  await waitForPong(host, port);
  const stop = async () => {
    await container?.stop({ timeout: 0 });
    container = undefined;
  };
  return {
    url: `redis://${host}:${port}`,
    stop,
    restart: async () => {
      await stop();
      container = await start(port, extra);
      await waitForPong(host, port);
    },
  };
}

function start(port: number, extra: string[]): Promise<StartedTestContainer> {
  return new GenericContainer(image)
    .withExposedPorts({ container: redisPort, host: port })
    .withCommand(['redis-server', ...extra])
    .withWaitStrategy(Wait.forListeningPorts())
    .start();
}

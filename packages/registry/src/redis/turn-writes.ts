import type { Socket } from 'node:net';
import { Cluster, type Redis } from 'ioredis';

/** The member of ioredis that it does not declare. Tests hold it to this. */
interface Connection {
  stream?: Socket;
}

/**
 * Makes a client write what it sends in one turn of the event loop in one piece, at the end of that turn. A write to a socket costs
 * this process 15 to 25 µs, and so does each that Redis has to read, whatever it says: where many devices come, that is as much
 * as the commands themselves.
 */
export function writeOncePerTurn(client: Redis | Cluster): void {
  if (client instanceof Cluster) client.on('+node', (server: Redis) => watch(server));
  else watch(client);
}

function watch(server: Redis): void {
  // Not before: its greetings are one at a time, and others wait for them.
  server.on('ready', () => {
    const { stream } = server as unknown as Connection;
    if (stream) gatherWrites(stream);
  });
}

function gatherWrites(stream: Socket): void {
  const write = stream.write;
  const flush = () => stream.uncork();
  const gather = (...args: unknown[]): boolean => {
    if (stream.writableCorked === 0) {
      stream.cork();
      setImmediate(flush);
    }
    return Reflect.apply(write, stream, args);
  };
  stream.write = gather;
}

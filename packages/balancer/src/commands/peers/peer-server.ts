import type { ServerWritableStream, UntypedServiceImplementation } from '@grpc/grpc-js';
import { type balancer, limits } from '@pushfleet/protocol';
import { PeerService } from '@pushfleet/protocol/balancer';
import type { AttendedTime, Barrier, ClusterNetwork, ClusterPort, Logger } from '@pushfleet/runtime';
import { commandNotFound, unary } from '../../errors.ts';
import { listen } from '../../net/listen.ts';
import { parseReason, parseRef, viewCommand } from '../command-record.ts';
import { CommandWatches } from '../command-watch.ts';
import type { CommandEngine } from '../engine.ts';
import type { PeerStatus } from './peer-client.ts';

/** The direct commands that this balancer took. */
type LocalCommands = Pick<CommandEngine, 'find' | 'cancel' | 'subscribe' | 'unsubscribe'>;

type WatchCall = ServerWritableStream<balancer.WatchCommandRequest, balancer.WatchCommandResponseInit>;

export interface PeerServerOptions {
  balancerId: string;
  commands: LocalCommands;
  /** Tells the others how this balancer is. */
  status(): Omit<PeerStatus, 'balancerId'>;
  at: { host: string; port: number };
  network: ClusterNetwork;
  /** A client must have finished its handshake, and have sent its request, by then. */
  greetingDeadlineMs?: number;
  barrier: Barrier;
  attended: AttendedTime;
  logger: Logger;
}

/** Each watch that another balancer passes on takes a call. */
const callsPerConnection = 4_096;
/** Each of the other balancers, 64 at most, has one or two. */
const connectionLimits = { connections: 256, unauthenticated: 64, unauthenticatedPerAddress: 64 };

/** Answers other balancers, on a port for members of the cluster, about the direct commands of this one. */
export class PeerServer implements AsyncDisposable {
  readonly #options: PeerServerOptions;
  readonly #listener: ClusterPort;
  readonly #watches: CommandWatches;

  constructor(options: PeerServerOptions) {
    this.#options = options;
    this.#watches = new CommandWatches(options.commands, options.logger);
    this.#listener = options.network.createPort({
      ...{ ...options, callsPerConnection, connectionLimits, maxMessageBytes: limits.greetingBytes },
      // Longer than a client that is not used keeps its connection.
      idleMs: 300_000,
      service: PeerService.service,
      handlers: this.#handlers() as unknown as UntypedServiceImplementation,
    });
  }

  get port(): number {
    return this.#listener.port;
  }

  /** @throws PushfleetError INVALID_ARGUMENT that names the setting. */
  async start(): Promise<void> {
    await listen(this.#listener, this.#options.at, 'PUSHFLEET_PEER_PORT', 'PUSHFLEET_PEER_BIND');
  }

  /** Ends the watches. Where commands stand is answered until the end. */
  stop(): void {
    this.#watches.stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
  }

  #handlers(): balancer.PeerServiceHandlers {
    const { balancerId, commands, status, logger } = this.#options;
    return {
      GetStatus: unary<balancer.GetStatusRequest, balancer.GetStatusResponseInit>(logger, async () => ({
        balancerId,
        ...status(),
      })),
      GetCommand: unary<balancer.GetCommandRequest, balancer.GetCommandResponseInit>(logger, async (request) => {
        const command = await commands.find(parseRef(request));
        return { balancerId, command: command ? viewCommand(command) : null };
      }),
      CancelCommand: unary<balancer.CancelCommandRequest, balancer.CancelCommandResponseInit>(
        logger,
        async (request) => {
          const cancelled = await commands.cancel(parseRef(request), parseReason(request.reason));
          return { balancerId, command: cancelled.kind === 'unknown' ? null : viewCommand(cancelled.command) };
        },
      ),
      WatchCommand: (call: WatchCall) =>
        void this.#watches.serve(
          call,
          (command) => ({ balancerId, command }),
          async ({ id }) => {
            throw commandNotFound(id);
          },
        ),
    };
  }
}

import type { ServiceError } from '@grpc/grpc-js';
import { type admin, fromStatus, hasEnded, isDurable, PushfleetError, plainReason } from '@pushfleet/protocol';
import type { BalancerRecord, Balancers } from '@pushfleet/registry';
import { InFlight, type ServerStream } from '@pushfleet/runtime';
import { commandNotFound, overloaded } from '../../errors.ts';
import { balancerOf } from '../command-id.ts';
import type { CommandRef } from '../engine.ts';
import type { Peer, PeerAnswer } from './peer-client.ts';

/** How many questions may be in flight to other balancers. */
const capacity = 1_000;

export interface PeerCommandsOptions {
  /** The id of this balancer, which is not asked. */
  balancerId: string;
  balancers: Pick<Balancers, 'list'>;
  peerAt(address: string): Peer;
}

interface Found {
  balancer: BalancerRecord;
  peer: Peer;
  command: admin.CommandRecord;
}

type Question = (peer: Peer) => Promise<PeerAnswer>;

/**
 * Direct commands that other balancers have. An id that a balancer made names the one that is asked; for any other all of
 * them are asked side by side, and the first that has the command answers. All methods reject with a PushfleetError:
 * COMMAND_NOT_FOUND: none of those in question has the command, or the one that took it is gone, and nobody knows any more.
 * BALANCER_UNAVAILABLE: one that has it, or may have it, does not answer. REGISTRY_UNAVAILABLE: it is not known who there is.
 * OVERLOADED: too many questions are in flight.
 */
export class PeerCommands {
  readonly #options: PeerCommandsOptions;
  readonly #questions = new InFlight();

  constructor(options: PeerCommandsOptions) {
    this.#options = options;
  }

  async find(ref: CommandRef): Promise<admin.CommandRecord> {
    return (await this.#ask(ref, (peer) => peer.get(ref))).command;
  }

  async cancel(ref: CommandRef, reason: string): Promise<admin.CommandRecord> {
    return (await this.#ask(ref, (peer) => peer.cancel(ref, reason))).command;
  }

  /** Passes on what the balancer that has the command says of it, until it ends; resolves as soon as that has begun. */
  async watch(ref: CommandRef, stream: ServerStream<admin.CommandRecordInit, unknown>): Promise<void> {
    const { balancer, peer } = await this.#ask(ref, (one) => one.get(ref));
    if (!stream.isOpen) return;
    const fail = (error: PushfleetError) => {
      if (stream.isOpen) stream.fail(error);
    };
    const stop = peer.watch(ref, {
      onAnswer: ({ command }) => {
        if (!command) return fail(commandNotFound(ref.id));
        stream.write([command]);
        if (command.status && hasEnded(command.status.outcome)) stream.end();
      },
      onEnd: (error) => fail(error ? failureOf(balancer, error) : commandNotFound(ref.id)),
    });
    void stream.closed.then(stop);
  }

  async #ask(ref: CommandRef, question: Question): Promise<Found> {
    const named = balancerOf(ref.id);
    if (isDurable(ref.id) || named === this.#options.balancerId) throw commandNotFound(ref.id);
    if (this.#questions.size >= capacity) throw overloaded('too many questions to other balancers are in flight');
    return this.#questions.track(this.#askOthers(ref, named, question));
  }

  async #askOthers(ref: CommandRef, named: string | undefined, question: Question): Promise<Found> {
    const others = (await this.#options.balancers.list()).filter(
      ({ balancerId }) => balancerId !== this.#options.balancerId && (named ?? balancerId) === balancerId,
    );
    if (named !== undefined && others.length === 0) throw balancerGone(ref.id, named);
    try {
      return await Promise.any(others.map((balancer) => this.#askOne(ref, balancer, question)));
    } catch (error) {
      const { errors } = error as AggregateError;
      throw errors.find((one) => (one as PushfleetError).code !== 'COMMAND_NOT_FOUND') ?? commandNotFound(ref.id);
    }
  }

  async #askOne(ref: CommandRef, balancer: BalancerRecord, question: Question): Promise<Found> {
    const peer = this.#options.peerAt(balancer.peerAddress);
    const { balancerId, command } = await question(peer).catch((error: ServiceError) => {
      throw failureOf(balancer, error);
    });
    if (balancerId !== balancer.balancerId) throw unavailable(balancer, 'another balancer answers there');
    if (!command) throw commandNotFound(ref.id);
    return { balancer, peer, command };
  }
}

/** That the command is not kept is said as it is; whatever else went wrong there leaves open how the command stands. */
function failureOf(balancer: BalancerRecord, cause: ServiceError): PushfleetError {
  const error = fromStatus(cause);
  return error.code === 'COMMAND_NOT_FOUND'
    ? error
    : unavailable(balancer, plainReason(cause.details || cause.message), cause);
}

function unavailable({ balancerId, peerAddress }: BalancerRecord, reason: string, cause?: unknown): PushfleetError {
  const message = `balancer "${balancerId}" at ${peerAddress}, which may have the command, does not answer: ${reason}`;
  return new PushfleetError('BALANCER_UNAVAILABLE', message, { cause });
}

function balancerGone(id: string, balancerId: string): PushfleetError {
  const message = `balancer "${balancerId}", which took the direct command "${id}", is gone: it has ended, or said nothing for 15 s`;
  return new PushfleetError('COMMAND_NOT_FOUND', message, { field: 'command_id' });
}

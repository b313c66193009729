import { type ClientDuplexStream, type StatusObject, status } from '@grpc/grpc-js';
import { closeReasonOf, type device, limits } from '@pushfleet/protocol';
import type { DeviceLinkService } from '@pushfleet/protocol/device';
import { afterAttention, type Clock } from '../clock.ts';
import { outputBytes } from '../commands/ending.ts';
import { KeepAlive } from '../keep-alive.ts';
import type { DeviceKeepAlive } from '../keep-alive-interval.ts';
import {
  goodbyeMs,
  type Link,
  type LinkEnd,
  type LinkEvents,
  type LinkSettings,
  linkEnd,
  type OpenLink,
  proofMs,
  type RedirectTarget,
  serverSilent,
} from '../link.ts';
import { UnprovenResults } from '../unproven-results.ts';

/** A client with a channel of its own. */
export type ConnectToPushServer = (server: device.Server) => InstanceType<typeof DeviceLinkService>;

type Connect = ClientDuplexStream<device.ConnectRequestInit, device.ConnectResponse>;

export function grpcLinks(settings: LinkSettings, connect: ConnectToPushServer): OpenLink {
  return (server, ticket, events) => new GrpcLink(connect(server), settings, ticket, events);
}

/** The Network Agent link: `DeviceLinkService.Connect` on a channel of its own. */
class GrpcLink implements Link {
  readonly #client: InstanceType<typeof DeviceLinkService>;
  readonly #call: Connect;
  readonly #clock: Clock;
  readonly #deviceKeepAlive: DeviceKeepAlive;
  readonly #events: LinkEvents;
  readonly #closed = Promise.withResolvers<void>();
  readonly #unproven = new UnprovenResults();
  /** Commands of this turn of the event loop that are not confirmed yet. */
  #unsaid: Set<string> | undefined;
  /** Callbacks for when the server has stored the result of a durable command, by command. */
  #unreceived: Map<string, () => void> | undefined;
  #deadline: Disposable;
  #keepAlive: KeepAlive | undefined;
  #redirect: RedirectTarget | undefined;
  #status: StatusObject | undefined;
  #welcomed = false;
  #read = false;
  #ended = false;

  constructor(
    client: InstanceType<typeof DeviceLinkService>,
    settings: LinkSettings,
    ticket: string,
    events: LinkEvents,
  ) {
    this.#client = client;
    this.#clock = settings.clock;
    this.#deviceKeepAlive = settings.keepAlive;
    this.#events = events;
    this.#call = client.connect();
    this.#deadline = afterAttention(settings.clock, limits.greetingDeadlineMs, () => {
      this.#end(linkEnd('linkLost', `no Welcome within ${limits.greetingDeadlineMs} ms`));
    });
    this.#listen();
    const operations = [...settings.operations()];
    this.#send({ hello: { ticket, agent: settings.agent, operations, keepAliveMs: settings.keepAlive.wishedMs } });
  }

  get congested(): boolean {
    return this.#call.writableNeedDrain;
  }

  report(result: device.CommandResult, sent?: () => void, durable = false): void {
    // A result says that the command has come, too: what ends at once costs one message.
    if (result.outcome !== 'running') this.#unsaid?.delete(result.commandId);
    this.#send({ result });
    if (sent === undefined) return;
    if (!durable) {
      this.#keepAlive?.askWithin(proofMs);
      return this.#unproven.add(outputBytes(result), sent);
    }
    this.#unreceived ??= new Map();
    this.#unreceived.set(result.commandId, sent);
  }

  close(): Promise<void> {
    if (!this.#ended && this.#call.writable) {
      this.#send({ goodbye: {} });
      this.#call.end();
      this.#deadline[Symbol.dispose]();
      this.#deadline = this.#clock.after(goodbyeMs, () => this.#end(linkEnd('goodbye')));
    }
    return this.#closed.promise;
  }

  #listen(): void {
    this.#call.on('data', (message: device.ConnectResponse) => this.#onMessage(message));
    this.#call.on('drain', () => this.#call.resume());
    // The status has it too, and also comes where there is no error.
    this.#call.on('error', () => undefined);
    this.#call.on('status', (end: StatusObject) => {
      this.#status = end;
      this.#call.resume();
      this.#onOver();
    });
    this.#call.on('end', () => {
      this.#read = true;
      this.#onOver();
    });
  }

  #onMessage(message: device.ConnectResponse): void {
    if (this.#ended) return;
    this.#keepAlive?.heard();
    const { welcome, command, pong, redirect, cancel, resultReceived } = message;
    if (welcome) this.#onWelcome(welcome);
    else if (command) this.#onCommand(command);
    else if (pong) this.#unproven.onPong();
    else if (cancel) this.#events.cancel(cancel.commandId, cancel.reason);
    else if (resultReceived) this.#onReceived(resultReceived.commandId);
    else if (redirect?.server) this.#redirect = redirect.server;
  }

  #onWelcome({ keepAliveMs }: device.Welcome): void {
    if (this.#welcomed) return;
    this.#welcomed = true;
    this.#deadline[Symbol.dispose]();
    if (keepAliveMs > 0) {
      this.#keepAlive = new KeepAlive({
        clock: this.#clock,
        intervalMs: () => this.#deviceKeepAlive.intervalMs(keepAliveMs),
        ping: () => this.#ping(),
        lost: () => this.#end(serverSilent),
        held: () => this.#deviceKeepAlive.onHeld(),
        halfOpen: () => this.#deviceKeepAlive.onHalfOpen(),
      });
    }
    this.#events.welcomed();
  }

  #onReceived(commandId: string): void {
    const sent = this.#unreceived?.get(commandId);
    this.#unreceived?.delete(commandId);
    sent?.();
  }

  #onCommand({ commandId, operation, finishWithinMs, durable }: device.Command): void {
    const command = { id: commandId, operation: operation ?? undefined, finishWithinMs, durable };
    this.#events.command(command, () => this.#confirmSoon(commandId));
  }

  #confirmSoon(commandId: string): void {
    if (this.#unsaid === undefined) {
      this.#unsaid = new Set();
      setImmediate(() => this.#confirm());
    }
    this.#unsaid.add(commandId);
  }

  #confirm(): void {
    const unsaid = this.#unsaid;
    this.#unsaid = undefined;
    for (const commandId of unsaid ?? []) this.#send({ delivered: { commandId } });
  }

  #ping(): void {
    this.#unproven.onPing();
    this.#send({ ping: {} });
  }

  #send(message: device.ConnectRequestInit): void {
    if (this.#ended) return;
    this.#keepAlive?.sent();
    // While our own words do not leave, no more commands are taken.
    if (!this.#call.write(message)) this.#call.pause();
  }

  /** The status may overtake messages that were received before it, e.g. a Redirect: both must be through. */
  #onOver(): void {
    if (this.#status !== undefined && this.#read) this.#end(this.#endOf(this.#status));
  }

  #endOf(end: StatusObject): LinkEnd {
    const reason = closeReasonOf(end);
    if (reason !== undefined) return linkEnd(reason, undefined, this.#redirect);
    // A redirect without a reason is a redirect all the same.
    if (this.#redirect !== undefined) return linkEnd('useAnotherServer', undefined, this.#redirect);
    return linkEnd(
      'linkLost',
      end.code === status.OK ? 'the push server ended the link without a reason' : end.details,
    );
  }

  #end(end: LinkEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#deadline[Symbol.dispose]();
    if (end.reason === 'linkLost' && end !== serverSilent) this.#keepAlive?.broken();
    this.#keepAlive?.[Symbol.dispose]();
    this.#call.cancel();
    this.#client.close();
    this.#closed.resolve();
    this.#events.ended(end);
  }
}

import type { CloseReason, common, device } from '@pushfleet/protocol';
import type { Inbox } from './inbox.fixture.ts';

export type Said =
  | { kind: 'delivered'; id: string }
  | { kind: 'result'; result: device.CommandResult }
  | { kind: 'ping' }
  | { kind: 'goodbye' }
  | { kind: 'gone' };

/** A device's link as a push server sees it, driven by a test. */
export interface TestLink {
  ticket: string;
  /** The operations that the device declared; MQTT 3.1.1 cannot. */
  operations: string[];
  said: Inbox<Said>;
  /** `durable`: a gRPC server says when it keeps the result, see `receive`; an MQTT server confirms each. */
  send(id: string, operation: common.Operation, durable?: boolean): void;
  cancel(id: string, reason: string): void;
  /** The result of the durable command is kept. */
  receive(id: string): void;
  close(reason: CloseReason, redirect?: device.Server): void;
  /** Breaks the connection without a word. */
  cut(): void;
}

/** Speaks the real protocol on a real socket; what it does is the test's to say. */
export interface TestPushServer extends AsyncDisposable {
  server: device.Server;
  /** Links that were welcomed. */
  links: Inbox<TestLink>;
  /** While set, a device that says hello is refused. */
  refusal: { reason: CloseReason; redirect?: device.Server } | undefined;
  /** While set, pings are not answered. */
  silent: boolean;
}

export interface TestServerOptions {
  nodeId?: string;
  tls?: { cert: string; key: string };
  keepAliveMs?: number;
}

import type { admin } from '@pushfleet/protocol';
import type { Registry } from '@pushfleet/registry';
import type { Clock, Live, Logger } from '@pushfleet/runtime';
import { AccessControl } from './access-control.ts';
import { AuditLog } from './audit-log.ts';
import { type ConsoleSessionSettings, ConsoleSessions } from './console-sessions.ts';
import { SignInCodes } from './sign-in-codes.ts';
import { TokenDirectory } from './token-directory.ts';
import { tokenHandlers } from './token-service.ts';

export interface ApiAccessOptions extends ConsoleSessionSettings {
  registry: Pick<
    Registry,
    'apiTokens' | 'audit' | 'consoleSessions' | 'enrollmentTokens' | 'fleet' | 'groupPushes' | 'signInCodes'
  >;
  /** The token of the balancers' file. */
  adminToken: Live<string>;
  /** The HTTP port on which this balancer listens. */
  restPort(): number;
  clock: Clock;
  logger: Logger;
}

/** API tokens, the rights of their holders, and the audit of what they do. */
export class ApiAccess implements AsyncDisposable {
  readonly tokens: TokenDirectory;
  readonly control: AccessControl;
  readonly handlers: admin.TokenServiceHandlers;
  readonly audit: AuditLog;
  readonly sessions: ConsoleSessions;
  readonly signInCodes: SignInCodes;

  constructor(options: ApiAccessOptions) {
    const { registry, adminToken: rootToken, clock, logger } = options;
    this.tokens = new TokenDirectory({ tokens: registry.apiTokens, rootToken, clock, logger });
    this.audit = new AuditLog({ audit: registry.audit, clock, logger });
    // Before the access control, which ends what is left of a token's calls: those of a session end with it.
    this.sessions = new ConsoleSessions({ ...options, grants: registry.consoleSessions, tokens: this.tokens });
    this.signInCodes = new SignInCodes({ grants: registry.signInCodes, tokens: this.tokens, clock });
    this.control = new AccessControl({ tokens: this.tokens, registry, audit: this.audit, logger });
    const callerOf = (call: object) => this.control.callerOf(call);
    this.handlers = tokenHandlers({
      ...{ tokens: registry.apiTokens, directory: this.tokens, signInCodes: this.signInCodes },
      ...{ restPort: options.restPort, callerOf, clock, logger },
    });
  }

  async start(): Promise<void> {
    await this.tokens.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.sessions[Symbol.dispose]();
    this.tokens[Symbol.dispose]();
    await this.audit[Symbol.asyncDispose]();
  }
}

import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { cutText, limits, PushfleetError, toStatus } from '@pushfleet/protocol';
import {
  CommandService,
  EventService,
  FleetService,
  loadAdminTypes,
  MaintenanceService,
  OverviewService,
  TokenService,
} from '@pushfleet/protocol/admin';
import { type Clock, type Logger, SignInLock } from '@pushfleet/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessControl } from '../access/access-control.ts';
import { viewToken } from '../access/token-service.ts';
import { toRequestError } from '../net/http-host.ts';
import { EventStreamCall, UnaryCall } from './in-process-call.ts';
import { openApiDocument, typesOf } from './openapi.ts';
import { addressOf, assertPrivate } from './peer.ts';
import { sendProblem, toProblem, writeProblem } from './problem.ts';
import { ownTokenRoute, type RestRoute, restRoutes } from './routes.ts';
import { describeSessions, sessionRoutes } from './session-document.ts';
import {
  consoleSignInPolicy,
  SessionRoutes,
  type SessionRoutesOptions,
  type SignedIn,
  sessionExpired,
} from './session-routes.ts';
import { Transcoder } from './transcoder.ts';

export interface RestApiOptions extends Omit<SessionRoutesOptions, 'showToken' | 'lock'> {
  /** The handlers of gRPC calls, by service: `Command`, `Fleet`, … */
  handlers: Readonly<Record<'Command' | 'Event' | 'Fleet' | 'Maintenance' | 'Overview' | 'Token', object>>;
  access: Pick<AccessControl, 'restrict' | 'setCaller'>;
  clock: Clock;
  logger: Logger;
}

const definitions = {
  ...{ Command: CommandService, Event: EventService, Fleet: FleetService },
  ...{ Maintenance: MaintenanceService, Overview: OverviewService, Token: TokenService },
};
type ServiceName = keyof typeof definitions;

const restPrefix = '/v1';

/** A stream on which nothing happens says so this often: connections without a byte are closed after ten seconds. */
const beatMs = 4_000;

/**
 * The REST API under /v1: each route is a method of the admin API, with its handler, its access rule and its audit. The document
 * that describes it is at /openapi.json, a page that shows it at /docs.
 */
export class RestApi implements Disposable {
  readonly #options: RestApiOptions;
  readonly #handlers: ReadonlyMap<string, UntypedServiceImplementation>;
  readonly #types = loadAdminTypes();
  readonly #sessionRoutes: SessionRoutes;
  readonly #signedIn = new WeakMap<FastifyRequest, SignedIn>();
  readonly #streams = new Set<EventStreamCall>();
  readonly #beat: Disposable;

  constructor(options: RestApiOptions) {
    this.#options = options;
    this.#handlers = new Map(
      (Object.keys(definitions) as ServiceName[]).map((name) => {
        const service = definitions[name].service as unknown as ServiceDefinition;
        return [
          name,
          options.access.restrict(service, options.handlers[name] as UntypedServiceImplementation),
        ] as const;
      }),
    );
    const ownToken = new Transcoder(ownTokenRoute, typesOf(ownTokenRoute, this.#types));
    const showToken: SessionRoutesOptions['showToken'] = (caller) => ownToken.toBody({ apiToken: viewToken(caller) });
    this.#sessionRoutes = new SessionRoutes({
      ...options,
      lock: new SignInLock(options.clock, consoleSignInPolicy),
      showToken,
    });
    this.#beat = options.clock.every(beatMs, () => {
      for (const stream of this.#streams) stream.beat();
    });
  }

  /** Adds the routes. */
  async addTo(app: FastifyInstance): Promise<void> {
    const document = openApiDocument(restRoutes, this.#types, describeSessions) as never;
    await app.register(swagger, { mode: 'static', specification: { document } });
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { docExpansion: 'list' } });
    app.get('/openapi.json', () => document);
    await app.register(cookie, { hook: false });
    await app.register((v1, _options, done) => this.#addRoutes(v1, done), { prefix: restPrefix });
  }

  /** Sends watchers away. */
  [Symbol.dispose](): void {
    this.#beat[Symbol.dispose]();
    for (const stream of this.#streams) stream.leave();
  }

  #addRoutes(v1: FastifyInstance, done: () => void): void {
    // Fastify's other parser: what is no JSON is refused as such.
    v1.removeContentTypeParser('text/plain');
    takeEmptyBodies(v1);
    v1.setErrorHandler((error, request, reply) => this.#sendError(error, request, reply));
    v1.setNotFoundHandler((request, reply) => this.#sendNoRoute(request, reply));
    v1.addHook('onRequest', async (request, reply) => {
      reply.header('x-content-type-options', 'nosniff');
      await this.#authenticate(request);
    });
    for (const route of restRoutes) this.#addRoute(v1, route);
    this.#sessionRoutes.addTo(v1);
    done();
  }

  /** Known of each request that has come to a handler. */
  #signedInBy(request: FastifyRequest): SignedIn {
    return this.#signedIn.get(request) as SignedIn;
  }

  #addRoute(app: FastifyInstance, route: RestRoute): void {
    const types = typesOf(route, this.#types);
    const transcoder = new Transcoder(route, types);
    const [service = '', method = ''] = route.method.split('/');
    const handler = this.#handlers.get(service.replace('Service', ''))?.[method] as never;
    app.route({
      ...{ method: route.verb, url: route.path.slice(restPrefix.length) },
      bodyLimit: limits.frameBytes,
      handler: async (request, reply) => {
        if (route.needsToken && this.#signedInBy(request).session) throw tokenNeeded();
        const asked = transcoder.toRequest(questionOf(request));
        if (types.isStream) return this.#stream(request, reply, asked, transcoder, handler);
        const call = new UnaryCall(asked, addressOf(request), request.headers);
        this.#options.access.setCaller(call, this.#signedInBy(request).caller);
        const body = transcoder.toBody(await whileConnected(request, call, () => call.answerOf(handler)));
        const etag = transcoder.etagOf(body);
        if (etag !== undefined) reply.header('etag', etag);
        reply.header('cache-control', 'no-store').code(route.success ?? 200);
        return route.success === 204 ? reply.send() : reply.send(body);
      },
    });
  }

  #stream(
    request: FastifyRequest,
    reply: FastifyReply,
    asked: object,
    transcoder: Transcoder,
    handler: (call: EventStreamCall) => void,
  ): FastifyReply {
    const call = new EventStreamCall({
      ...{ request: asked, address: addressOf(request), response: reply.raw },
      format: (message) => transcoder.toEvents(message).map(formatEvent).join(''),
      onRefused: (error) => writeProblem(reply.raw, toProblem(error)),
    });
    const { caller, session } = this.#signedInBy(request);
    if (session?.ended.aborted) throw sessionExpired();
    reply.raw.setHeader('x-content-type-options', 'nosniff');
    this.#options.access.setCaller(call, caller);
    this.#streams.add(call);
    const onEnded = () => call.emit('error', toStatus(sessionExpired()));
    session?.ended.addEventListener('abort', onEnded, { once: true });
    call.on('cancelled', () => {
      this.#streams.delete(call);
      session?.ended.removeEventListener('abort', onEnded);
    });
    // Nothing but the headers is wanted, and a stream would hold the connection for ever.
    if (request.method === 'HEAD') call.once('opened', () => call.end());
    // Whatever becomes of it is written past Fastify, unless it is refused at once.
    queueMicrotask(() => handler(call));
    return reply.hijack();
  }

  /** @throws PushfleetError BAD_TOKEN, SESSION_EXPIRED, PERMISSION_DENIED, REGISTRY_UNAVAILABLE */
  async #authenticate(request: FastifyRequest): Promise<void> {
    assertPrivate(request);
    if ((request.routeOptions.config as { isOpen?: boolean }).isOpen) return;
    this.#signedIn.set(request, await this.#sessionRoutes.authenticate(request));
  }

  #sendNoRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const verbs = verbsAt(request.url);
    if (verbs.length > 0) reply.header('allow', verbs.join(', '));
    return sendProblem(reply, toProblem(noRoute(request, verbs)));
  }

  #sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    // Fastify reads the body of a request first, whatever there is at its path.
    if (request.is404 && !(error instanceof PushfleetError)) return this.#sendNoRoute(request, reply);
    const known = toRequestError(error, limits.frameBytes, (cause) => {
      this.#options.logger.error({ err: cause, url: request.url }, 'a request failed');
    });
    return sendProblem(reply, toProblem(known, request.headers['if-match'] !== undefined));
  }
}

/** Many clients say the content type of each request, also of one without a body: such a request has none. */
function takeEmptyBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, String(body), done);
  });
}

/** The call hears if its client goes; and its connection, which carries many requests, is rid of it afterwards. */
async function whileConnected<Answer>(
  { raw: { socket } }: FastifyRequest,
  call: UnaryCall,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  const leave = () => call.leave();
  socket.once('close', leave);
  try {
    return await answer();
  } finally {
    socket.off('close', leave);
  }
}

/** Each path of the REST API once, as it looks in a request, and what may be done there. */
const verbsByPath = Map.groupBy([...restRoutes, ...sessionRoutes], ({ path }) => path.replace(/:\w+/g, '[^/]+'));
const paths = [...verbsByPath].map(([path, routes]) => ({
  pattern: new RegExp(`^${path}$`),
  verbs: routes.flatMap(({ verb }) => (verb === 'GET' ? ['GET', 'HEAD'] : verb)),
}));

function verbsAt(url: string): string[] {
  const [path = ''] = url.split('?');
  return [...new Set(paths.filter(({ pattern }) => pattern.test(path)).flatMap(({ verbs }) => verbs))];
}

function noRoute({ method, url }: FastifyRequest, verbs: readonly string[]): PushfleetError {
  const asked = cutText(url.split('?')[0] ?? '', limits.fieldBytes);
  if (verbs.length === 0) {
    return new PushfleetError('NOT_FOUND', `there is no ${method} ${asked}; /docs shows what there is`);
  }
  return new PushfleetError('METHOD_NOT_ALLOWED', `there is no ${method} ${asked}, only ${verbs.join(', ')}`);
}

function tokenNeeded(): PushfleetError {
  return new PushfleetError('PERMISSION_DENIED', 'this needs the API token itself, not a session of the console');
}

function questionOf(request: FastifyRequest) {
  const { headers } = request;
  return {
    ...{ params: request.params as Record<string, string>, query: request.query as Record<string, string | string[]> },
    ...{ body: request.body, ifMatch: headers['if-match'], lastEventId: headers['last-event-id']?.toString() },
  };
}

function formatEvent({ id, event, data }: { id?: string; event?: string; data: unknown }): string {
  const lines = [id ? `id: ${id}` : '', event ? `event: ${event}` : '', `data: ${JSON.stringify(data)}`];
  return `${lines.filter((line) => line !== '').join('\n')}\n\n`;
}

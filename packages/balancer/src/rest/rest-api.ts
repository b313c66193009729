import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { limits, PushfleetError, toStatus } from '@pushfleet/protocol';
import {
  CommandService,
  EventService,
  FleetService,
  loadAdminTypes,
  MaintenanceService,
  OverviewService,
  TokenService,
} from '@pushfleet/protocol/admin';
import type { Clock, Logger } from '@pushfleet/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AccessControl } from '../access/access-control.ts';
import { viewToken } from '../access/token-service.ts';
import { toRequestError } from '../net/http-host.ts';
import { EventStreamCall, UnaryCall } from './in-process-call.ts';
import { type JsonSchema, type RouteTypes, routeSchema, SchemaSet } from './openapi.ts';
import { addressOf, assertPrivate } from './peer.ts';
import { sendProblem, toProblem, writeProblem } from './problem.ts';
import { ownTokenRoute, type RestRoute, restRoutes } from './routes.ts';
import {
  SessionRoutes,
  type SessionRoutesOptions,
  type SignedIn,
  sessionCookie,
  sessionExpired,
  sessionSchema,
} from './session-routes.ts';
import { Transcoder } from './transcoder.ts';

export interface RestApiOptions extends Omit<SessionRoutesOptions, 'showToken'> {
  /** The handlers of gRPC calls, by service: `Command`, `Fleet`, … */
  handlers: Readonly<Record<'Command' | 'Event' | 'Fleet' | 'Maintenance' | 'Overview' | 'Token', object>>;
  access: Pick<AccessControl, 'restrict' | 'setCaller'>;
  clock: Clock;
  logger: Logger;
}

interface DescribedRoute {
  route: RestRoute;
  types: RouteTypes;
  schema: JsonSchema;
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
  readonly #schemas = new SchemaSet();
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
    const ownToken = new Transcoder(ownTokenRoute, this.#typesOf(ownTokenRoute));
    const showToken: SessionRoutesOptions['showToken'] = (caller) => ownToken.toBody({ apiToken: viewToken(caller) });
    this.#sessionRoutes = new SessionRoutes({ ...options, showToken });
    this.#beat = options.clock.every(beatMs, () => {
      for (const stream of this.#streams) stream.beat();
    });
  }

  /** Adds the routes. */
  async addTo(app: FastifyInstance): Promise<void> {
    await app.register(swagger, { openapi: document, hideUntagged: true, refResolver });
    await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true, uiConfig: { docExpansion: 'list' } });
    app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
    await app.register(cookie, { hook: false });
    await app.register((v1, _options, done) => this.#addRoutes(v1, done), { prefix: restPrefix });
  }

  /** Sends watchers away. */
  [Symbol.dispose](): void {
    this.#beat[Symbol.dispose]();
    for (const stream of this.#streams) stream.leave();
  }

  #addRoutes(v1: FastifyInstance, done: () => void): void {
    v1.setErrorHandler((error, request, reply) => this.#sendError(error, request, reply));
    v1.setNotFoundHandler((request, reply) => sendProblem(reply, toProblem(noRoute(request))));
    v1.setValidatorCompiler(() => () => true);
    v1.setSerializerCompiler(() => (value) => JSON.stringify(value));
    v1.addHook('onRequest', async (request, reply) => {
      reply.header('x-content-type-options', 'nosniff');
      await this.#authenticate(request);
    });
    this.#schemas.add(sessionSchema);
    const routes = restRoutes.map((route) => this.#describe(route));
    for (const schema of this.#schemas.all) v1.addSchema(schema);
    for (const one of routes) this.#addRoute(v1, one);
    this.#sessionRoutes.addTo(v1);
    done();
  }

  /** Known of each request that has come to a handler. */
  #signedInBy(request: FastifyRequest): SignedIn {
    return this.#signedIn.get(request) as SignedIn;
  }

  #describe(route: RestRoute): DescribedRoute {
    const types = this.#typesOf(route);
    return { route, types, schema: routeSchema(route, types, this.#schemas) };
  }

  #typesOf(route: RestRoute): RouteTypes {
    const [service = '', method = ''] = route.method.split('/');
    const found = this.#types.lookupService(`pushfleet.admin.v1.${service}`).methods[method];
    found?.resolve();
    const { resolvedRequestType: request, resolvedResponseType: response } = found ?? {};
    if (!request || !response) throw new TypeError(`there is no method ${route.method}`);
    return { request, response, isStream: found?.responseStream === true };
  }

  #addRoute(app: FastifyInstance, { route, types, schema }: DescribedRoute): void {
    const transcoder = new Transcoder(route, types);
    const [service = '', method = ''] = route.method.split('/');
    const handler = this.#handlers.get(service.replace('Service', ''))?.[method] as never;
    app.route({
      ...{
        method: route.verb,
        url: route.path.slice(restPrefix.length),
        schema,
        bodyLimit: limits.frameBytes,
        exposeHeadRoute: false,
      },
      handler: async (request, reply) => {
        const asked = transcoder.toRequest(questionOf(request));
        if (types.isStream) return this.#stream(request, reply, asked, transcoder, handler);
        const call = new UnaryCall(asked, addressOf(request));
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
    this.#options.access.setCaller(call, caller);
    this.#streams.add(call);
    const onEnded = () => call.emit('error', toStatus(sessionExpired()));
    session?.ended.addEventListener('abort', onEnded, { once: true });
    call.on('cancelled', () => {
      this.#streams.delete(call);
      session?.ended.removeEventListener('abort', onEnded);
    });
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

  #sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const known = toRequestError(error, limits.frameBytes, (cause) => {
      this.#options.logger.error({ err: cause, url: request.url }, 'a request failed');
    });
    return sendProblem(reply, toProblem(known, request.headers['if-match'] !== undefined));
  }
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

function noRoute(request: FastifyRequest): PushfleetError {
  return new PushfleetError(
    'NOT_FOUND',
    `there is no ${request.method} ${request.url.split('?')[0]}; /docs shows what there is`,
  );
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

const document = {
  openapi: '3.1.0',
  info: {
    title: 'pushfleet',
    description: 'The admin API of a pushfleet cluster over HTTP. The same calls go over gRPC.',
    version: '1',
    license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
  },
  servers: [{ url: '/' }],
  components: {
    securitySchemes: {
      token: { type: 'http' as const, scheme: 'bearer' },
      session: { type: 'apiKey' as const, in: 'cookie' as const, name: sessionCookie },
    },
  },
};

const refResolver = { buildLocalReference: (json: { $id?: unknown }) => String(json.$id) };

import { messageAt } from '@pushfleet/protocol/admin';
import type { Field, Root, Type } from 'protobufjs';
import { commentOn, type JsonSchema, SchemaSet } from './json-schemas.ts';
import type { RestRoute } from './routes.ts';
import { sessionCookie } from './session-routes.ts';

export interface RouteTypes {
  request: Type;
  response: Type;
  isStream: boolean;
}

/** The messages of the method that a route stands for. @throws TypeError: there is no such method. */
export function typesOf(route: RestRoute, types: Root): RouteTypes {
  const [service = '', method = ''] = route.method.split('/');
  const found = types.lookupService(`pushfleet.admin.v1.${service}`).methods[method];
  found?.resolve();
  const { resolvedRequestType: request, resolvedResponseType: response } = found ?? {};
  if (!request || !response) throw new TypeError(`there is no method ${route.method}`);
  return { request, response, isStream: found?.responseStream === true };
}

/** Operations by path and verb. */
export type Paths = Record<string, Record<string, JsonSchema>>;

/** The OpenAPI document of these routes, and of what `others` adds: what they take, what they answer, and what each field means. */
export function openApiDocument(
  routes: readonly RestRoute[],
  types: Root,
  others: (types: Root, schemas: SchemaSet) => Paths,
): JsonSchema {
  const schemas = new SchemaSet();
  const paths: Paths = others(types, schemas);
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.verb.toLowerCase()]: operationOf(route, typesOf(route, types), schemas) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'pushfleet',
      description: introduction,
      version: '1',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ token: [] }, { session: [] }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes,
      responses: problemResponses,
      schemas: schemas.all,
    },
  };
}

const securitySchemes = {
  token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
  session: {
    ...{ type: 'apiKey', in: 'cookie', name: sessionCookie },
    description: 'The cookie of a session. What changes something needs the header X-CSRF-Token as well.',
  },
};

const introduction = `The admin API of a pushfleet cluster over HTTP; the same calls go over gRPC.

Fields of a body that are absent, null or empty have their defaults; a field that is not known is refused. Lists come in pages:
\`nextPageToken\` of one is the \`pageToken\` of the next. Errors are \`application/problem+json\`. Streams are server-sent events.`;

/** Subjects of the parts of the API, by the first name in their paths. */
const tags: Readonly<Record<string, string>> = {
  audit: 'Who did what by the admin API.',
  devices: 'Managed devices, their links and their commands.',
  'distribution-points': 'Hosts that may run a push server, and the settings of these.',
  events: 'What happens in the cluster.',
  'group-pushes': 'Commands for every device of a group.',
  'enrollment-tokens': 'Tokens with which new devices register themselves.',
  groups: 'The tree of administration groups.',
  nodes: 'Push servers: status, load, drains and restarts.',
  overview: 'How the whole cluster is doing, now and in the last hour.',
  rebalance: 'Moves that even out the load of push servers.',
  'rolling-restart': 'Restarting all push servers, one after the other.',
  session: 'Signing in and out with a cookie, as the console does.',
  'sign-in-codes': 'Codes of links that sign a browser in to the console, once.',
  token: 'The token that a request shows.',
  tokens: 'API tokens.',
};

function tagOf(route: RestRoute): string {
  return route.path.split('/')[2] ?? '';
}

function operationOf(route: RestRoute, types: RouteTypes, schemas: SchemaSet): JsonSchema {
  const { request } = types;
  const names = [...route.path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
  const takesBody = route.verb === 'POST' || route.verb === 'PUT';
  const description = commentOn(`pushfleet.admin.v1.${route.method.replace('/', '.')}`);
  const parameters = [
    ...names.map((name) => pathParameter(route, request, name, schemas)),
    ...(takesBody ? [] : queryParameters(request, names, schemas)),
    ...headersOf(route, types),
  ];
  return {
    operationId: route.method.replace(/^.*\//, ''),
    summary: route.summary,
    ...(description === undefined ? {} : { description }),
    tags: [tagOf(route)],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(takesBody ? bodyOf(route, request, names, schemas) : {}),
    responses: { [route.success ?? 200]: successOf(route, types, schemas), ...refusalsOf(route, types, takesBody) },
  };
}

function pathParameter(route: RestRoute, request: Type, name: string, schemas: SchemaSet): JsonSchema {
  const parts = (route.params?.[name] ?? name).split('.');
  const last = parts.pop() ?? '';
  const field = parts.reduce(messageAt, request).fields[last] as Field;
  return { name, in: 'path', required: true, ...schemas.parameterOf(field.resolve()) };
}

function queryParameters(request: Type, params: readonly string[], schemas: SchemaSet): JsonSchema[] {
  return request.fieldsArray
    .filter((field) => {
      const { resolvedType, map } = field.resolve();
      return !params.includes(field.name) && (map || !resolvedType || !('fieldsArray' in resolvedType));
    })
    .map((field) => ({ name: field.name, in: 'query', ...schemas.queryParameterOf(field) }));
}

function headersOf(route: RestRoute, { request, isStream }: RouteTypes): JsonSchema[] {
  if (isStream && request.fields.resumeToken) {
    const description = '`id` of the last event that was seen: the stream goes on after it. In place of `resumeToken`.';
    return [{ name: 'Last-Event-ID', in: 'header', description, schema: { type: 'string' } }];
  }
  if (!route.etag || route.verb !== 'PUT') return [];
  const description = 'The ETag that the resource must have: 412 where somebody has changed it since.';
  return [{ name: 'If-Match', in: 'header', description, schema: { type: 'string', pattern: '^"[^"]*"$' } }];
}

function bodyOf(route: RestRoute, request: Type, params: readonly string[], schemas: SchemaSet): JsonSchema {
  const type = route.body === undefined ? request : messageAt(request, route.body);
  const inPath = params.map((name) => (route.params?.[name] ?? name).replace(`${route.body}.`, ''));
  const { required = [] } = route;
  const schema = schemas.inputOf(type, { inPath, required });
  return { requestBody: { required: required.length > 0, content: { 'application/json': { schema } } } };
}

function successOf(route: RestRoute, { response, isStream }: RouteTypes, schemas: SchemaSet): JsonSchema {
  if (isStream) {
    return {
      description:
        'Server-sent events, each with what is said as JSON. An event named `error` says why the stream ends.',
      content: { 'text/event-stream': { schema: eventOf(response, schemas) } },
    };
  }
  if (route.success === 204) return { description: 'It is done.' };
  const type = route.answer === undefined ? response : messageAt(response, route.answer);
  const etag = { ETag: { description: 'For If-Match.', schema: { type: 'string' } } };
  return {
    description: route.success === 202 ? 'It has begun.' : route.success === 201 ? 'It is made.' : 'The answer.',
    ...(route.etag ? { headers: etag } : {}),
    content: { 'application/json': { schema: schemas.outputOf(type) } },
  };
}

/** Lists of events are told one by one, anything else as the one message that the answer holds. */
function eventOf(response: Type, schemas: SchemaSet): JsonSchema {
  const [field] = response.fieldsArray.map((one) => one.resolve());
  const said = schemas.outputOf(field?.resolvedType as Type);
  const data = { type: 'string', contentMediaType: 'application/json', contentSchema: said };
  const isEvent = field?.repeated === true;
  const properties = {
    ...(isEvent ? { id: { type: 'string', description: 'For Last-Event-ID.' } } : {}),
    ...(isEvent ? { event: { type: 'string', description: 'The kind of the event, if it has one.' } } : {}),
    data,
  };
  return { type: 'object', properties };
}

const problemSchema = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
const retryAfter = { 'Retry-After': { description: 'In seconds.', schema: { type: 'integer' } } };

/** Why a request is refused, by status. */
const problems: Readonly<Record<number, string>> = {
  400: 'The request is not well-formed; `field` says where.',
  401: 'No API token, or a wrong one.',
  403: 'The role or the scope of the token does not permit this.',
  404: 'There is no such thing; `code` says what is missing.',
  409: 'It cannot be done as things are: something is in use, exists already, or has been changed.',
  410: 'The events after `resumeToken` are no longer kept.',
  412: 'The resource no longer has the ETag of If-Match.',
  413: 'The body is too large.',
  415: 'The body is not `application/json`.',
  429: 'Too many failed sign-ins from this address.',
  500: 'An error of the balancer.',
  503: 'Not now: the registry or a push server does not answer, or too much is to be done. Ask again.',
  504: 'What was asked did not come to its end in time; it may have been done.',
};
const problemResponses = Object.fromEntries(
  Object.entries(problems).map(([status, description]) => [
    `Problem${status}`,
    { description, content: problemSchema, ...(status === '503' || status === '429' ? { headers: retryAfter } : {}) },
  ]),
);

/** Refers to the refusals of these statuses. */
export function refusals(...statuses: (number | string)[]): JsonSchema {
  return Object.fromEntries(statuses.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]));
}

function refusalsOf(route: RestRoute, { request, isStream }: RouteTypes, takesBody: boolean): JsonSchema {
  const isPresent: Readonly<Record<string, boolean>> = {
    '410': isStream && request.fields.resumeToken !== undefined,
    '412': route.etag !== undefined && route.verb === 'PUT',
    '413': takesBody,
    '415': takesBody,
    // Of sign-ins alone.
    '429': false,
  };
  return refusals(...Object.keys(problems).filter((status) => isPresent[status] ?? true));
}

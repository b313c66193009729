import type { Root } from 'protobufjs';
import type { SchemaSet } from './json-schemas.ts';
import { type Paths, refusals } from './openapi.ts';

const path = '/v1/session';

/** The routes of sessions, which are no methods of the admin API. */
export const sessionRoutes = (['POST', 'GET', 'DELETE'] as const).map((verb) => ({ verb, path }));

/** The part of the OpenAPI document that is about signing in and out by a cookie. */
export function describeSessions(types: Root, schemas: SchemaSet): Paths {
  const session = schemas.refTo('Session', {
    type: 'object',
    description: 'A session of the console.',
    required: ['apiToken', 'csrfToken', 'expireTime'],
    properties: {
      apiToken: schemas.outputOf(types.lookupType('pushfleet.admin.v1.ApiToken')),
      csrfToken: {
        type: 'string',
        description: 'To be shown in the header X-CSRF-Token with each write by the cookie.',
      },
      expireTime: { type: 'string', format: 'date-time', description: 'When it ends unless it is used before.' },
    },
  });
  const content = { 'application/json': { schema: session } };
  const shown = { description: 'The API token, or the code of a sign-in link that is good once.', type: 'string' };
  const body = {
    ...{ type: 'object', properties: { token: shown, code: shown }, additionalProperties: false },
    ...{ minProperties: 1, maxProperties: 1 },
  };
  const operation = { tags: ['session'], security: [{ session: [] }] };
  return {
    [path]: {
      post: {
        ...{ ...operation, operationId: 'BeginSession', summary: 'Sign in: the answer sets a cookie', security: [] },
        requestBody: { required: true, content: { 'application/json': { schema: body } } },
        responses: {
          201: { description: 'It is made.', content },
          ...refusals(400, 401, 403, 413, 415, 429, 500, 503),
        },
      },
      get: {
        ...{ ...operation, operationId: 'GetSession', summary: 'The session of the cookie' },
        responses: { 200: { description: 'The answer.', content }, ...refusals(401, 403, 500, 503) },
      },
      delete: {
        ...{ ...operation, operationId: 'EndSession', summary: 'Sign out' },
        responses: { 204: { description: 'It is done.' }, ...refusals(400, 401, 403, 500, 503) },
      },
    },
  };
}

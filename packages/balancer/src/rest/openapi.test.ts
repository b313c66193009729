import { loadAdminTypes } from '@pushfleet/protocol/admin';
import { describe, expect, it } from 'vitest';
import { openApiDocument } from './openapi.ts';
import { restRoutes } from './routes.ts';
import { describeSessions, sessionRoutes } from './session-document.ts';

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape
type Json = any;

const document: Json = openApiDocument(restRoutes, loadAdminTypes(), describeSessions);
const operations: Json[] = Object.entries<Json>(document.paths).flatMap(([path, verbs]) =>
  Object.entries<Json>(verbs).map(([verb, operation]) => ({ ...operation, verb, path })),
);
const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];

describe('the OpenAPI document', () => {
  it('describes every route, each under a name of its own', () => {
    const described = operations.map(({ verb, path }) => `${verb.toUpperCase()} ${path.replace(/{(\w+)}/g, ':$1')}`);
    expect(described.sort()).toEqual(
      [...restRoutes, ...sessionRoutes].map(({ verb, path }) => `${verb} ${path}`).sort(),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { tags, summary } of operations) {
      expect(summary).toMatch(/./);
      for (const tag of tags)
        expect(document.tags).toContainEqual({ name: tag, description: expect.stringMatching(/ /) });
    }
  });

  it('refers to what it has, and has nothing to which it does not refer', () => {
    for (const kind of ['schemas', 'responses']) {
      const referred = new Set(references.filter(([, of]) => of === kind).map(([, , name]) => name));
      expect(Object.keys(document.components[kind]).sort()).toEqual([...referred].sort());
    }
  });

  it('says what each field and parameter means', () => {
    const bare = operations.flatMap(({ operationId, parameters = [] }) =>
      parameters.filter(({ description }: Json) => !description).map(({ name }: Json) => `${operationId} ${name}`),
    );
    const fields = Object.entries<Json>(document.components.schemas).flatMap(([schema, { properties = {} }]) =>
      Object.entries<Json>(properties).map(([name, property]) => ({ name: `${schema}.${name}`, property })),
    );
    const isExplained = ({ description, $ref, items, anyOf = [] }: Json): boolean =>
      (description ?? $ref ?? anyOf[0]?.$ref) !== undefined || (items !== undefined && isExplained(items));
    expect([...bare, ...fields.filter(({ property }) => !isExplained(property)).map(({ name }) => name)]).toEqual([]);
  });

  it('requires of a body only what the routes require, and a body only for that', () => {
    for (const { operationId, requestBody, path } of operations) {
      if (path === '/v1/session') continue;
      const { required = [] } = restRoutes.find(({ method }) => method.endsWith(`/${operationId}`)) ?? {};
      expect({ operationId, required: requestBody?.required ?? false }).toEqual({
        operationId,
        required: required.length > 0,
      });
    }
  });

  it('names fields as JSON does in what it says about them', () => {
    expect(document.components.schemas.PushRequest.properties.ttl.description).toContain('`deliverWithin`');
    expect(JSON.stringify(document)).not.toMatch(/`[a-z]+_[a-z]+`/);
  });

  it('tells what a body may hold from what an answer always holds', () => {
    const { DistributionPoint, DistributionPointInput, PushRequest } = document.components.schemas;
    expect(DistributionPoint.required).toEqual(['distributionPointId', 'groups', 'etag']);
    expect(DistributionPointInput).toMatchObject({ additionalProperties: false });
    expect(DistributionPointInput.required).toEqual(['groups']);
    expect(DistributionPointInput.properties.etag.type).toEqual(['string', 'null']);
    // It stands in the path.
    expect(PushRequest.properties).not.toHaveProperty('deviceId');
    expect(document.components.schemas.DeviceInput.properties).not.toHaveProperty('deviceId');
  });

  it('names the statuses that an operation can answer with', () => {
    const statusesOf = (id: string) =>
      Object.keys(operations.find(({ operationId }) => operationId === id).responses).join(' ');
    expect(statusesOf('ListNodes')).toBe('200 400 401 403 404 409 500 503 504');
    expect(statusesOf('PutDistributionPoint')).toBe('200 400 401 403 404 409 412 413 415 500 503 504');
    expect(statusesOf('Watch')).toBe('200 400 401 403 404 409 410 500 503 504');
    expect(statusesOf('RevokeToken')).toBe('204 400 401 403 404 409 500 503 504');
  });
});

import { createRequire } from 'node:module';
import {
  type Client,
  type ClientDuplexStream,
  credentials,
  loadPackageDefinition,
  Metadata,
  makeClientConstructor,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { load } from '@grpc/proto-loader';
import { service as healthService } from 'grpc-health-check';
import { describe, expect, it, vi } from 'vitest';
import { adminToken, call, TestBalancer, withToken } from '../balancer.fixture.ts';

function metadata(authorization: string): Metadata {
  const made = new Metadata();
  made.set('authorization', authorization);
  return made;
}

describe('the token', () => {
  it.each([
    ['none', new Metadata(), 'an API token is needed, in metadata `authorization: Bearer <token>`'],
    ['another scheme', metadata(`Basic ${adminToken}`), expect.stringContaining('authorization: Bearer <token>')],
    ['a wrong one', withToken(`${adminToken}x`), 'the API token in metadata `authorization` is not the right one'],
  ])('%s is refused with what is expected', async (_what, shown, details) => {
    await using test = await TestBalancer.start();
    const client = test.fleet();
    const listed = call((done) => client.listNodes({}, shown, done));
    await expect(listed).rejects.toMatchObject({ code: status.UNAUTHENTICATED, details });
  });

  it('is needed for streams too', async () => {
    await using test = await TestBalancer.start();
    const stream = test.commands().pushStream();
    const error = await new Promise<ServiceError>((resolve) => stream.on('error', resolve));
    expect(error.code).toBe(status.UNAUTHENTICATED);
  });

  it('lets its holder in', async () => {
    await using test = await TestBalancer.start();
    const client = test.fleet();
    await expect(call((done) => client.listNodes({}, withToken(), done))).resolves.toEqual({ nodes: [] });
  });
});

describe('health', () => {
  const Health = makeClientConstructor(healthService, 'grpc.health.v1.Health');

  it.each(['', 'pushfleet.admin.v1.CommandService'])(
    'of %j follows what the balancer can do, without a token',
    async (service) => {
      await using test = await TestBalancer.start();
      await using client = disposable(new Health(`localhost:${test.balancer.ports.admin}`, ssl(test)));
      const check = () => call<{ status: string }>((done) => client.value.check?.({ service }, done));
      expect(await check()).toEqual({ status: 'NOT_SERVING' });
      await test.startWorker('dp-1');
      await vi.waitFor(async () => expect(await check()).toEqual({ status: 'SERVING' }), 3_000);
      test.registrySwitch.on = false;
      await vi.waitFor(async () => expect(await check()).toEqual({ status: 'NOT_SERVING' }), 3_000);
    },
  );
});

describe('reflection', () => {
  it('lists the services and gives field names as the proto files have them, without a token', async () => {
    await using test = await TestBalancer.start();
    await using client = disposable(await reflectionClient(test));
    const stream: ClientDuplexStream<object, ReflectionAnswer> = client.value.serverReflectionInfo?.();
    const next = () => new Promise<ReflectionAnswer>((resolve) => stream.once('data', resolve));
    stream.write({ listServices: '*' });
    const services = (await next()).listServicesResponse?.service.map(({ name }) => name);
    expect(services?.sort()).toEqual([
      'grpc.health.v1.Health',
      'pushfleet.admin.v1.CommandService',
      'pushfleet.admin.v1.EventService',
      'pushfleet.admin.v1.FleetService',
      'pushfleet.admin.v1.MaintenanceService',
      'pushfleet.admin.v1.TunnelService',
    ]);
    stream.write({ fileContainingSymbol: 'pushfleet.admin.v1.PushRequest' });
    const files = (await next()).fileDescriptorResponse?.fileDescriptorProto ?? [];
    expect(Buffer.concat(files).toString('latin1')).toContain('deliver_within_ms');
    stream.on('error', () => {});
    stream.cancel();
  });
});

interface ReflectionAnswer {
  listServicesResponse?: { service: { name: string }[] };
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
}

type AnyClient = Client & Record<string, (...values: never[]) => never>;

async function reflectionClient(test: TestBalancer): Promise<AnyClient> {
  const require = createRequire(import.meta.url);
  const path = require.resolve('@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto');
  // biome-ignore lint/suspicious/noExplicitAny: a client of a proto file that is loaded at run time
  const loaded = loadPackageDefinition(await load(path)) as any;
  return new loaded.grpc.reflection.v1.ServerReflection(`localhost:${test.balancer.ports.admin}`, ssl(test));
}

function ssl(test: TestBalancer) {
  return credentials.createSsl(test.certificates.cluster.ca);
}

// biome-ignore lint/suspicious/noExplicitAny: clients of services that are known at run time only
function disposable(value: any) {
  return { value, [Symbol.asyncDispose]: async () => value.close() };
}

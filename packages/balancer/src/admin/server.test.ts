import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ClientDuplexStream,
  credentials,
  loadPackageDefinition,
  Metadata,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { load } from '@grpc/proto-loader';
import { fromStatus } from '@pushfleet/protocol';
import { HealthService } from '@pushfleet/protocol/admin';
import type { Root as ProtoRoot } from 'protobufjs';
import type { IFileDescriptorProto } from 'protobufjs/ext/descriptor/index.js';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { adminToken, call, TestBalancer, withToken } from '../balancer.fixture.ts';
import { readAdminToken } from './server.ts';

function metadata(authorization: string): Metadata {
  const made = new Metadata();
  made.set('authorization', authorization);
  return made;
}

const require = createRequire(import.meta.url);
const { FileDescriptorProto } = require('protobufjs/ext/descriptor') as {
  FileDescriptorProto: { decode(bytes: Uint8Array): IFileDescriptorProto };
};
const { Root } = require('protobufjs') as {
  Root: { fromDescriptor(set: { file: IFileDescriptorProto[] }): ProtoRoot };
};

describe('the token', () => {
  it.each([
    ['none', new Metadata(), 'an API token is needed, in metadata `authorization: Bearer <token>`'],
    ['another scheme', metadata(`Basic ${adminToken}`), expect.stringContaining('authorization: Bearer <token>')],
    [
      'a wrong one',
      withToken(`${adminToken}x`),
      'the API token in metadata `authorization` is unknown, was revoked, or has expired',
    ],
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
    await expect(call((done) => client.listNodes({}, withToken(), done))).resolves.toEqual({
      nodes: [],
      nextPageToken: '',
    });
  });
});

describe('a refusal', () => {
  it.each(['größe', 'a\r\nb: c', '\0', '😀'.repeat(500)])(
    'of a label with key %j is told, and nothing ends of it',
    async (key) => {
      await using test = await TestBalancer.start();
      const client = test.fleet();
      const device = { deviceId: 'd1', group: 'HQ', labels: { [key]: 'x' } };
      const put = call((done) => client.putDevice({ device, secret: 'x'.repeat(20) }, withToken(), done));
      await expect(put.catch(fromStatus)).resolves.toMatchObject({ code: 'INVALID_ARGUMENT', field: 'device.labels' });
      await expect(call((done) => client.listNodes({}, withToken(), done))).resolves.toEqual({
        nodes: [],
        nextPageToken: '',
      });
    },
  );

  it('of a parameter with key größe is told, on a stream too', async () => {
    await using test = await TestBalancer.start();
    const runTask = { taskId: 'scan', parameters: { größe: 'x'.repeat(5_000) } };
    const pushed = test.push({ deviceId: 'd1', operation: { runTask } }).catch(fromStatus);
    await expect(pushed).resolves.toMatchObject({ field: 'operation.run_task.parameters' });
    const stream = test
      .commands()
      .pushStream(withToken())
      .on('error', () => {});
    stream.write({ pushes: [{ correlationId: 1, push: { deviceId: 'd1', operation: { runTask } } }] });
    const [answer] = await once(stream, 'data');
    expect(JSON.stringify(answer)).toContain('operation.run_task.parameters');
    stream.cancel();
  });
});

describe('health', () => {
  it.each(['', 'pushfleet.admin.v1.CommandService'])(
    'of %j follows what the balancer can do, without a token',
    async (service) => {
      await using test = await TestBalancer.start();
      await using client = disposable(new HealthService(`localhost:${test.balancer.ports.admin}`, ssl(test)));
      const check = () => call<{ status: string }>((done) => client.value.check?.({ service }, done));
      expect(await check()).toEqual({ status: 'NOT_SERVING' });
      await test.startWorker('dp-1');
      await vi.waitFor(async () => expect(await check()).toEqual({ status: 'SERVING' }), 3_000);
      test.registrySwitch.on = false;
      await vi.waitFor(async () => expect(await check()).toEqual({ status: 'NOT_SERVING' }), 3_000);
    },
  );
});

describe('what everybody may ask', () => {
  it('after a service that does not exist is answered, and not kept', async () => {
    await using test = await TestBalancer.start();
    await using client = disposable(new HealthService(`localhost:${test.balancer.ports.admin}`, ssl(test)));
    const watches = ['none', 'x'.repeat(900)].map((service) => client.value.watch({ service }));
    for (const watch of watches) watch.on('error', () => {});
    const answers = await Promise.all(watches.map((watch) => once(watch, 'data')));
    expect(answers).toEqual([[{ status: 'SERVICE_UNKNOWN' }], [{ status: 'SERVICE_UNKNOWN' }]]);
    const checked = call((done) => client.value.check?.({ service: `\0${'ö'.repeat(300)}` }, done));
    await expect(checked).rejects.toMatchObject({ code: status.NOT_FOUND });
    const listed = await call<{ statuses: object }>((done) => client.value.list?.({}, done));
    expect(Object.keys(listed.statuses)).toHaveLength(8);
    for (const watch of watches) watch.cancel();
  });

  it('is asked in a thousand bytes', async () => {
    await using test = await TestBalancer.start();
    await using client = disposable(new HealthService(`localhost:${test.balancer.ports.admin}`, ssl(test)));
    const watch = client.value.watch({ service: 'x'.repeat(1_200_000) });
    const error = await new Promise<ServiceError>((resolve) => watch.on('error', resolve));
    expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
  });

  it('is told to those who watch, when it changes', async () => {
    await using test = await TestBalancer.start();
    await using client = disposable(new HealthService(`localhost:${test.balancer.ports.admin}`, ssl(test)));
    const watch = client.value.watch({ service: '' }).on('error', () => {});
    expect(await once(watch, 'data')).toEqual([{ status: 'NOT_SERVING' }]);
    const changed = once(watch, 'data');
    await test.startWorker('dp-1');
    expect(await changed).toEqual([{ status: 'SERVING' }]);
    watch.cancel();
  });
});

describe('reflection', () => {
  it('lists the services and gives field names as the proto files have them', async () => {
    await using test = await TestBalancer.start();
    await using reflection = await openReflection(test);
    const { listServicesResponse } = await reflection.ask({ listServices: '*' });
    expect(listServicesResponse?.service.map(({ name }) => name).sort()).toEqual([
      'grpc.health.v1.Health',
      'pushfleet.admin.v1.CommandService',
      'pushfleet.admin.v1.EventService',
      'pushfleet.admin.v1.FleetService',
      'pushfleet.admin.v1.MaintenanceService',
      'pushfleet.admin.v1.OverviewService',
      'pushfleet.admin.v1.TokenService',
      'pushfleet.admin.v1.TunnelService',
    ]);
    const files = await reflection.filesOf('pushfleet.admin.v1.PushRequest');
    expect(Buffer.concat(files).toString('latin1')).toContain('deliver_within');
  });

  it.each(['pushfleet.node.v1.NodeControlService', 'pushfleet.node.v1.ChannelRequest'])(
    'knows nothing of %s, which is between balancers and push servers',
    async (fileContainingSymbol) => {
      await using test = await TestBalancer.start();
      await using reflection = await openReflection(test);
      const { errorResponse } = await reflection.ask({ fileContainingSymbol });
      expect(errorResponse?.errorCode).toBe(status.NOT_FOUND);
    },
  );

  it('needs the token', async () => {
    await using test = await TestBalancer.start();
    await using reflection = await openReflection(test, new Metadata());
    await expect(reflection.ask({ listServices: '*' })).rejects.toMatchObject({ code: status.UNAUTHENTICATED });
  });

  it.each(['grpc.health.v1.Health', 'pushfleet.admin.v1.FleetService'])(
    'describes %s so that a strict reader takes it, maps and all',
    async (symbol) => {
      await using test = await TestBalancer.start();
      await using reflection = await openReflection(test);
      const files = (await reflection.filesOf(symbol)).map((file) => FileDescriptorProto.decode(file));
      const root = Root.fromDescriptor({ file: files });
      root.resolveAll();
      expect(root.lookupService(symbol).methodsArray.length).toBeGreaterThan(0);
      // The compilers of protobuf want a map to have entries of that name, marked as such, and nothing optional in them.
      const messages = files.flatMap(({ messageType = [] }) => messageType);
      const mapOf: Record<string, string> = {
        'grpc.health.v1.Health': 'StatusesEntry',
        'pushfleet.admin.v1.FleetService': 'LabelsEntry',
      };
      const entries = messages
        .flatMap(({ nestedType = [] }) => nestedType)
        .filter(({ name }) => name === mapOf[symbol]);
      expect(entries.length).toBeGreaterThan(0);
      for (const entry of entries) {
        expect(entry.options?.mapEntry).toBe(true);
        expect(entry.field?.map(({ name, label }) => [name, label])).toEqual([
          ['key', 1],
          ['value', 1],
        ]);
      }
    },
  );
});

interface ReflectionAnswer {
  listServicesResponse?: { service: { name: string }[] };
  errorResponse?: { errorCode: number };
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
}

/** Asks one question after the other. */
async function openReflection(test: TestBalancer, metadata = withToken()) {
  const path = require.resolve('@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto');
  // biome-ignore lint/suspicious/noExplicitAny: a client of a proto file that is loaded at run time
  const loaded = loadPackageDefinition(await load(path)) as any;
  const client = new loaded.grpc.reflection.v1.ServerReflection(`localhost:${test.balancer.ports.admin}`, ssl(test));
  const stream: ClientDuplexStream<object, ReflectionAnswer> = client.serverReflectionInfo(metadata);
  const ask = (question: object) =>
    new Promise<ReflectionAnswer>((resolve, reject) => {
      stream.once('data', resolve).once('error', reject);
      stream.write(question);
    });
  return {
    ask,
    filesOf: async (symbol: string) =>
      (await ask({ fileContainingSymbol: symbol })).fileDescriptorResponse?.fileDescriptorProto ?? [],
    [Symbol.asyncDispose]: async () => {
      stream.on('error', () => {}).cancel();
      client.close();
    },
  };
}

function ssl(test: TestBalancer) {
  return credentials.createSsl(test.certificates.cluster.ca);
}

// biome-ignore lint/suspicious/noExplicitAny: clients of services that are known at run time only
function disposable(value: any) {
  return { value, [Symbol.asyncDispose]: async () => value.close() };
}

it('reads the first line of a token file, says what is wrong with a short one, and where a missing one was looked for', () => {
  const dir = mkdtempSync(join(tmpdir(), 'pushfleet-token-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = join(dir, 'admin-token');
  writeFileSync(file, 'sixteen-chars-ok\nsomething else\n');
  expect(readAdminToken(file)).toBe('sixteen-chars-ok');
  writeFileSync(file, 'short\n');
  expect(() => readAdminToken(file)).toThrow(
    `PUSHFLEET_ADMIN_TOKEN_FILE: the first line of ${file} must be a token of at least 16 characters; it has 5`,
  );
  writeFileSync(file, 'x'.repeat(1_048_577));
  expect(() => readAdminToken(file)).toThrow(`PUSHFLEET_ADMIN_TOKEN_FILE: ${file} is larger than 1048576 bytes`);
  expect(() => readAdminToken(join(dir, 'none'))).toThrow(
    `PUSHFLEET_ADMIN_TOKEN_FILE: cannot read ${join(dir, 'none')}`,
  );
});

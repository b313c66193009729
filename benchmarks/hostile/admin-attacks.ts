import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { type AdminClient, createAdminClient } from '@pushfleet/admin-sdk';
import { serverIdentity } from '@pushfleet/protocol';
import { CommandService } from '@pushfleet/protocol/admin';
import { type Attack, type HostileTarget, hostileDevices } from './target.ts';

/** Attacks by a holder of a token, each over a connection of its own. */
export const adminAttacks: Record<string, Attack> = {
  'a label key that is not ASCII': (target) =>
    withAdmin(target, (admin) => admin.devices.put({ deviceId: 'hostile-0', group: 'Test', labels: { größe: 'XL' } })),
  'a task parameter that is too large and not ASCII': (target) =>
    withAdmin(target, (admin) => {
      const parameters = { größe: 'x'.repeat(5_000) };
      return admin.commands.push({ deviceId: 'hostile-0', operation: { runTask: { taskId: 't', parameters } } });
    }),
  'fifteen hundred calls given up': async (target) => {
    const { verify, options } = serverIdentity('127.0.0.1');
    const secure = credentials.createSsl(Buffer.from(target.ca), null, null, verify);
    const client = new CommandService(`127.0.0.1:${target.ports.admin}`, secure, {
      ...{ ...options, 'grpc.use_local_subchannel_pool': 1 },
    });
    const metadata = new Metadata();
    metadata.set('authorization', `Bearer ${target.token}`);
    const push = { deviceId: hostileDevices[0] as string, operation: { forceSync: {} } };
    await Promise.all(
      Array.from({ length: 1_500 }, () => {
        const { promise, resolve } = Promise.withResolvers<ServiceError | null>();
        const call = client.push(push, metadata, resolve);
        setImmediate(() => call.cancel());
        return promise;
      }),
    );
    client.close();
  },
};

/** A refusal is what is wanted. */
async function withAdmin(target: HostileTarget, act: (admin: AdminClient) => Promise<unknown>): Promise<void> {
  const address = `127.0.0.1:${target.ports.admin}`;
  const admin = createAdminClient({ address, ca: Buffer.from(target.ca), token: target.token });
  await act(admin).catch(() => {});
  admin.close();
}

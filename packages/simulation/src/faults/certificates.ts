import type { NodeId } from '@pushfleet/protocol';
import { memberUri } from '@pushfleet/runtime';
import type { Cluster } from '../actors/cluster.ts';
import { firstWallMs } from '../world/world.ts';
import type { Disturbances } from './disturbances.ts';

/** Time for a push server that was enrolled anew to start, and to be tried by balancers; then devices come. */
const readmittedMs = 30_000;
/** No certificate ends within a simulation. */
const certificateMs = 86_400_000;

/**
 * Revokes the certificate of a push server as `pushfleet revoke` does, and enrols it anew later. Then some devices come back: it has
 * the most room.
 * @param comeBack Breaks some of the links.
 */
export async function revokeCertificate(
  { world, registry, pushServers }: Cluster,
  disturbances: Disturbances,
  { pushServer: index, forMs }: { pushServer: number; forMs: number },
  comeBack: () => void,
): Promise<void> {
  const pushServer = pushServers[index];
  if (!pushServer || pushServer.revokedAtMs !== undefined) return;
  const node = pushServer.nodeId as NodeId;
  disturbances.add(node, 'certificate', world.nowMs, world.nowMs + forMs + readmittedMs);
  pushServer.revokedAtMs = world.nowMs;
  world.after(forMs, () => {
    pushServer.enrol();
    world.record('fault', `${node} is enrolled anew`);
  });
  world.after(forMs + readmittedMs, () => comeBack());
  const { serialNumber: serial } = pushServer.certificate;
  const revokedAtMs = Math.floor(firstWallMs + world.nowMs);
  const member = memberUri({ role: 'push-server', name: node });
  await registry.ask(async ({ revocations, events }) => {
    await revocations.add([{ serial, member, revokedAtMs, expiresAtMs: revokedAtMs + certificateMs }]);
    const reason = `push server ${node}: its certificate is good no more`;
    await events.append([{ kind: 'member-revoked', atMs: revokedAtMs, node, reason }]);
  });
}

import { randomBytes, type X509Certificate } from 'node:crypto';
import { type DeviceId, type device, type NodeId, PushfleetError } from '@pushfleet/protocol';
import {
  type Device,
  hashSecret,
  type Registry,
  type SessionRef,
  type StoredDevice,
  verifySecret,
} from '@pushfleet/registry';
import { type Clock, type DeviceSignIns, type Logger, machineUs, meter, metrics, random } from '@pushfleet/runtime';
import type { NodeDirectory } from '../node-directory.ts';
import { AssignmentQueue, type Caller } from './assignment-queue.ts';
import { DistributionPoints } from './distribution-points.ts';
import { assertNotLocked, type GuardedSignIn, guardSignIn } from './guarded-sign-in.ts';
import type { DeviceCertificates } from './identity/device-certificates.ts';
import type { IdentityTokens, IdentityVerdict } from './identity/identity-tokens.ts';
import { returnWindowMs } from './return-window.ts';
import type { TicketSigner } from './ticket.ts';

const backups = 2;

/** How the credentials are called among the metrics. */
const metered = { secret: 'secret', identityToken: 'identity-token', certificate: 'certificate' } as const;

/** A credential that a device shows: its shared secret, a token of an issuer or a certificate of a CA that is trusted. */
export type DeviceCredential =
  | { kind: 'secret'; secret: string }
  | { kind: 'identityToken'; token: string }
  | { kind: 'certificate'; certificate: X509Certificate };

/** A device's question, validated. */
export interface AssignmentQuery {
  deviceId: DeviceId;
  credential: DeviceCredential;
  unreachableNodeIds: NodeId[];
}

/** `AssignResponse` with numbers as numbers, so that it is also the JSON answer. */
export interface Assignment {
  primary: device.Server;
  backups: device.Server[];
  ticket: string;
  ticketExpiresAtMs: number;
  ticketLifetimeMs: number;
  reservedForMs: number;
  connectAfterMs: number;
  returnWithinMs: number;
}

export interface AssignerOptions {
  registry: Pick<Registry, 'fleet' | 'assignments' | 'sessions'>;
  directory: NodeDirectory;
  signer: TicketSigner;
  /** Absent: devices show their secrets. */
  identities?: Pick<IdentityTokens, 'verify'> | undefined;
  certificates?: Pick<DeviceCertificates, 'verify'> | undefined;
  clock: Clock;
  logger: Logger;
  reservationMs: number;
  /** Counts credentials that are bad. Absent: nobody does. */
  signIns?: DeviceSignIns;
  /** Absent: one of its own. */
  queue?: AssignmentQueue;
}

interface KnownDevice {
  device: StoredDevice;
  session: SessionRef | undefined;
}

/** The push servers, the one with the reserved place first, those in scope, and the time until the device's slot there. */
interface Reserved {
  nodes: [NodeId, ...NodeId[]];
  tiers: readonly (readonly NodeId[])[];
  connectAfterMs: number;
}

/** Tells devices where they belong. The gRPC and the HTTP face ask the same one. */
export class Assigner {
  readonly #options: AssignerOptions;
  readonly #points: DistributionPoints;
  readonly #queue: AssignmentQueue;
  /** Unknown devices are checked against it, so that they take as long as known ones. */
  readonly #nobodysHash = hashSecret(randomBytes(32).toString('base64url'));

  constructor(options: AssignerOptions) {
    this.#options = options;
    this.#queue = options.queue ?? new AssignmentQueue(options.clock);
    this.#points = new DistributionPoints(options.registry.fleet, options.clock);
  }

  /**
   * @param caller Where it has gone, nothing more is done for it.
   * @throws PushfleetError BAD_CREDENTIAL, TOO_MANY_ATTEMPTS, ISSUER_UNAVAILABLE, OUT_OF_SCOPE, NO_CAPACITY, NO_PUSH_SERVER, REGISTRY_UNAVAILABLE, OVERLOADED
   */
  async assign(query: AssignmentQuery, caller: Caller): Promise<Assignment> {
    const beganAtUs = machineUs();
    try {
      assertNotLocked(this.#guarded(query, caller));
      const assignment = await this.#queue.run(caller, () => this.#assign(query, caller));
      meter.count(metrics.assignments, 'ASSIGNED');
      meter.observe(metrics.assignmentSeconds, '', (machineUs() - beganAtUs) / 1e6);
      const { connectAfterMs } = assignment;
      if (connectAfterMs > 0) meter.observe(metrics.slots, '', connectAfterMs / 1_000);
      return assignment;
    } catch (error) {
      const { code } = error instanceof PushfleetError ? error : ({ code: 'INTERNAL' } as const);
      meter.count(metrics.assignments, code);
      if (code === 'BAD_CREDENTIAL') meter.count(metrics.failedSignIns, metered[query.credential.kind]);
      throw isRegistryAway(error) ? askAgain(error) : error;
    }
  }

  async #assign(query: AssignmentQuery, caller: Caller): Promise<Assignment> {
    const { device, session } = await guardSignIn(this.#guarded(query, caller), () => this.#authenticate(query));
    // The place and the slot would be lost to all others until they lapse.
    throwIfGone(caller);
    const { nodes, tiers, connectAfterMs } = await this.#reserve(device, session, query.unreachableNodeIds);
    const [primary, ...rest] = await this.#locate(nodes);
    // The reserved one went in this very moment; the reservation lapses with it.
    if (primary?.nodeId !== nodes[0]) throw noPushServer(device);
    throwIfGone(caller);
    const { signer, reservationMs, directory } = this.#options;
    const named = [primary, ...rest].map((server) => server.nodeId as NodeId);
    const ticket = await signer.sign({
      device: device.id,
      group: device.group,
      nodes: named,
      generation: device.generation,
    });
    const node = (id: NodeId) => directory.node(id);
    return {
      primary,
      backups: rest,
      ticket: ticket.token,
      ticketExpiresAtMs: ticket.expiresAtMs,
      ticketLifetimeMs: ticket.lifetimeMs,
      reservedForMs: connectAfterMs + reservationMs,
      connectAfterMs,
      returnWithinMs: returnWindowMs({ primary: nodes[0], backups: nodes.slice(1), tiers, node }),
    };
  }

  #guarded({ deviceId }: AssignmentQuery, caller: Caller): GuardedSignIn {
    return { signIns: this.#options.signIns, deviceId, caller };
  }

  /** With the session that the device has, which is asked for at once: two questions in one write, and one wait less. */
  async #authenticate({ deviceId, credential }: AssignmentQuery): Promise<KnownDevice> {
    const { fleet, sessions } = this.#options.registry;
    const [device, session] = await Promise.all([fleet.getDevice(deviceId), sessions.find(deviceId)]);
    switch (credential.kind) {
      case 'secret':
        if (verifySecret(credential.secret, device?.secretHash ?? this.#nobodysHash) && device)
          return { device, session };
        throw new PushfleetError('BAD_CREDENTIAL', 'unknown device or wrong secret');
      case 'identityToken':
        if (this.#isOf(deviceId, await this.#options.identities?.verify(credential.token)) && device)
          return { device, session };
        throw new PushfleetError('BAD_CREDENTIAL', 'unknown device, or a token that is not good for it');
      case 'certificate':
        if (this.#isOf(deviceId, this.#options.certificates?.verify(credential.certificate)) && device)
          return { device, session };
        throw new PushfleetError('BAD_CREDENTIAL', 'unknown device, or a certificate that is not good for it');
      default:
        throw credential satisfies never;
    }
  }

  /** @param verdict Absent: nobody is trusted to say who a device is in this way. */
  #isOf(device: DeviceId, verdict: IdentityVerdict | undefined): boolean {
    const { logger } = this.#options;
    if (!verdict) return false;
    if (verdict.kind === 'device' && verdict.device === device) return true;
    if (verdict.kind === 'unknown') {
      logger.warn({ deviceId: device, why: verdict.why }, 'the keys of an issuer cannot be fetched');
      throw new PushfleetError('ISSUER_UNAVAILABLE', 'the keys of the issuer cannot be fetched', {
        retryAfterMs: retryAfterMs(),
      });
    }
    const why = verdict.kind === 'device' ? `it is that of device "${verdict.device}"` : verdict.why;
    logger.info({ deviceId: device, why }, 'an identity was refused');
    return false;
  }

  /** @param session Its link may have broken without a word: its place is the device's all the same. */
  async #reserve(device: Device, session: SessionRef | undefined, avoid: NodeId[]): Promise<Reserved> {
    const { isCovered, tiers } = await this.#points.scopeOf(device.group);
    if (!isCovered) throw outOfScope(device);
    if (tiers.length === 0) throw noPushServer(device);
    const { registry, directory, reservationMs } = this.#options;
    const unreachable = tiers.flat().filter((node) => directory.node(node)?.status === 'unreachable');
    const request = {
      ...{ device: device.id, lapseMs: reservationMs, backups },
      tiers: this.#byProof(tiers),
      avoid: [...avoid, ...unreachable],
      owns: session && directory.hasWorker(session) ? session.nodeId : undefined,
    };
    const reserved = await registry.assignments.reserve(request);
    switch (reserved.kind) {
      case 'reserved':
        return { nodes: [reserved.primary, ...reserved.backups], tiers, connectAfterMs: reserved.connectAfterMs };
      case 'full':
        throw new PushfleetError('NO_CAPACITY', `every push server for group "${device.group}" is full`, {
          retryAfterMs: retryAfterMs(),
        });
      case 'none-ready':
        throw noPushServer(device);
      default:
        throw reserved satisfies never;
    }
  }

  /** Push servers that were not tried yet, whatever they say of themselves, come after those that were. */
  #byProof(tiers: readonly NodeId[][]): NodeId[][] {
    const isUntried = (node: NodeId) => {
      const status = this.#options.directory.node(node)?.status;
      return status === undefined || status === 'starting';
    };
    const tried = tiers.map((tier) => tier.filter((node) => !isUntried(node)));
    const untried = tiers.map((tier) => tier.filter(isUntried));
    return [...tried, ...untried].filter((tier) => tier.length > 0);
  }

  /** Addresses for remote hosts, in the order given; push servers that are not in the directory are left out. */
  async #locate(nodes: [NodeId, ...NodeId[]]): Promise<device.Server[]> {
    const { directory } = this.#options;
    // The registry may know of a push server that started after the last refresh.
    if (!directory.node(nodes[0])) await directory.refresh();
    return nodes.flatMap((nodeId) => {
      const node = directory.node(nodeId);
      return node ? [{ nodeId, address: node.address, port: node.port }] : [];
    });
  }
}

function throwIfGone({ hasGone }: Caller): void {
  if (hasGone) throw new PushfleetError('DEADLINE_EXCEEDED', 'the client has gone');
}

function noPushServer(device: Device): PushfleetError {
  const message = `no push server for group "${device.group}" is ready`;
  return new PushfleetError('NO_PUSH_SERVER', message, { retryAfterMs: retryAfterMs() });
}

function outOfScope({ group }: Device): PushfleetError {
  const message = `no distribution point has group "${group}", or one above it, in its scope`;
  return new PushfleetError('OUT_OF_SCOPE', message, { retryAfterMs: retryAfterMs() });
}

function isRegistryAway(error: unknown): error is PushfleetError {
  return error instanceof PushfleetError && error.code === 'REGISTRY_UNAVAILABLE';
}

/** A place that cannot be reserved is none: the session could not be opened either. */
function askAgain({ code, message, cause }: PushfleetError): PushfleetError {
  return new PushfleetError(code, message, { cause, retryAfterMs: retryAfterMs() });
}

/** Jittered, so that the devices that are sent away together do not come back together. */
function retryAfterMs(): number {
  return 1_000 + Math.floor(random() * 4_000);
}

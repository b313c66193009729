import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { serverIdentity } from '@pushfleet/protocol';
import { PeerService } from '@pushfleet/protocol/balancer';
import { DeviceLinkService } from '@pushfleet/protocol/device';
import { NodeControlService } from '@pushfleet/protocol/node';
import type { TicketKey } from '@pushfleet/registry';
import {
  certifyKey,
  createClusterNetwork,
  fixed,
  MemberGate,
  silentLogger,
  systemClock,
  thumbprintOf,
  type WantedMember,
} from '@pushfleet/runtime';

/** A thief with the bundle of a push server. What he is refused is answered with the name of the gRPC status, or the error's words. */
export class StolenPushServer {
  readonly #bundle: string;

  constructor(bundle: string) {
    this.#bundle = bundle;
  }

  /** Orders a worker about, as balancers do. */
  async order(address: string, name: string): Promise<string> {
    using client = await this.#connect(NodeControlService, address, { role: 'push-server', name });
    const call = client.service.channel();
    call.resume();
    return await refusalOf(call);
  }

  /** Asks a worker to end a link. */
  async evict(address: string, name: string, deviceId: string, epoch: number): Promise<number | string> {
    using client = await this.#connect(NodeControlService, address, { role: 'push-server', name });
    return await new Promise((resolve) => {
      client.service.evict({ evictions: [{ deviceId, epoch }] }, (error, answer) =>
        resolve(error ? error.details : (answer?.closed ?? 0)),
      );
    });
  }

  /** Asks a balancer, as other balancers do. */
  async askBalancer(port: number): Promise<string> {
    using client = await this.#connect(PeerService, `127.0.0.1:${port}`, { role: 'balancer' });
    return await new Promise((resolve) => {
      client.service.getStatus({}, new Metadata(), (error) => resolve(error?.details ?? 'answered'));
    });
  }

  /** A key for tickets, certified by what the bundle has, and a ticket for any device at any push server. */
  async forge(device: string, node: string): Promise<{ key: TicketKey; ticket: string }> {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const jwk = { ...publicKey.export({ format: 'jwk' }) };
    const kid = thumbprintOf(jwk);
    const [cert, key] = await Promise.all([this.#read('cluster.crt'), this.#read('cluster.key')]);
    const nowS = Math.floor(systemClock.wallMs() / 1_000);
    const claims = { iss: 'pushfleet', sub: device, grp: 'Test', gen: 9e15, aud: [node], iat: nowS, exp: nowS + 600 };
    const [header, payload] = [{ alg: 'EdDSA', kid }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const signature = sign(null, Buffer.from(`${header}.${payload}`), privateKey).toString('base64url');
    const certification = certifyKey(kid, { cert, key });
    return { key: { kid, jwk: { ...jwk, certification } }, ticket: `${header}.${payload}.${signature}` };
  }

  /** A server for devices that ask for their assignment. It has the names of this machine, and notes what it hears. */
  async playBalancer(): Promise<{ url: string; heard: string[] } & AsyncDisposable> {
    const [cert, key] = await Promise.all([this.#read('server.crt'), this.#read('server.key')]);
    const heard: string[] = [];
    const server = https.createServer({ cert, key }, (request, response) => {
      request.setEncoding('utf8').on('data', (text: string) => heard.push(text));
      request.on('end', () => response.end('{}'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { url, heard, [Symbol.asyncDispose]: async () => void server.close() };
  }

  #read(name: string): Promise<Buffer> {
    return readFile(join(this.#bundle, name));
  }

  async #connect<Service extends typeof NodeControlService | typeof PeerService>(
    service: Service,
    address: string,
    member: WantedMember,
  ): Promise<{ service: InstanceType<Service> } & Disposable> {
    const [cert, key, ca] = await Promise.all(
      ['cluster.crt', 'cluster.key', 'cluster-ca.crt'].map((name) => this.#read(name)),
    );
    const gate = new MemberGate({ report: () => {}, clock: systemClock, logger: silentLogger });
    const own = fixed({ cert: cert as Buffer, key: key as Buffer, ca: ca as Buffer });
    const options = { 'grpc.use_local_subchannel_pool': 1 };
    const client = createClusterNetwork(own, gate).connect(service as never, { address, member }, options);
    const made = client as InstanceType<Service>;
    return { service: made, [Symbol.dispose]: () => made.close() };
  }
}

/** How a push server ends the link of a device that shows this ticket; `welcome`: it does not. */
export async function showTicket(ticket: string, port: number, ca: Buffer): Promise<string> {
  const { verify, options } = serverIdentity('127.0.0.1');
  const secure = credentials.createSsl(ca, null, null, verify);
  const client = new DeviceLinkService(`127.0.0.1:${port}`, secure, {
    ...options,
    'grpc.use_local_subchannel_pool': 1,
  });
  try {
    const call = client.connect();
    call.write({ hello: { ticket, agent: 'thief' } });
    const welcomed = new Promise<string>((resolve) => call.once('data', () => resolve('welcome')));
    return await Promise.race([welcomed, refusalOf(call)]);
  } finally {
    client.close();
  }
}

function refusalOf(call: NodeJS.EventEmitter): Promise<string> {
  return new Promise((resolve) => {
    call.on('error', (error: ServiceError) => resolve(error.details));
    call.on('end', () => resolve('ended well'));
  });
}

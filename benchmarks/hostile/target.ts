import { askTicket, testSecret } from '@pushfleet/test/cluster';

/** The addresses that are attacked, and the credentials with which an attack gets further than the first message. */
export interface HostileTarget {
  ports: Record<'device' | 'admin' | 'assignment' | 'rest', number>;
  /** The CA of the certificates of all ports, PEM. */
  ca: string;
  /** For the admin API. */
  token: string;
}

/** One attack, played again and again; `round` counts up. It ends by itself within half a minute. */
export type Attack = (target: HostileTarget, round: number) => Promise<void>;

/** Devices that exist, and whose secrets the attackers have. */
export const hostileDevices = Array.from({ length: 8 }, (_, index) => `hostile-${index}`);

const tickets = new Map<string, Promise<string>>();

/** A ticket of one of the hostile devices; asked for once. */
export function ticketOf({ ports, ca }: HostileTarget, device: string): Promise<string> {
  const url = `https://127.0.0.1:${ports.assignment}`;
  const ask = async () => (await askTicket(url, Buffer.from(ca), device, testSecret)).ticket;
  const ticket = tickets.get(device) ?? ask();
  tickets.set(device, ticket);
  // Without a ticket this attack fails; the next one asks again.
  ticket.catch(() => tickets.delete(device));
  return ticket;
}

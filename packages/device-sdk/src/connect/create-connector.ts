import { AssignmentClient } from '../assignment/client.ts';
import type { CommandRunner } from '../commands/runner.ts';
import { grpcLinks } from '../grpc/link.ts';
import type { LinkSettings, OpenLink } from '../link.ts';
import { mqttLinks } from '../mqtt/link.ts';
import type { DeviceNetwork } from '../network.ts';
import type { DeviceSettings, LinkKind } from '../options.ts';
import { Plan } from '../plan.ts';
import type { DeviceStatus } from '../status.ts';
import { Connector } from './connector.ts';

/** A connector for the kind of link that the device has. */
export function createConnector(
  settings: DeviceSettings,
  network: DeviceNetwork,
  user: CommandRunner,
  onStatus: (status: DeviceStatus) => void,
): Connector {
  const { clock, random, backoff, link } = settings;
  const { ask, enroll } = network;
  const assignment = new AssignmentClient({ ...settings, ask, enroll });
  return new Connector({
    plan: new Plan({ backoff, random, now: () => clock.now() }),
    ask: (unreachable, signal) => assignment.ask(unreachable, signal),
    open: createLinks(link, { ...settings, operations: () => user.handlers.operations() }, network),
    user,
    clock,
    onStatus,
  });
}

function createLinks(link: LinkKind, settings: LinkSettings, network: DeviceNetwork): OpenLink {
  switch (link) {
    case 'grpc':
      return grpcLinks(settings, network.connectToPushServer);
    case 'mqtt':
      return mqttLinks(settings, 5, network.openSocket);
    case 'mqtt3':
      return mqttLinks(settings, 4, network.openSocket);
    default:
      throw new TypeError(link satisfies never);
  }
}

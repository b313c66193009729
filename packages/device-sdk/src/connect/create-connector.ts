import { AssignmentClient } from '../assignment/client.ts';
import type { CommandRunner } from '../commands/runner.ts';
import { askOverGrpc, enrollOverGrpc } from '../grpc/balancer.ts';
import { grpcLinks } from '../grpc/link.ts';
import { createGrpcNetwork, type GrpcNetwork } from '../grpc/network.ts';
import { askOverHttps, enrollOverHttps } from '../https/balancer.ts';
import type { OpenLink } from '../link.ts';
import { mqttLinks } from '../mqtt/link.ts';
import type { DeviceSettings } from '../options.ts';
import { Plan } from '../plan.ts';
import type { DeviceStatus } from '../status.ts';
import { Connector } from './connector.ts';

/** A connector for the kind of link that the device has. */
export function createConnector(
  settings: DeviceSettings,
  user: CommandRunner,
  onStatus: (status: DeviceStatus) => void,
): Connector {
  const { clock, random, backoff, link, secureContext } = settings;
  const { network = createGrpcNetwork(secureContext, settings.plaintextLink) } = settings;
  const calls =
    link === 'grpc'
      ? { ask: askOverGrpc(network.connectToBalancer), enroll: enrollOverGrpc(network.connectToBalancer) }
      : { ask: askOverHttps(secureContext), enroll: enrollOverHttps(secureContext) };
  const assignment = new AssignmentClient({ ...settings, ...calls });
  return new Connector({
    plan: new Plan({ backoff, random, now: () => clock.now() }),
    ask: (unreachable, signal) => assignment.ask(unreachable, signal),
    open: createLinks(settings, network, () => user.handlers.operations()),
    user,
    clock,
    onStatus,
  });
}

function createLinks(settings: DeviceSettings, network: GrpcNetwork, operations: () => readonly string[]): OpenLink {
  const secureContext = settings.plaintextLink ? undefined : settings.secureContext;
  const linkSettings = { ...settings, operations, secureContext };
  switch (settings.link) {
    case 'grpc':
      return grpcLinks(linkSettings, network.connectToPushServer);
    case 'mqtt':
      return mqttLinks(linkSettings, 5);
    case 'mqtt3':
      return mqttLinks(linkSettings, 4);
    default:
      throw new TypeError(settings.link satisfies never);
  }
}

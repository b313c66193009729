import { describe, expect, it } from 'vitest';
import { describeApiTokens } from './api-tokens.fixture.ts';
import { describeAssignments } from './assignments.fixture.ts';
import { describeBalancers } from './balancers.fixture.ts';
import { describeCommandAttempts } from './command-attempts.fixture.ts';
import { describeCommandDeadlines } from './command-deadlines.fixture.ts';
import { describeCommandEndings } from './command-endings.fixture.ts';
import { describeCommandModel } from './command-model.fixture.ts';
import { describeCommandSessions } from './command-sessions.fixture.ts';
import { describeCommands } from './commands.fixture.ts';
import { describeDeletions } from './deletions.fixture.ts';
import { describeDeviceLabels } from './device-labels.fixture.ts';
import { describeDeviceSearches } from './device-searches.fixture.ts';
import { describeDevices } from './devices.fixture.ts';
import { describeEvents } from './events.fixture.ts';
import { describeFleet } from './fleet.fixture.ts';
import { describeGroupMoves } from './group-moves.fixture.ts';
import { describeGroupPushes } from './group-pushes.fixture.ts';
import { describeHeldDevices } from './held-devices.fixture.ts';
import { describeLeases } from './leases.fixture.ts';
import { describeLifetimes } from './lifetimes.fixture.ts';
import { describeMaintenance } from './maintenance.fixture.ts';
import { describeNodes } from './nodes.fixture.ts';
import { describeOwnership } from './ownership-model.fixture.ts';
import { describeRebalances } from './rebalances.fixture.ts';
import { describeReserveModel } from './reserve-model.fixture.ts';
import { describeSessionAssertions } from './session-assertions.fixture.ts';
import { describeSessionHistory } from './session-history.fixture.ts';
import { describeSessions } from './sessions.fixture.ts';
import { describeSilence } from './silence.fixture.ts';
import { describeSlots } from './slots.fixture.ts';
import type { CreateStore } from './store.fixture.ts';
import { describeTicketKeys } from './ticket-keys.fixture.ts';
import { describeTickets } from './tickets.fixture.ts';
import { describeTlsTicketKeys } from './tls-ticket-keys.fixture.ts';
import { describeTokenGrants } from './token-grants.fixture.ts';

/** The promises of the ports, for any adapter. */
export function describeRegistry(adapter: string, createStore: CreateStore): void {
  describe(`${adapter} keeps what the ports promise`, { timeout: 60_000 }, () => {
    describeNodes(createStore);
    describeSilence(createStore);
    describeHeldDevices(createStore);
    describeAssignments(createStore);
    describeSlots(createStore);
    describeReserveModel(createStore);
    describeSessions(createStore);
    describeSessionHistory(createStore);
    describeSessionAssertions(createStore);
    describeCommands(createStore);
    describeCommandEndings(createStore);
    describeCommandDeadlines(createStore);
    describeCommandSessions(createStore);
    describeCommandAttempts(createStore);
    describeCommandModel(createStore);
    describeTickets(createStore);
    describeDeletions(createStore);
    describeGroupPushes(createStore);
    describeOwnership(createStore);
    describeFleet(createStore);
    describeGroupMoves(createStore);
    describeDevices(createStore);
    describeDeviceLabels(createStore);
    describeDeviceSearches(createStore);
    describeTicketKeys(createStore);
    describeTlsTicketKeys(createStore);
    describeBalancers(createStore);
    describeLeases(createStore);
    describeLifetimes(createStore);
    describeRebalances(createStore);
    describeMaintenance(createStore);
    describeEvents(createStore);
    describeApiTokens(createStore);
    describeTokenGrants(createStore);

    describe('registry', () => {
      it('answers a ping while it is open, and REGISTRY_UNAVAILABLE once it is closed', async () => {
        await using store = await createStore();
        const registry = await store.open();
        await registry.ping();
        await registry[Symbol.asyncDispose]();
        await registry[Symbol.asyncDispose]();
        await expect(registry.ping()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
        await expect(registry.nodes.list()).rejects.toMatchObject({ code: 'REGISTRY_UNAVAILABLE' });
      });
    });
  });
}

import type { CloseReason } from '@pushfleet/protocol';
import { attemptWeight } from '@pushfleet/registry';
import type { LinkTerms } from './command.ts';

/**
 * Whose doing the end of a link is. `broken`: the connection broke, or one side ended it over something that the other
 * one did. `quiet`: the device left in good order or fell silent, which it may do for reasons of its own. `ours`: no
 * command has to do with it.
 */
const endings: Readonly<Record<CloseReason, 'broken' | 'quiet' | 'ours'>> = {
  linkLost: 'broken',
  deviceError: 'broken',
  internalError: 'broken',
  malformed: 'broken',
  protocolError: 'broken',
  frameTooLarge: 'broken',
  topicNotAllowed: 'broken',
  qosNotSupported: 'broken',
  retainNotSupported: 'broken',
  topicInvalid: 'broken',
  topicAliasInvalid: 'broken',
  subscriptionIdsNotSupported: 'broken',
  payloadInvalid: 'broken',
  goodbye: 'quiet',
  keepAliveTimeout: 'quiet',
  sessionTakenOver: 'ours',
  useAnotherServer: 'ours',
  serverShuttingDown: 'ours',
  noCapacity: 'ours',
  sessionEnded: 'ours',
  tooManyLinks: 'ours',
  registryUnavailable: 'ours',
  tooSlow: 'ours',
  ticketInvalid: 'ours',
  tooManyAttempts: 'ours',
  ticketExpired: 'ours',
  ticketVoid: 'ours',
  ticketForAnotherNode: 'ours',
  ticketForAnotherDevice: 'ours',
  greetingTimeout: 'ours',
  receiveMaximumExceeded: 'ours',
  messageRateTooHigh: 'ours',
  unsupportedProtocolVersion: 'ours',
  willNotSupported: 'ours',
  authMethodNotSupported: 'ours',
  clientIdInvalid: 'ours',
};

/** The weight of a link's end against a command that the device was just taking in; 0: none. */
export function failedWeight(reason: CloseReason, confirmed: boolean, terms: LinkTerms): number {
  const isUnconfirmed = !confirmed || !terms.confirms;
  switch (endings[reason]) {
    case 'broken':
      return isUnconfirmed ? attemptWeight.broken : attemptWeight.quiet;
    case 'quiet':
      // One that comes for a command, confirms it and leaves does as it should.
      return confirmed ? 0 : attemptWeight.quiet;
    case 'ours':
      return 0;
  }
}

/**
 * Reason codes of acknowledgements and of a client's DISCONNECT: table 2-6 of MQTT 5. The codes with which a server ends a link stand
 * in the table of close reasons.
 */
export const ReasonCode = {
  success: 0x00,
  disconnectWithWill: 0x04,
  noMatchingSubscribers: 0x10,
  noSubscriptionExisted: 0x11,
  /** Also the one code of MQTT 3.1.1 for every refusal of a subscription. */
  unspecifiedError: 0x80,
  implementationSpecificError: 0x83,
  notAuthorized: 0x87,
  topicNameInvalid: 0x90,
  packetIdInUse: 0x91,
  quotaExceeded: 0x97,
  payloadFormatInvalid: 0x99,
  sharedSubscriptionsNotSupported: 0x9e,
} as const;

/** Codes that a PUBACK may have, with their names: table 3-4 of MQTT 5. */
export const pubackCodes: Readonly<Record<number, string>> = {
  [ReasonCode.success]: 'success',
  [ReasonCode.noMatchingSubscribers]: 'no matching subscribers',
  [ReasonCode.unspecifiedError]: 'unspecified error',
  [ReasonCode.implementationSpecificError]: 'implementation specific error',
  [ReasonCode.notAuthorized]: 'not authorized',
  [ReasonCode.topicNameInvalid]: 'topic name invalid',
  [ReasonCode.packetIdInUse]: 'packet identifier in use',
  [ReasonCode.quotaExceeded]: 'quota exceeded',
  [ReasonCode.payloadFormatInvalid]: 'payload format invalid',
};

/** The receiver has not done what it was asked for. */
export function isFailure(code: number): boolean {
  return code >= ReasonCode.unspecifiedError;
}

// Original file: proto/pushfleet/admin/v1/fleet_service.proto

/**
 * What it means that balancers cannot reach a push server's address for remote hosts. Channels to its workers and
 * certificates that devices would refuse count in any case.
 */
export const AddressCheck = {
  /**
   * As PUSHFLEET_ADDRESS_CHECK of the balancers says.
   */
  ADDRESS_CHECK_UNSPECIFIED: 'ADDRESS_CHECK_UNSPECIFIED',
  /**
   * It is no place for new devices.
   */
  ADDRESS_CHECK_ON: 'ADDRESS_CHECK_ON',
  /**
   * It is told, and devices go there all the same: they may reach what balancers do not.
   */
  ADDRESS_CHECK_WARN: 'ADDRESS_CHECK_WARN',
  /**
   * It is not tried.
   */
  ADDRESS_CHECK_OFF: 'ADDRESS_CHECK_OFF',
} as const;

/**
 * What it means that balancers cannot reach a push server's address for remote hosts. Channels to its workers and
 * certificates that devices would refuse count in any case.
 */
export type AddressCheckInit =
  /**
   * As PUSHFLEET_ADDRESS_CHECK of the balancers says.
   */
  | 'ADDRESS_CHECK_UNSPECIFIED'
  | 0
  /**
   * It is no place for new devices.
   */
  | 'ADDRESS_CHECK_ON'
  | 1
  /**
   * It is told, and devices go there all the same: they may reach what balancers do not.
   */
  | 'ADDRESS_CHECK_WARN'
  | 2
  /**
   * It is not tried.
   */
  | 'ADDRESS_CHECK_OFF'
  | 3

/**
 * What it means that balancers cannot reach a push server's address for remote hosts. Channels to its workers and
 * certificates that devices would refuse count in any case.
 */
export type AddressCheck = typeof AddressCheck[keyof typeof AddressCheck]

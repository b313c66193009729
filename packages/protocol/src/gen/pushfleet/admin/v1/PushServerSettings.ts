// Original file: proto/pushfleet/admin/v1/fleet_service.proto

import type { AddressCheckInit as _pushfleet_admin_v1_AddressCheckInit, AddressCheck as _pushfleet_admin_v1_AddressCheck } from '../../../pushfleet/admin/v1/AddressCheck.ts';

export interface PushServerSettingsInit {
  /**
   * "Run push server".
   */
  'enabled'?: (boolean);
  /**
   * "Push server port". 0: 13295.
   */
  'port'?: (number);
  /**
   * "Address for remote hosts": IP address or host name of this one machine, without a port. Wildcards (0.0.0.0, ::) are
   * refused.
   */
  'address'?: (string);
  /**
   * 0: 50,000.
   */
  'maxConnections'?: (number);
  /**
   * How much of the load it gets beside others of the same size, in percent. 1 to 1,000; 0: 100.
   */
  'weight'?: (number);
  'addressCheck'?: (_pushfleet_admin_v1_AddressCheckInit);
}

export interface PushServerSettings {
  /**
   * "Run push server".
   */
  'enabled': (boolean);
  /**
   * "Push server port". 0: 13295.
   */
  'port': (number);
  /**
   * "Address for remote hosts": IP address or host name of this one machine, without a port. Wildcards (0.0.0.0, ::) are
   * refused.
   */
  'address': (string);
  /**
   * 0: 50,000.
   */
  'maxConnections': (number);
  /**
   * How much of the load it gets beside others of the same size, in percent. 1 to 1,000; 0: 100.
   */
  'weight': (number);
  'addressCheck': (_pushfleet_admin_v1_AddressCheck);
}

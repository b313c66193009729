// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface GroupInit {
  /**
   * Up to 16 names from the top, joined by "/": "HQ/Floor 2". A name has 1 to 64 characters that are seen, without { } or
   * a blank at an end. A path has one spelling, wherever it is given: composed characters (NFC), ordinary blanks.
   */
  'path'?: (string);
  /**
   * How many devices are in it and its subgroups. Output only, and only of ListGroups.
   */
  'devices'?: (number);
}

export interface Group {
  /**
   * Up to 16 names from the top, joined by "/": "HQ/Floor 2". A name has 1 to 64 characters that are seen, without { } or
   * a blank at an end. A path has one spelling, wherever it is given: composed characters (NFC), ordinary blanks.
   */
  'path': (string);
  /**
   * How many devices are in it and its subgroups. Output only, and only of ListGroups.
   */
  'devices': (number);
}

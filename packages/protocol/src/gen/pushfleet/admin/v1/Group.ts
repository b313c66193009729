// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface GroupInit {
  /**
   * Names from the top, joined by "/": "HQ/Floor 2".
   */
  'path'?: (string);
}

export interface Group {
  /**
   * Names from the top, joined by "/": "HQ/Floor 2".
   */
  'path': (string);
}

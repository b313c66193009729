// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface ListEnrollmentTokensRequestInit {
  /**
   * Path of a group: those of it and its subgroups. Empty: all.
   */
  'group'?: (string);
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100.
   */
  'pageSize'?: (number);
  /**
   * `next_page_token` of the page before; empty: the first page.
   */
  'pageToken'?: (string);
}

export interface ListEnrollmentTokensRequest {
  /**
   * Path of a group: those of it and its subgroups. Empty: all.
   */
  'group': (string);
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before; empty: the first page.
   */
  'pageToken': (string);
}

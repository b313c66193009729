// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface ListDistributionPointsRequestInit {
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100.
   */
  'pageSize'?: (number);
  /**
   * `next_page_token` of the page before; empty: the first page.
   */
  'pageToken'?: (string);
}

export interface ListDistributionPointsRequest {
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before; empty: the first page.
   */
  'pageToken': (string);
}

// Original file: proto/pushfleet/admin/v1/token_service.proto


export interface ListTokensRequestInit {
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100.
   */
  'pageSize'?: (number);
  /**
   * `next_page_token` of the page before; empty: the first page.
   */
  'pageToken'?: (string);
}

export interface ListTokensRequest {
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before; empty: the first page.
   */
  'pageToken': (string);
}

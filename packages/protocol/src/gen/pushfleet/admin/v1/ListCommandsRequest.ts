// Original file: proto/pushfleet/admin/v1/command_service.proto


export interface ListCommandsRequestInit {
  'deviceId'?: (string);
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100.
   */
  'pageSize'?: (number);
  /**
   * `next_page_token` of the page before; empty: the first page.
   */
  'pageToken'?: (string);
  /**
   * Those that have ended too. One that ends between two pages may be in both. A page that has some of them may hold fewer
   * than `page_size`: it takes no more once they have 2 MiB together.
   */
  'includeEnded'?: (boolean);
}

export interface ListCommandsRequest {
  'deviceId': (string);
  /**
   * Up to 1,000, which a larger one is taken for; 0: 100.
   */
  'pageSize': (number);
  /**
   * `next_page_token` of the page before; empty: the first page.
   */
  'pageToken': (string);
  /**
   * Those that have ended too. One that ends between two pages may be in both. A page that has some of them may hold fewer
   * than `page_size`: it takes no more once they have 2 MiB together.
   */
  'includeEnded': (boolean);
}

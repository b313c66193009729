// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface GetDistributionPointRequestInit {
  'distributionPointId'?: (string);
}

export interface GetDistributionPointRequest {
  'distributionPointId': (string);
}

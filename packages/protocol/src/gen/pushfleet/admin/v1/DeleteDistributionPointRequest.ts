// Original file: proto/pushfleet/admin/v1/fleet_service.proto


export interface DeleteDistributionPointRequestInit {
  'distributionPointId'?: (string);
}

export interface DeleteDistributionPointRequest {
  'distributionPointId': (string);
}

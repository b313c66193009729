// Original file: proto/pushfleet/device/v1/device_link.proto


export interface IdentifyRequestInit {
}

export interface IdentifyRequest {
}

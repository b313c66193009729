// Original file: proto/pushfleet/common/v1/tunnel.proto


export interface TunnelEndInit {
}

export interface TunnelEnd {
}

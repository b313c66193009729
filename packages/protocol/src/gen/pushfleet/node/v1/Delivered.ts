// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * The device acknowledged the command.
 */
export interface DeliveredInit {
}

/**
 * The device acknowledged the command.
 */
export interface Delivered {
}

// Original file: proto-internal/pushfleet/node/v1/node_control.proto


/**
 * The device confirmed that it has the command.
 */
export interface DeliveredInit {
}

/**
 * The device confirmed that it has the command.
 */
export interface Delivered {
}

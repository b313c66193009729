// Original file: proto/pushfleet/device/v1/device_link.proto


/**
 * The device ends the link in good order.
 */
export interface GoodbyeInit {
}

/**
 * The device ends the link in good order.
 */
export interface Goodbye {
}

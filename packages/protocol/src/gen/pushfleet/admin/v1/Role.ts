// Original file: proto/pushfleet/admin/v1/token_service.proto

/**
 * Each may do what those before it may.
 */
export const Role = {
  ROLE_UNSPECIFIED: 'ROLE_UNSPECIFIED',
  /**
   * Sees.
   */
  ROLE_VIEWER: 'ROLE_VIEWER',
  /**
   * Pushes commands, disconnects devices, opens tunnels.
   */
  ROLE_OPERATOR: 'ROLE_OPERATOR',
  /**
   * Changes groups, distribution points, devices, push servers and tokens.
   */
  ROLE_ADMIN: 'ROLE_ADMIN',
} as const;

/**
 * Each may do what those before it may.
 */
export type RoleInit =
  | 'ROLE_UNSPECIFIED'
  | 0
  /**
   * Sees.
   */
  | 'ROLE_VIEWER'
  | 1
  /**
   * Pushes commands, disconnects devices, opens tunnels.
   */
  | 'ROLE_OPERATOR'
  | 2
  /**
   * Changes groups, distribution points, devices, push servers and tokens.
   */
  | 'ROLE_ADMIN'
  | 3

/**
 * Each may do what those before it may.
 */
export type Role = typeof Role[keyof typeof Role]

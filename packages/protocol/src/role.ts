import { invalidArgument } from './error.ts';
import type { Role as WireRole } from './gen/admin.ts';

/** Roles of API tokens, each with all that those before it may. */
export const roles = ['viewer', 'operator', 'admin'] as const;

/** `viewer` sees; `operator` pushes commands and opens tunnels, too; `admin` changes settings, too. */
export type Role = (typeof roles)[number];

/** Roles by their names in the admin API. */
export const wireRoles = {
  viewer: 'ROLE_VIEWER',
  operator: 'ROLE_OPERATOR',
  admin: 'ROLE_ADMIN',
} as const satisfies Record<Role, WireRole>;

/** Whether whoever has the role `has` may do what `needs` may. */
export function mayAct(has: Role, needs: Role): boolean {
  return roles.indexOf(has) >= roles.indexOf(needs);
}

/** @throws PushfleetError INVALID_ARGUMENT that names `field`. */
export function parseRole(value: unknown, field = 'role'): Role {
  const role = roles.find((each) => each === value);
  if (!role) throw invalidArgument(field, roles.join(', ').replace(/, (?!.*,)/, ' or '));
  return role;
}

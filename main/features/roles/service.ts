import type { FeatureServices } from '../../application/foundation.ts';
import type { Handlers } from '../../application/router.ts';
import type { roles } from './contract.ts';

/** 維護角色權限 (manual §3.1): role groups, their modules and their members. */
export function rolesHandlers(_services: FeatureServices): Handlers<typeof roles> {
  return {};
}

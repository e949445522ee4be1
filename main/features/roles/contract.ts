import { defineFeature } from '../../application/contract.ts';

/** 維護角色權限 (manual §3.1): role groups, their modules and their members. */
export const roles = defineFeature('roles', {});

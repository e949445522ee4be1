import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { flag } from './columns.ts';
import { teachers } from './people.ts';

/** Who may sign in. The administrator's account is `<school code>adm`; teachers' accounts come with the sync. */
export const accounts = sqliteTable(
  'accounts',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull().unique(),
    displayName: text('display_name').notNull(),
    kind: text('kind', { enum: ['administrator', 'teacher'] }).notNull(),
    teacherId: text('teacher_id').references(() => teachers.id),
    /** scrypt, with its parameters in the text; null while no first password was given. */
    passwordHash: text('password_hash'),
    mustChangePassword: flag('must_change_password'),
    enabled: flag('enabled'),
    /** Wrong entries since the last right one, and until when the account waits. Kept across restarts. */
    failedSignIns: integer('failed_sign_ins').notNull().default(0),
    lockedUntil: text('locked_until'),
    lastSignedInAt: text('last_signed_in_at'),
  },
  (table) => [index('accounts_by_teacher').on(table.teacherId)],
);

/** 角色群組 (manual §3.1.1). */
export const roleGroups = sqliteTable('role_groups', {
  id: text('id').primaryKey(),
  code: text('code').notNull().unique(),
  name: text('name').notNull(),
  enabled: flag('enabled'),
  remark: text('remark').notNull().default(''),
});

/** 群組功能設定 (§3.1.2): the module may be viewed, and with the rights ticked. */
export const roleGroupModules = sqliteTable(
  'role_group_modules',
  {
    roleGroupId: text('role_group_id')
      .notNull()
      .references(() => roleGroups.id, { onDelete: 'cascade' }),
    module: text('module').notNull(),
    canCreate: flag('can_create'),
    canUpdate: flag('can_update'),
    canDelete: flag('can_delete'),
  },
  (table) => [primaryKey({ columns: [table.roleGroupId, table.module] })],
);

/** 群組人員設定 (§3.1.3). */
export const roleMembers = sqliteTable(
  'role_members',
  {
    roleGroupId: text('role_group_id')
      .notNull()
      .references(() => roleGroups.id, { onDelete: 'cascade' }),
    accountId: text('account_id')
      .notNull()
      .references(() => accounts.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.roleGroupId, table.accountId] }), index('role_members_by_account').on(table.accountId)],
);

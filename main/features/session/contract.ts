import { z } from 'zod';
import { command, defineFeature, done, type FunctionModule, functionModules, nothing, query } from '../../application/contract.ts';

/** 登入 (manual §1.1), 鎖定, and what the window needs to know before anyone signs in. */
const right = z.enum(['view', 'create', 'update', 'delete']);
const moduleCodes = Object.keys(functionModules) as [FunctionModule, ...FunctionModule[]];

export const signedIn = z.object({
  accountName: z.string(),
  displayName: z.string(),
  administrator: z.boolean(),
  mustChangePassword: z.boolean(),
  locked: z.boolean(),
  /** Of an administrator: every module with every right. */
  rights: z.partialRecord(z.enum(moduleCodes), z.array(right)),
});
export type SignedIn = z.infer<typeof signedIn>;

export const captcha = z.object({ id: z.string(), /** The four letters, drawn; an SVG document. */ svg: z.string() });

export const session = defineFeature('session', {
  /** The page before sign-in: which school, whether a 驗證碼 is needed, and the trial school's first password. */
  status: query({
    title: '登入頁',
    input: z.object({ accountName: z.string().max(100).optional() }),
    output: z.object({
      /** False for a directory that is connected to no city yet. */
      connected: z.boolean(),
      schoolCode: z.string(),
      schoolName: z.string(),
      defaultAccountName: z.string(),
      trial: z.boolean(),
      /** Only of a trial school whose administrator has not changed it yet. */
      trialFirstPassword: z.string().nullable(),
      captchaNeeded: z.boolean(),
      idleMinutes: z.int(),
      /** The current term, `{109, 1}`. */
      term: z.object({ academicYear: z.int(), semester: z.int() }),
      session: signedIn.nullable(),
    }),
    access: 'public',
  }),
  newCaptcha: query({ title: '換一張驗證碼', input: nothing, output: captcha, access: 'public' }),
  /** The four letters as words to be read aloud: `R O H Q`. */
  readCaptchaAloud: query({
    title: '朗讀驗證碼',
    input: z.object({ id: z.string() }),
    output: z.object({ text: z.string() }),
    access: 'public',
  }),
  /** Errors: session.wrong (account or password), session.captchaWrong, session.waiting (details.waitSeconds), session.disabled. */
  signIn: command({
    title: '登入',
    input: z.object({
      accountName: z.string().min(1).max(100),
      password: z.string().min(1).max(1000),
      captcha: z.object({ id: z.string(), text: z.string().max(20) }).optional(),
    }),
    output: signedIn,
    access: 'public',
    audit: { action: 'signIn' },
  }),
  /** Errors: session.wrong, session.passwordWeak. */
  changePassword: command({
    title: '變更密碼',
    input: z.object({ currentPassword: z.string().min(1).max(1000), newPassword: z.string().min(1).max(1000) }),
    output: signedIn,
    access: 'signedIn',
    audit: { action: 'change' },
  }),
  lock: command({ title: '鎖定', input: nothing, output: done, access: 'signedIn', audit: { action: 'signIn' } }),
  unlock: command({
    title: '解除鎖定',
    input: z.object({ password: z.string().min(1).max(1000) }),
    output: signedIn,
    access: 'signedIn',
    audit: { action: 'signIn' },
  }),
  signOut: command({ title: '登出', input: nothing, output: done, access: 'signedIn', audit: { action: 'signIn' } }),
});

import type { z } from 'zod';
import type { Feature, Operation } from '../application/contract.ts';
import { audit } from './audit/contract.ts';
import { backup } from './backup/contract.ts';
import { cabinet } from './cabinet/contract.ts';
import { certification } from './certification/contract.ts';
import { coTeaching } from './co-teaching/contract.ts';
import { counselors } from './counselors/contract.ts';
import { courseCounselors } from './course-counselors/contract.ts';
import { dashboard } from './dashboard/contract.ts';
import { jobs } from './jobs/contract.ts';
import { outcomes } from './outcomes/contract.ts';
import { parameters } from './parameters/contract.ts';
import { performances } from './performances/contract.ts';
import { receiptStatements } from './receipt-statements/contract.ts';
import { receipts } from './receipts/contract.ts';
import { retention } from './retention/contract.ts';
import { roles } from './roles/contract.ts';
import { schedule } from './schedule/contract.ts';
import { selfStudy } from './self-study/contract.ts';
import { session } from './session/contract.ts';
import { slips } from './slips/contract.ts';
import { students } from './students/contract.ts';
import { submissions } from './submissions/contract.ts';
import { sync } from './sync/contract.ts';
import { temporaryAccounts } from './temporary-accounts/contract.ts';
import { terms } from './terms/contract.ts';
import { transferCases } from './transfer-cases/contract.ts';
import { transferIn } from './transfer-in/contract.ts';
import { transferOut } from './transfer-out/contract.ts';
import { usage } from './usage/contract.ts';

/** The whole contract: every feature's operations, by name `<feature>.<operation>`. */
export const features = [
  session,
  jobs,
  dashboard,
  sync,
  students,
  roles,
  parameters,
  courseCounselors,
  coTeaching,
  performances,
  cabinet,
  schedule,
  outcomes,
  receipts,
  certification,
  usage,
  selfStudy,
  temporaryAccounts,
  counselors,
  terms,
  transferOut,
  transferIn,
  transferCases,
  slips,
  submissions,
  receiptStatements,
  audit,
  retention,
  backup,
] as const;

type OperationsOf<Declared extends Feature> = {
  [Name in keyof Declared['operations'] & string as `${Declared['name']}.${Name}`]: Declared['operations'][Name];
};
type Merge<Union> = (Union extends unknown ? (value: Union) => void : never) extends (value: infer All) => void ? All : never;

/** Operation by name, as a type. */
type OperationsOfEach<Declared> = Declared extends Feature ? OperationsOf<Declared> : never;
export type Contract = Merge<OperationsOfEach<(typeof features)[number]>>;
export type OperationName = keyof Contract & string;
export type InputOf<Name extends OperationName> = Contract[Name] extends Operation<infer Input, z.ZodType> ? z.input<Input> : never;
/** What the operation answers; of a job, what it ends with. */
export type OutputOf<Name extends OperationName> = Contract[Name] extends Operation<z.ZodType, infer Output> ? z.output<Output> : never;
/** What the call answers: of a job, `{ jobId }`. */
export type AnswerOf<Name extends OperationName> = Contract[Name]['kind'] extends 'job' ? { jobId: string } : OutputOf<Name>;

/** Every operation with its declaration, for the router, the preload and the structure tests. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  (features as readonly Feature[]).flatMap((feature) =>
    Object.entries(feature.operations).map(([name, operation]) => [`${feature.name}.${name}`, operation] as const),
  ),
);

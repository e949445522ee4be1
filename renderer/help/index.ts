import { help as audit } from './audit.ts';
import { help as backup } from './backup.ts';
import { help as cabinet } from './cabinet.ts';
import { help as certification } from './certification.ts';
import { help as coTeaching } from './co-teaching.ts';
import { help as counselors } from './counselors.ts';
import { help as courseCounselors } from './course-counselors.ts';
import { help as dashboard } from './dashboard.ts';
import { help as outcomes } from './outcomes.ts';
import { help as parameters } from './parameters.ts';
import { help as performances } from './performances.ts';
import { help as receiptStatements } from './receipt-statements.ts';
import { help as receipts } from './receipts.ts';
import { help as retention } from './retention.ts';
import { help as roles } from './roles.ts';
import { help as schedule } from './schedule.ts';
import { help as selfStudyCertifiers } from './self-study-certifiers.ts';
import { help as selfStudyOrder } from './self-study-order.ts';
import { help as slips } from './slips.ts';
import { help as submissions } from './submissions.ts';
import { help as sync } from './sync.ts';
import { help as temporaryAccounts } from './temporary-accounts.ts';
import { help as terms } from './terms.ts';
import { help as transferIn } from './transfer-in.ts';
import { help as transferOut } from './transfer-out.ts';
import { help as usage } from './usage.ts';

/** The help of a page (F1): what it is for, how it goes, what to mind. Short; the manual has the rest. */
export interface HelpText {
  purpose: string;
  steps: readonly string[];
  remarks: readonly string[];
}

/** By the `help` of a screen (app/screens.tsx). */
export const helpTexts: Readonly<Record<string, HelpText>> = {
  audit,
  backup,
  cabinet,
  certification,
  'co-teaching': coTeaching,
  counselors,
  'course-counselors': courseCounselors,
  dashboard,
  outcomes,
  parameters,
  performances,
  'receipt-statements': receiptStatements,
  receipts,
  retention,
  roles,
  schedule,
  'self-study-certifiers': selfStudyCertifiers,
  'self-study-order': selfStudyOrder,
  slips,
  submissions,
  sync,
  'temporary-accounts': temporaryAccounts,
  terms,
  'transfer-in': transferIn,
  'transfer-out': transferOut,
  usage,
};

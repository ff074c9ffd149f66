import type { z } from 'zod';
import type * as answers from '../../../src/http/schemas/answers.ts';
import type * as audit from '../../../src/http/schemas/audit.ts';
import type * as billing from '../../../src/http/schemas/billing.ts';
import type * as connections from '../../../src/http/schemas/connections.ts';
import type * as documents from '../../../src/http/schemas/documents.ts';
import type * as mail from '../../../src/http/schemas/mail.ts';
import type * as mappings from '../../../src/http/schemas/mappings.ts';
import type * as overview from '../../../src/http/schemas/overview.ts';
import type * as people from '../../../src/http/schemas/people.ts';
import type * as policy from '../../../src/http/schemas/policy.ts';
import type * as review from '../../../src/http/schemas/review.ts';
import type * as setUp from '../../../src/http/schemas/set-up.ts';
import type * as tieOut from '../../../src/http/schemas/tie-out.ts';

/** The API's own schemas, as types only: nothing of zod reaches the bundle. */
export type Me = z.infer<typeof people.Me>;
export type Overview = z.infer<typeof overview.Overview>;
export type DocumentRow = z.infer<typeof documents.DocumentRow>;
export type DocumentPage = z.infer<typeof documents.DocumentPage>;
export type DocumentDetail = z.infer<typeof documents.DocumentDetail>;
export type Evidence = z.infer<typeof documents.Evidence>;
export type FieldPair = DocumentDetail['fields'][number];
export type DocumentState = DocumentRow['state'];
export type DocumentAction = DocumentDetail['actions'][number];
export type ReviewRow = z.infer<typeof review.ReviewRow>;
export type ReviewItem = z.infer<typeof review.ReviewItem>;
export type Ask = ReviewItem['asks'][number];
export type Adoption = NonNullable<ReviewItem['adoption']>;
export type BillingToDecide = NonNullable<ReviewItem['billing']>;
export type BillApplication = z.infer<typeof billing.BillApplication>;
export type AdoptableOrder = Adoption['candidates'][number];
export type TieOut = z.infer<typeof tieOut.TieOut>;
export type ProjectTieOut = z.infer<typeof tieOut.ProjectTieOut>;
export type BridgeItem = z.infer<typeof tieOut.BridgeItem>;
export type AuditEntry = z.infer<typeof audit.AuditEntry>;
export type AuditVerdict = z.infer<typeof audit.AuditVerdict>;
export type ConnectionRow = z.infer<typeof connections.ConnectionRow>;
export type ConnectionForm = z.infer<typeof connections.ConnectionForm>;
export type SystemForm = z.infer<typeof connections.SystemForm>;
export type FormField = z.infer<typeof connections.FormField>;
export type Finding = z.infer<typeof connections.Finding>;
export type SetUpPlan = z.infer<typeof setUp.SetUpPlan>;
export type SetUpResults = z.infer<typeof setUp.SetUpResults>;
export type Policy = z.infer<typeof policy.Policy>;
export type PolicyPage = z.infer<typeof policy.PolicyPage>;
export type PolicyChange = z.infer<typeof policy.PolicyChange>;
export type PolicyChanges = z.infer<typeof policy.PolicyChanges>;
export type PolicyVersion = z.infer<typeof policy.PolicyVersion>;
export type PolicyVersions = z.infer<typeof policy.PolicyVersions>;
export type PolicyChoice = PolicyPage['form']['choices'][number];
export type MailSettings = z.infer<typeof mail.MailSettings>;
export type ChosenMail = z.infer<typeof mail.ChooseMail>;
export type SetMapping = z.infer<typeof mappings.SetMapping>;
export type Problem = z.infer<typeof answers.Problem>;

export interface Target {
  code: string;
  name: string;
}
export type TargetKind = 'account' | 'project' | 'vendor' | 'customer' | 'company';
export interface AuditPage {
  rows: AuditEntry[];
  next: string | null;
}

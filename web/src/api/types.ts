import type { z } from 'zod';
import type * as schemas from '../../../src/http/schemas.ts';

/** The API's own schemas, as types only: nothing of zod reaches the bundle. */
export type Me = z.infer<typeof schemas.Me>;
export type Overview = z.infer<typeof schemas.Overview>;
export type DocumentRow = z.infer<typeof schemas.DocumentRow>;
export type DocumentPage = z.infer<typeof schemas.DocumentPage>;
export type DocumentDetail = z.infer<typeof schemas.DocumentDetail>;
export type FieldPair = DocumentDetail['fields'][number];
export type DocumentState = DocumentRow['state'];
export type DocumentAction = DocumentDetail['actions'][number];
export type ReviewRow = z.infer<typeof schemas.ReviewRow>;
export type ReviewItem = z.infer<typeof schemas.ReviewItem>;
export type Ask = ReviewItem['asks'][number];
export type Adoption = NonNullable<ReviewItem['adoption']>;
export type AdoptableOrder = Adoption['candidates'][number];
export type TieOut = z.infer<typeof schemas.TieOut>;
export type ProjectTieOut = z.infer<typeof schemas.ProjectTieOut>;
export type BridgeItem = z.infer<typeof schemas.BridgeItem>;
export type AuditEntry = z.infer<typeof schemas.AuditEntry>;
export type AuditVerdict = z.infer<typeof schemas.AuditVerdict>;
export type ConnectionRow = z.infer<typeof schemas.ConnectionRow>;
export type ConnectionForm = z.infer<typeof schemas.ConnectionForm>;
export type SystemForm = z.infer<typeof schemas.SystemForm>;
export type FormField = z.infer<typeof schemas.FormField>;
export type Finding = z.infer<typeof schemas.Finding>;
export type SetUpPlan = z.infer<typeof schemas.SetUpPlan>;
export type SetUpResults = z.infer<typeof schemas.SetUpResults>;
export type SetMapping = z.infer<typeof schemas.SetMapping>;
export type Problem = z.infer<typeof schemas.Problem>;

export interface Target {
  code: string;
  name: string;
}
export type TargetKind = 'account' | 'project' | 'vendor' | 'customer';
export interface AuditPage {
  rows: AuditEntry[];
  next: string | null;
}

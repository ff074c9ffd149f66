import { createHash, timingSafeEqual } from 'node:crypto';
import { CONTEXT_OBJECTS } from '../../domain/context-record.ts';
import type { JsonValue } from '../../lib/decimal-json.ts';
import { CONTEXT } from '../context/context-objects.ts';
import { asTree, textOf } from '../http/errors.ts';
import type { WebhookEvent } from '../hub.ts';

const MAX_EVENTS = 1_000;

type Tree = { readonly [key: string]: JsonValue };

/** Procore's resource names, in the plural with dashes, and what we call the object. Others keep their name. */
const OBJECTS: Readonly<Record<string, string>> = {
  'erp-requests': 'erp-request',
  'work-order-contracts': 'work-order-contract',
  'purchase-order-contracts': 'purchase-order-contract',
  'company-vendors': 'vendor',
  'project-vendors': 'vendor',
  vendors: 'vendor',
  projects: 'project',
  'change-order-packages': 'change-order',
  'prime-contracts': 'prime-contract',
  'project-users': 'user',
  ...Object.fromEntries(
    CONTEXT_OBJECTS.flatMap((object) => {
      const { resource } = CONTEXT[object];
      return resource === null ? [] : [[slug(resource), object]];
    }),
  ),
  'company-users': 'user',
  'company-insurances': 'insurance',
  'project-insurances': 'insurance',
};

/**
 * The events of one delivery (v2.0, v3.0 or v4.0, one event or a list), reduced to ids: nothing else in it is
 * trusted, and no reason (create, update, or one that is new) is asked for. What is no event gives none; whoever
 * stored the delivery still has its text.
 */
export function webhookEvents(content: JsonValue): readonly WebhookEvent[] {
  const rows: readonly JsonValue[] = Array.isArray(content) ? content.slice(0, MAX_EVENTS) : [content];
  return rows.map(eventOf).filter((event) => event !== null);
}

function eventOf(value: JsonValue): WebhookEvent | null {
  const tree = asTree(value);
  if (!tree) return null;
  const metadata = asTree(tree.metadata) ?? {};
  const name = textOf(tree.resource_name) ?? textOf(tree.resource_type);
  const id = resourceId(tree.resource_id);
  const companyId = idOf(tree.company_id) ?? idOf(metadata.source_company_id);
  // A name without a letter names nothing.
  if (name === null || objectName(name) === '' || id === null || companyId === null) return null;
  const target = parentOf(tree, name) ?? { object: objectName(name), nativeId: id };
  return {
    ...target,
    dedupeKey: dedupeKey(tree, name, id),
    companyId,
    projectId: idOf(tree.project_id) ?? idOf(metadata.source_project_id),
    userId: idOf(metadata.source_user_id) ?? idOf(tree.user_id),
    sourceApplicationId: textOf(metadata.source_application_id),
  };
}

/** A line's event is a hint about the contract that holds the line; version 3.0 names it. */
function parentOf(tree: Tree, name: string): { object: string; nativeId: string } | null {
  if (!/-line-items?$/.test(slug(name)) || !Array.isArray(tree.related_resources)) return null;
  for (const entry of tree.related_resources.slice(0, 10)) {
    const related = asTree(entry);
    const object = objectName(textOf(related?.name) ?? '');
    const nativeId = idOf(related?.id);
    if (object.endsWith('-contract') && nativeId !== null) return { object, nativeId };
  }
  return null;
}

/**
 * The ulid, so that one event is one signal whichever versions it came in; version 4.0 puts it into `id`. One that
 * carries neither is told apart by what it says.
 */
function dedupeKey(tree: Tree, name: string, id: string): string {
  const own = textOf(tree.ulid) ?? textOf(tree.id);
  // An empty one would make all events that bear it the same.
  if (own !== null && own.trim() !== '') return own.slice(0, 100);
  const said = [name, id, textOf(tree.event_type) ?? textOf(tree.reason) ?? '', textOf(tree.timestamp) ?? ''];
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

function objectName(name: string): string {
  const form = slug(name);
  return OBJECTS[form] ?? OBJECTS[`${form}s`] ?? form;
}

function slug(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80);
}

function idOf(value: JsonValue | undefined): string | null {
  const text = textOf(value);
  return text !== null && /^\d{1,20}$/.test(text) ? text : null;
}

/** The newest version has kinds of resources whose ids may be other text than a number. */
function resourceId(value: JsonValue | undefined): string | null {
  const text = textOf(value);
  return text !== null && /^[\w-]{1,80}$/.test(text) ? text : null;
}

/** What is stored of a hook's secret: the secret itself is never kept. */
export function hashHookSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/**
 * Whether the Authorization header of a delivery is the hook's secret, with or without `Bearer`. Digests are
 * compared in constant time, so the answer's timing tells nothing about the secret or its length.
 */
export function verifyHookSecret(presented: string | null | undefined, storedHash: string): boolean {
  const secret = (presented ?? '').replace(/^Bearer +/i, '');
  const given = createHash('sha256').update(secret).digest();
  const stored = Buffer.from(storedHash, 'hex');
  // A stored value of another length can only be a broken row; comparing with ourselves keeps the time equal.
  const same = timingSafeEqual(given, stored.length === given.length ? stored : given);
  return same && stored.length === given.length && secret !== '';
}

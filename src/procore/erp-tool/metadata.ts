import type { Constraint } from '../../connectors/connector.ts';
import type { OperationKind } from '../../domain/documents.ts';
import type { ExportField } from '../../domain/planning/export-fields.ts';
import { type EntityFacts, entitiesOf } from './metadata-entities.ts';
import { rulesOf } from './metadata-rules.ts';

/** What the metadata of one company is made of: an ERP as people know it, and what this version does with it. */
export type MetadataFacts = {
  readonly name: string;
  readonly supports: ReadonlySet<OperationKind>;
  readonly pulls: ReadonlySet<string>;
  /** Whether an export of this kind of record is worked. */
  readonly carries: (object: string) => boolean;
  readonly constraints: readonly Constraint[];
  /** What approvers are asked for besides. */
  readonly asked?: readonly ExportField[];
};

export type MetadataValue = string | number | boolean | readonly MetadataValue[] | MetadataDocument;
export type MetadataDocument = { readonly [key: string]: MetadataValue };

/**
 * The document that tells Procore's ERP Integrations tool what to offer and what to refuse before anybody submits it.
 * It is made of the ERP's own limits and of what this version carries, so that the tool offers nothing that would end
 * in front of a person: what is not named stays off.
 */
export function metadataDocument({ name, constraints, ...facts }: MetadataFacts): MetadataDocument {
  const rules = rulesOf(name, constraints);
  return {
    settings: {
      labels: { name, id_name: `${name} ID`, short_name: name },
      configurations: { features: { custom_wbs_segments: { enabled: false } } },
      entities: Object.fromEntries(
        entitiesOf(facts).map((entity) => [entity.name, described(entity, rules.get(entity.name))]),
      ),
    },
  };
}

function described(
  { enabled, configs }: EntityFacts,
  fields: MetadataDocument | undefined,
): MetadataDocument {
  return {
    enabled,
    configs,
    ...(enabled && fields !== undefined ? { rules: { export: { fields } } } : {}),
  };
}

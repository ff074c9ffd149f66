/** Kinds of records whose export may ask for more than the source has a field for. */
const ASKED_OF = [
  'commitment',
  'change-order',
  'sub-invoice',
  'company-direct-cost',
  'prime-change-order',
  'owner-invoice',
] as const;

/** What the approver is asked for besides, where the connection says so. */
export type ExportField = {
  readonly key: string;
  readonly label: string;
  readonly of: string;
  readonly maxLength: number;
  /** Where the ERP has a field for it that holds a date; a text otherwise. */
  readonly holds?: 'text' | 'date';
};

/** What the approver typed, by the keys of the fields. */
export type TypedFields = Readonly<Record<string, string>>;

// The tool has these two itself.
const TAKEN = 'accounting_date|transaction_date';

/** `commitment:cost_center:8`: a record, a field of lower-case words, and the most that it holds. */
export const EXPORT_FIELD = new RegExp(
  `^(${ASKED_OF.join('|')}):((?!(?:${TAKEN})(?::|$))[a-z][a-z0-9_]{0,39})(?::([1-9]\\d{0,2}))?$`,
);

const USUAL_LENGTH = 100;

/** The fields that a connection names; what is none was refused with its settings. */
export function exportFields(settings: readonly string[]): readonly ExportField[] {
  return settings.flatMap((setting) => {
    const [, of, key, length] = EXPORT_FIELD.exec(setting) ?? [];
    if (of === undefined || key === undefined) return [];
    const words = key.replaceAll('_', ' ');
    const label = words.charAt(0).toUpperCase() + words.slice(1);
    return [{ of, key, label, maxLength: length === undefined ? USUAL_LENGTH : Number(length) }];
  });
}

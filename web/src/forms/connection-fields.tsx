import { PasswordInput, Textarea, TextInput } from '@mantine/core';
import type { FormField } from '../api/types.ts';

interface ConnectionFieldsProps {
  fields: readonly FormField[];
  values: Readonly<Record<string, string>>;
  /** Whether secrets are stored already: an empty field then leaves them as they are. */
  stored: boolean;
  faults: readonly { field: string; message: string }[];
  onChange: (name: string, text: string) => void;
}

/** The fields of a system's own configuration, each by its kind. */
export function ConnectionFields({ fields, values, stored, faults, onChange }: ConnectionFieldsProps) {
  return fields.map((field) => {
    const common = {
      label: field.label,
      description: helpOf(field, stored),
      required: field.required && !(field.secret && stored),
      value: values[field.name] ?? '',
      error: faults.find((fault) => fault.field.split('.')[0] === field.name)?.message,
      onChange: (event: { currentTarget: { value: string } }) =>
        onChange(field.name, event.currentTarget.value),
    };
    if (field.secret) return <PasswordInput key={field.name} autoComplete="new-password" {...common} />;
    if (field.kind === 'long-text' || field.kind === 'list')
      return <Textarea key={field.name} rows={field.kind === 'list' ? 2 : 4} {...common} />;
    if (field.kind === 'flag') return <Flag key={field.name} field={field} {...common} />;
    return (
      <TextInput
        key={field.name}
        inputMode={field.kind === 'number' ? 'numeric' : 'text'}
        placeholder={field.fallback}
        {...common}
      />
    );
  });
}

interface FlagProps {
  field: FormField;
  value: string;
  description: string;
  onChange: (event: { currentTarget: { value: string } }) => void;
}

function Flag({ field, value, description, onChange }: FlagProps) {
  const checked = (value || field.fallback) === 'true';
  return (
    <label className="choice">
      <input
        type="checkbox"
        checked={checked}
        onChange={() => onChange({ currentTarget: { value: checked ? 'false' : 'true' } })}
      />
      <span>
        {field.label}
        <span className="quiet small why">{description}</span>
      </span>
    </label>
  );
}

function helpOf({ help, secret, kind, fallback }: FormField, stored: boolean): string {
  if (secret && stored) return `${help} It is stored and never shown; leave it empty to keep it.`.trim();
  if (kind === 'list') return `${help} One to a line.`;
  return fallback === '' ? help : `${help} Empty: ${fallback}.`;
}

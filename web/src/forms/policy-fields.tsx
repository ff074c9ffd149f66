import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { Policy, PolicyChoice, PolicyPage } from '../api/types.ts';
import { type Chosen, chosenOf, sections } from '../pages/policy/sections.ts';

type Form = PolicyPage['form'];
type Rule = Policy['approvals'][number];

interface PolicyFieldsProps {
  form: Form;
  policy: Policy;
  faults: readonly { field: string; message: string }[];
  onChange: (policy: Policy) => void;
}

/** Every field of a policy; the kinds, roles and choices are the service's own. */
export function PolicyFields({ form, policy, faults, onChange }: PolicyFieldsProps) {
  const faultOf = (field: string) => faults.find((fault) => fault.field === field)?.message;
  const setRules = (approvals: Rule[]) => onChange({ ...policy, approvals });
  return (
    <>
      <fieldset className="ask">
        <legend>What has an amount</legend>
        {policy.approvals.map((rule, place) => (
          <RuleFields
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no other name while it is typed.
            key={place}
            rule={rule}
            form={form}
            faultOf={(name) => faultOf(`approvals.${place}.${name}`)}
            onChange={(next) => setRules(policy.approvals.with(place, next))}
            onRemove={() => setRules(policy.approvals.toSpliced(place, 1))}
          />
        ))}
        <AddRule
          form={form}
          onAdd={(kind) =>
            setRules([
              ...policy.approvals,
              { kind, threshold: '0.00', currency: 'USD', role: form.roles[0] ?? '' },
            ])
          }
        />
      </fieldset>
      <TextInput
        label="Time zone"
        description="Amounts to one vendor are summed over a day, which begins at midnight there. America/Chicago, for instance."
        value={policy.timeZone}
        error={faultOf('timeZone')}
        onChange={(event) => onChange({ ...policy, timeZone: event.currentTarget.value })}
      />
      {sections.map(({ section, title }) => (
        <fieldset key={section} className="ask">
          <legend>{title}</legend>
          {form.choices
            .filter((choice) => choice.section === section)
            .map((choice) => (
              <ChoiceField
                key={choice.name}
                choice={choice}
                value={chosenOf(policy, choice)}
                error={faultOf(`${section}.${choice.name}`)}
                onChange={(value) =>
                  onChange({ ...policy, [section]: { ...policy[section], [choice.name]: value } })
                }
              />
            ))}
        </fieldset>
      ))}
    </>
  );
}

interface RuleFieldsProps {
  rule: Rule;
  form: Form;
  faultOf: (name: keyof Rule) => string | undefined;
  onChange: (rule: Rule) => void;
  onRemove: () => void;
}

function RuleFields({ rule, form, faultOf, onChange, onRemove }: RuleFieldsProps) {
  const kind = form.kinds.find((one) => one.kind === rule.kind);
  const label = kind?.label ?? rule.kind;
  return (
    <fieldset className="rule">
      <legend>{label}</legend>
      {kind?.always ? (
        <p className="small quiet rule-always">Every one needs an approval.</p>
      ) : (
        <>
          <TextInput
            label="From"
            inputMode="decimal"
            value={rule.threshold}
            error={faultOf('threshold')}
            onChange={(event) => onChange({ ...rule, threshold: event.currentTarget.value.trim() })}
          />
          <TextInput
            label="Currency"
            maxLength={3}
            value={rule.currency}
            error={faultOf('currency')}
            onChange={(event) => onChange({ ...rule, currency: event.currentTarget.value.toUpperCase() })}
          />
        </>
      )}
      <NativeSelect
        label="Approved by"
        data={form.roles}
        value={rule.role}
        error={faultOf('role')}
        onChange={(event) => onChange({ ...rule, role: event.currentTarget.value })}
      />
      <Button variant="default" onClick={onRemove}>
        Remove<span className="hidden-word"> the rule for {label}</span>
      </Button>
    </fieldset>
  );
}

/** A kind without a rule is asked about always; a second currency is a rule of its own. */
function AddRule({ form, onAdd }: { form: Form; onAdd: (kind: Rule['kind']) => void }) {
  return (
    <NativeSelect
      label="Add a rule"
      description="What no rule names needs the approval of a controller, whatever its amount."
      value=""
      data={[
        { value: '', label: 'Choose what it is about' },
        ...form.kinds.map(({ kind, label }) => ({ value: kind, label })),
      ]}
      onChange={(event) => {
        const chosen = form.kinds.find(({ kind }) => kind === event.currentTarget.value);
        if (chosen) onAdd(chosen.kind);
      }}
    />
  );
}

interface ChoiceFieldProps {
  choice: PolicyChoice;
  value: Chosen;
  error: string | undefined;
  onChange: (value: Chosen) => void;
}

/** A select knows text only, so an option is named by its place. */
function ChoiceField({ choice, value, error, onChange }: ChoiceFieldProps) {
  return (
    <NativeSelect
      label={choice.label}
      data={choice.options.map(({ words }, place) => ({ value: String(place), label: words }))}
      value={String(choice.options.findIndex((option) => option.value === value))}
      error={error}
      onChange={(event) => {
        const option = choice.options[Number(event.currentTarget.value)];
        if (option) onChange(option.value);
      }}
    />
  );
}

// What answers have to look like: free, JSON of a schema, or a grammar. The runtime allows no token that breaks it.
import { useMemo, useState } from 'react';
import type { AnswerFormat } from '../../../../../core/api/generation.ts';
import { validityOf } from '../../../../../core/lib/conversations/check-answer.ts';
import { notEnforcedBy } from '../../../../../core/lib/generation/json-schema-grammar.ts';
import { readSchema } from '../../../../../core/lib/json-schema/check.ts';
import { FieldRow } from '../../../../ui/field-row.tsx';
import { Section } from '../../../../ui/pane.tsx';
import { Select } from '../../../../ui/select.tsx';
import { TextField } from '../../../../ui/text-field.tsx';
import type { ChatSession } from '../session/chat-session.ts';
import styles from './inspector.module.css';
import { useChatState } from '../session/use-chat-session.ts';

type Kind = 'text' | AnswerFormat['kind'];

const kinds = [
  { id: 'text', label: 'Free text' },
  { id: 'json-schema', label: 'JSON schema', detail: 'Checked against it, and counted' },
  { id: 'grammar', label: 'Grammar', detail: 'GBNF, as llama.cpp reads it' },
] as const;

const firstSchema = `{
  "type": "object",
  "properties": {
    "answer": { "type": "string" }
  },
  "required": ["answer"],
  "additionalProperties": false
}`;
const firstGrammar = 'root ::= "sì" | "no"';

export function FormatForm({ session }: { readonly session: ChatSession }) {
  const format = useChatState(session, (state) => state.conversation.answerFormat);
  const conversation = useChatState(session, (state) => state.conversation);
  const [schemaText, setSchemaText] = useState<string | null>(null);
  const { valid, checked } = validityOf(conversation);
  const kind: Kind = format?.kind ?? 'text';
  const choose = (next: Kind) => {
    setSchemaText(null);
    session.change({
      answerFormat:
        next === 'text'
          ? null
          : next === 'grammar'
            ? { kind: next, gbnf: firstGrammar }
            : { kind: next, schema: JSON.parse(firstSchema) as unknown },
    });
  };
  const shown =
    schemaText ?? (format?.kind === 'json-schema' ? JSON.stringify(format.schema, null, 2) : firstSchema);
  const problem = schemaText === null ? null : readSchema(schemaText).problem;
  return (
    <Section title="Structured answer" aside={checked === 0 ? '' : `${valid} of ${checked} valid`}>
      <div className={styles['choice']}>
        <FieldRow label="Format">
          <Select<Kind> label="Format" isLabelHidden choices={kinds} value={kind} onChange={choose} />
        </FieldRow>
      </div>
      {format?.kind === 'json-schema' ? (
        <TextField
          label="Schema"
          mono
          lines={8}
          value={shown}
          error={problem}
          onChange={(text) => {
            setSchemaText(text);
            const read = readSchema(text);
            // A schema that is half typed is not used: the last good one stays.
            if (read.problem === null)
              session.change({ answerFormat: { kind: 'json-schema', schema: read.schema } });
          }}
          onBlur={() => {
            if (problem === null) setSchemaText(null);
          }}
        />
      ) : null}
      {format?.kind === 'json-schema' ? <NotEnforced schema={format.schema} /> : null}
      {format?.kind === 'grammar' ? (
        <TextField
          label="Grammar"
          mono
          lines={6}
          value={format.gbnf}
          onChange={(gbnf) => session.change({ answerFormat: { kind: 'grammar', gbnf } })}
        />
      ) : null}
      {problem === null ? null : (
        <p className={styles['note']}>The schema before this change is still in use</p>
      )}
    </Section>
  );
}

/** A grammar cannot say everything a schema does: what it lets pass is named, and found by the check of each answer. */
function NotEnforced({ schema }: { readonly schema: unknown }) {
  const keywords = useMemo(() => notEnforcedBy(schema), [schema]);
  if (keywords.length === 0) return null;
  return (
    <p className={styles['note']}>
      Answers are not held to {keywords.join(', ')} while they are written; each is checked against{' '}
      {keywords.length === 1 ? 'it' : 'them'} afterwards
    </p>
  );
}

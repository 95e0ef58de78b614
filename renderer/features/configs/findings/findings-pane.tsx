// The findings of the open config: by place, filtered by severity, each with its reason and its fix.
// Knows a finished check; how findings come to be is core/lib/config's business.
import { ChevronRight, CircleAlert, Info, TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { DeriveOptions } from '../../../../core/lib/config/derived/derived-types.ts';
import type { Finding, Severity } from '../../../../core/lib/config/types.ts';
import { notify, notifyError } from '../../../app/notifications.ts';
import { Button } from '../../../ui/button.tsx';
import { Pane } from '../../../ui/pane.tsx';
import type { ConfigBuffer } from '../documents/config-buffer.ts';
import { undoAction } from '../documents/undo-action.ts';
import { deskSignals } from '../documents/desk-signals.ts';
import { applyFixes, applyFix } from './apply-fixes.ts';
import styles from './findings.module.css';
import { goToFinding } from './go-to-finding.ts';
import { countFindings, findingKey } from './step.ts';

const severities: readonly Severity[] = ['error', 'warning', 'info'];
const severityIcons = { error: CircleAlert, warning: TriangleAlert, info: Info };
const severityWords = {
  error: ['error', 'errors'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
} as const;

export function countWords(severity: Severity, count: number): string {
  return `${count} ${severityWords[severity][count === 1 ? 0 : 1]}`;
}

export function FindingsPane({
  buffer,
  options,
}: {
  readonly buffer: ConfigBuffer;
  readonly options: DeriveOptions;
}) {
  const checked = useStore(buffer.state, (state) => state.checked);
  const readOnly = useStore(buffer.state, (state) => state.readOnly);
  const current = useStore(deskSignals, (signals) => signals.finding);
  const [hidden, setHidden] = useState<ReadonlySet<Severity>>(new Set());
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const findings = checked?.findings ?? [];
  const counts = countFindings(findings);
  const shown = findings.filter(({ severity }) => !hidden.has(severity));
  const fixable = findings.filter(({ fix }) => fix !== undefined).length;

  const toggle = (key: string): void => setOpen((keys) => toggled(keys, key));
  const fixAll = (): void => {
    applyFixes(buffer, options).then(
      (fixes) =>
        notify({
          severity: 'info',
          title: fixes === 1 ? '1 fix applied' : `${fixes} fixes applied`,
          detail: 'All of them are one step: undo takes them back together',
          ...(fixes === 0 ? {} : { action: undoAction(buffer) }),
        }),
      notifyError,
    );
  };

  return (
    <Pane
      header={
        <header className={styles['header']}>
          <h2 className={styles['title']}>Findings</h2>
          {severities.map((severity) =>
            counts[severity] === 0 ? null : (
              <button
                key={severity}
                type="button"
                className={`${styles['chip']} ${styles[severity]}`}
                aria-pressed={!hidden.has(severity)}
                title={hidden.has(severity) ? 'Show these' : 'Hide these'}
                onClick={() => setHidden((set) => toggled(set, severity))}
              >
                {countWords(severity, counts[severity])}
              </button>
            ),
          )}
          {findings.length > 0 && counts.error === 0 ? (
            <span className={styles['clean']}>No errors</span>
          ) : null}
          <span className={styles['spring']} />
          {fixable > 0 ? (
            <Button kind="quiet" onPress={fixAll} isDisabled={readOnly}>
              Fix all ({fixable})
            </Button>
          ) : null}
        </header>
      }
    >
      {buffer.plain ? <p className={styles['none']}>Not checked: the file is too large</p> : null}
      {checked === null ? null : shown.length === 0 ? (
        <p className={styles['none']}>{emptyWords(findings.length, checked.kind === 'unknown')}</p>
      ) : (
        <div role="presentation" onKeyDown={moveBetweenRows}>
          <ul className={styles['list']} aria-label="Findings">
            {shown.map((finding) => {
              const key = findingKey(finding);
              return (
                <FindingRow
                  key={key}
                  finding={finding}
                  isOpen={open.has(key)}
                  isCurrent={key === current}
                  canFix={!readOnly}
                  onToggle={() => toggle(key)}
                  onGo={() => goToFinding(buffer, finding)}
                  onFix={() => void applyFix(buffer, finding)}
                />
              );
            })}
          </ul>
        </div>
      )}
    </Pane>
  );
}

function FindingRow({
  finding,
  isOpen,
  isCurrent,
  canFix,
  onToggle,
  onGo,
  onFix,
}: {
  readonly finding: Finding;
  readonly isOpen: boolean;
  readonly isCurrent: boolean;
  readonly canFix: boolean;
  readonly onToggle: () => void;
  readonly onGo: () => void;
  readonly onFix: () => void;
}) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (isCurrent) row.current?.scrollIntoView({ block: 'nearest' });
  }, [isCurrent]);
  const Icon = severityIcons[finding.severity];
  return (
    <li ref={row} className={styles['row']} data-current={isCurrent || undefined} data-code={finding.code}>
      <button
        type="button"
        className={styles['expand']}
        aria-expanded={isOpen}
        aria-label={isOpen ? 'Hide the reason' : 'Show the reason'}
        disabled={finding.reason === undefined}
        onClick={onToggle}
      >
        <ChevronRight size={14} aria-hidden />
      </button>
      <button type="button" className={styles['go']} data-row onClick={onGo} onDoubleClick={onToggle}>
        <Icon size={14} className={styles[`${finding.severity}-ink`]} aria-label={finding.severity} />
        <span className={styles['place']}>
          {finding.line}:{finding.column}
        </span>
        <span
          className={isOpen ? styles['whole'] : styles['message']}
          title={isOpen ? undefined : finding.message}
        >
          {finding.message}
        </span>
      </button>
      {finding.fix === undefined ? null : (
        <button type="button" className={styles['fix']} disabled={!canFix} onClick={onFix}>
          {finding.fix.title}
        </button>
      )}
      {isOpen && finding.reason !== undefined ? (
        <p className={styles['reason']}>
          {finding.reason} <code className={styles['code']}>{finding.code}</code>
        </p>
      ) : null}
    </li>
  );
}

function emptyWords(total: number, unknown: boolean): string {
  if (total > 0) return 'All findings are hidden by the filter';
  return unknown ? 'Plain YAML: only its syntax is checked' : 'No findings';
}

function toggled<Item>(set: ReadonlySet<Item>, item: Item): ReadonlySet<Item> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

/** Arrow keys go from row to row. */
function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')];
  const here = rows.findIndex((row) => row === document.activeElement);
  const next = rows[here + (event.key === 'ArrowDown' ? 1 : -1)];
  if (here < 0 || next === undefined) return;
  event.preventDefault();
  next.focus();
}

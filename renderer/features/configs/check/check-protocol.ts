// What the window asks of the check worker and what comes back. Plain data only: it crosses a worker boundary.
import type { Derived, DeriveOptions } from '../../../../core/lib/config/derived/derived-types.ts';
import type { FormModel } from '../../../../core/lib/config/form.ts';
import type { ConfigKind, Finding } from '../../../../core/lib/config/types.ts';

export interface CheckRequest {
  readonly id: number;
  /** `fix-all` applies every quick fix before it checks what came out. */
  readonly task: 'check' | 'fix-all';
  readonly text: string;
  readonly options: DeriveOptions;
}

export interface CheckResult {
  readonly kind: ConfigKind;
  /** In order of place. */
  readonly findings: readonly Finding[];
  readonly derived: Derived | null;
  readonly form: FormModel | null;
}

export interface FinishedCheck {
  readonly result: CheckResult;
  /** What was checked: after `fix-all` the fixed text. */
  readonly text: string;
  readonly fixes: number;
  /** In the worker, without waiting and transfer. */
  readonly durationMs: number;
}

export type CheckReply =
  | { readonly id: number; readonly kind: 'done'; readonly finished: FinishedCheck }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string };

/** A finished check of an open config. */
export interface Checked extends CheckResult {
  /** Monaco's version of the model that was checked: positions hold only while it is the current one. */
  readonly modelVersion: number;
  readonly durationMs: number;
}

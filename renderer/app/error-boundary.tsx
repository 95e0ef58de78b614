// Keeps a failure of one pane inside that pane, with the details to copy and a way to try again.
import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { describeError } from './describe-error.ts';

interface Props {
  /** What it keeps together: "The work pane". */
  readonly what: string;
  /** A new value clears the error: another object was opened. */
  readonly resetKey: string;
  readonly children: ReactNode;
}

interface State {
  readonly failure: { readonly error: unknown } | null;
  readonly resetKey: string;
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { failure: null, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failure: { error } };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.resetKey === state.resetKey ? null : { failure: null, resetKey: props.resetKey };
  }

  override render(): ReactNode {
    const { failure } = this.state;
    if (!failure) return this.props.children;
    const { title, details } = describeError(failure.error);
    const stack = failure.error instanceof Error ? (failure.error.stack ?? '') : '';
    return (
      <ErrorState
        title={`${this.props.what} could not be drawn: ${title}`}
        hint="Nothing was lost; the rest of the window goes on. Try again, or open something else."
        details={`${details}\n${stack}`}
        actions={<Button onPress={() => this.setState({ failure: null })}>Try again</Button>}
      />
    );
  }
}

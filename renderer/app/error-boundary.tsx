// Keeps a failure of one pane inside that pane, with the details to copy and a way to try again.
import { RotateCw } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { ErrorState } from '../ui/error-state.tsx';
import { WithTooltip } from '../ui/tooltip.tsx';
import { describeError } from './describe-error.ts';

interface Props {
  /** What it keeps together: "The work pane". */
  readonly what: string;
  /** A new value clears the error: another object was opened. */
  readonly resetKey: string;
  /** In a bar there is room for one line: a button that says what happened, and reloads. */
  readonly isBar?: boolean;
  readonly children: ReactNode;
}

interface State {
  readonly failure: { readonly error: unknown } | null;
  readonly resetKey: string;
}

/** A part of the window that another build has under another name: Chromium's words, Firefox's and Safari's. */
function isUpdated(error: unknown): boolean {
  const message = error instanceof Error ? error.message : '';
  return /dynamically imported module|Importing a module script failed/i.test(message);
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
    const reload = () => location.reload();
    if (this.props.isBar) {
      return (
        <WithTooltip text={`${this.props.what} could not be drawn: ${title}`}>
          <Button icon={RotateCw} onPress={reload}>
            Reload the window
          </Button>
        </WithTooltip>
      );
    }
    if (isUpdated(failure.error)) {
      return (
        <ErrorState
          title={`${this.props.what} could not be loaded`}
          hint="The studio may have been updated meanwhile: reload the window. Nothing is lost by that."
          details={details}
          actions={
            <Button kind="primary" onPress={reload}>
              Reload the window
            </Button>
          }
        />
      );
    }
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

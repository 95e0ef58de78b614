// What can be done with one turn.
import { Pencil, RefreshCw, StepForward, Trash2 } from 'lucide-react';
import { Button, IconButton } from '../../../../ui/button.tsx';
import { CopyButton } from '../../../../ui/copy-button.tsx';
import styles from './turn-view.module.css';

export interface TurnActionsProps {
  readonly text: string;
  readonly isAnswer: boolean;
  readonly isBusy: boolean;
  readonly isUnfinished: boolean;
  readonly canContinue: boolean;
  readonly edit: () => void;
  readonly regenerate: () => void;
  readonly continueAnswer: () => void;
  readonly remove: () => void;
}

export function TurnActions(props: TurnActionsProps) {
  const { isAnswer, isBusy, isUnfinished, canContinue } = props;
  return (
    <span className={styles['actions']}>
      {canContinue && isUnfinished ? (
        <Button kind="quiet" isDisabled={isBusy} onPress={props.continueAnswer}>
          Continue
        </Button>
      ) : canContinue ? (
        <IconButton
          icon={StepForward}
          label="Continue the answer"
          keys="C"
          size="small"
          isDisabled={isBusy}
          onPress={props.continueAnswer}
        />
      ) : null}
      <IconButton
        icon={RefreshCw}
        label={isAnswer ? 'Regenerate' : 'Answer again'}
        keys="R"
        size="small"
        isDisabled={isBusy}
        onPress={props.regenerate}
      />
      <IconButton icon={Pencil} label="Edit" keys="E" size="small" isDisabled={isBusy} onPress={props.edit} />
      <CopyButton text={props.text} label="Copy" iconOnly />
      <IconButton
        icon={Trash2}
        label="Delete this branch"
        keys="Delete"
        size="small"
        isDisabled={isBusy}
        onPress={props.remove}
      />
    </span>
  );
}

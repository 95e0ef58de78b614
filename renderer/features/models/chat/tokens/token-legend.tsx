// What the colours of tokens say, and which of the two measures they follow.
import { Select } from '../../../../ui/select.tsx';
import styles from '../chat-pane.module.css';
import { stepWords, type TokenColouring, type TokenLook } from './token-look.ts';
import tokenStyles from './token-text.module.css';

const colourings = [
  { id: 'probability', label: 'Probability', detail: 'How likely the token was' },
  { id: 'entropy', label: 'Entropy', detail: 'How unsure the model was there' },
] as const;

export function TokenLegend({
  look,
  onLook,
  topTokens,
}: {
  readonly look: TokenLook;
  readonly onLook: (look: TokenLook) => void;
  readonly topTokens: number;
}) {
  return (
    <div className={styles['bar']}>
      <Select<TokenColouring>
        label="Colour tokens by"
        isLabelHidden
        choices={colourings}
        value={look.colouring}
        onChange={(colouring) => onLook({ ...look, colouring })}
      />
      <span className={tokenStyles['legend']}>
        {stepWords[look.colouring].map((words, step) => (
          <span
            key={words}
            className={tokenStyles['swatch']}
            data-step={step}
            data-colouring={look.colouring}
          >
            {words}
          </span>
        ))}
      </span>
      <span>
        {topTokens === 0
          ? 'Token details are off for new answers: see Sampling'
          : 'Of the model itself, before any sampler'}
      </span>
    </div>
  );
}

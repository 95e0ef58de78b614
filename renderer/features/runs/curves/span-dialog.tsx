// Asks over which distance to smooth: tokens where they are known, or steps.
import { useState } from 'react';
import type { SmoothingSpan } from '../../../../core/lib/dashboards/curve-look.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { NumberField } from '../../../ui/number-field.tsx';
import { Select } from '../../../ui/select.tsx';

export function SpanDialog({
  span,
  hasTokens,
  onChoose,
  onClose,
}: {
  readonly span: SmoothingSpan | null;
  readonly hasTokens: boolean;
  readonly onChoose: (span: SmoothingSpan) => void;
  readonly onClose: () => void;
}) {
  const [unit, setUnit] = useState<SmoothingSpan['unit']>(span?.unit ?? (hasTokens ? 'tokens' : 'steps'));
  const [amount, setAmount] = useState<number | null>(span?.amount ?? 20);
  const isGood = amount !== null && amount > 0;
  const choose = () => {
    if (!isGood) return;
    onChoose({ unit, amount });
    onClose();
  };
  return (
    <Dialog
      title="Smooth over another distance"
      isOpen
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={!isGood} onPress={choose}>
            Smooth
          </Button>
        </>
      }
    >
      <NumberField
        label="Distance after which a point counts for a third (1/e)"
        value={amount}
        onChange={setAmount}
      />
      <Select
        label="Counted in"
        choices={[
          { id: 'tokens', label: 'Tokens', isDisabled: !hasTokens },
          { id: 'steps', label: 'Steps' },
        ]}
        value={unit}
        onChange={setUnit}
      />
    </Dialog>
  );
}

// Copies a text and says so in place.
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';

const SAID_MS = 1_500;

export function CopyButton({
  text,
  label,
  iconOnly = false,
}: {
  readonly text: string;
  readonly label: string;
  readonly iconOnly?: boolean;
}) {
  const [result, setResult] = useState<'copied' | 'refused' | null>(null);
  useEffect(() => {
    if (result === null) return;
    const timer = setTimeout(() => setResult(null), SAID_MS);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setResult('copied'),
      () => setResult('refused'),
    );
  };
  const icon = result === 'copied' ? Check : Copy;
  const said = result === 'copied' ? 'Copied' : result === 'refused' ? 'Copying was refused' : label;
  return iconOnly ? (
    <IconButton icon={icon} label={said} size="small" onPress={copy} />
  ) : (
    <Button icon={icon} onPress={copy}>
      {said}
    </Button>
  );
}

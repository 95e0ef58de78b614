// What the columns of the table mean, where they are read.
import { Pane, PaneHeader, Section } from '../../../ui/pane.tsx';
import { Definitions } from '../../../ui/property-list.tsx';

export function QuantizationsInspector() {
  return (
    <Pane header={<PaneHeader title="What is measured" />}>
      <Section title="Speed">
        <Definitions
          terms={[
            ['Load', 'from the file to the first token, once'],
            ['Prompt', 'tokens read per second, none known before'],
            ['Generation', 'tokens written per second, greedy'],
            ['First token', 'with the model loaded'],
            ['Memory', 'of the process that runs it'],
          ]}
        />
      </Section>
      <Section title="Loss">
        <Definitions
          terms={[
            ['Bits/byte', 'of a held-out text; lower is better, whatever the tokenizer'],
            ['Loss', 'bits per byte more than the largest model'],
            ['± error', 'over the tokens that both read'],
            ['Top-1', 'places where both find the same token likeliest'],
          ]}
        />
      </Section>
    </Pane>
  );
}

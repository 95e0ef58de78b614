// Which language the charts show: one, or all of them together.
import { Select } from '../../../../ui/select.tsx';
import { formatCount, formatQuantity } from '../../../../ui/format.ts';
import type { Lab } from '../lab/lab.ts';
import { useLabState } from '../lab/use-lab.ts';

const ALL = '-all-';

export function LanguageSelect({ lab }: { readonly lab: Lab }) {
  const language = useLabState(lab, (state) => state.language);
  const description = useLabState(lab, (state) => state.description);
  const languages = description?.languages ?? [];
  return (
    <Select
      label="Language"
      isLabelHidden
      choices={[
        { id: ALL, label: `All ${formatQuantity(languages.length, 'language')}`, detail: 'pooled' },
        ...languages.map(({ language: id, documents }) => ({
          id,
          label: id,
          detail: `${formatCount(documents)} documents`,
        })),
      ]}
      value={language ?? ALL}
      onChange={(id) => lab.showLanguage(id === ALL ? null : id)}
    />
  );
}

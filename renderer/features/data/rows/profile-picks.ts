// What a click in a profile, in the header of a column or in its panel, does to the view.
import type { DatasetView } from '../../../../core/lib/datasets/view.ts';
import type { ProfilePicks } from '../profile/column-picture.tsx';
import { lengthFilter, toggleValue, withFilter, withRange } from '../view/filters.ts';

export function profilePicks(view: DatasetView, setView: (view: DatasetView) => void): ProfilePicks {
  return {
    onRange: (column, from, to, includesTo) => setView(withRange(view, { column, from, to, includesTo })),
    onLength: (column, unit, from, to) => setView(withFilter(view, lengthFilter(column, unit, from, to))),
    onValue: (column, value, negated) => setView(toggleValue(view, { column }, value, negated)),
    onNull: (column, negated) => setView(withFilter(view, { kind: 'isNull', column, negated })),
  };
}

// Data: a dataset's rows, its columns' histograms and one whole document at a time; or the quality lab over its scores.
import type { Feature } from '../../app/feature.ts';
import { DataActions, DataInspector, DataWork } from './data-modes.tsx';
import { DatasetListPane } from './dataset-list.tsx';
import { NoDatasetChosen } from './no-dataset-chosen.tsx';

export const feature: Feature = {
  id: 'data',
  List: DatasetListPane,
  Work: DataWork,
  Empty: NoDatasetChosen,
  Inspector: DataInspector,
  MainAction: DataActions,
};

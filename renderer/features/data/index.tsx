// Data: a dataset's rows, its columns' histograms and one whole document at a time.
import type { Feature } from '../../app/feature.ts';
import { DatasetListPane } from './dataset-list.tsx';
import { DatasetWork } from './dataset-work.tsx';
import { DocumentPane } from './document-pane.tsx';
import { NoDatasetChosen } from './no-dataset-chosen.tsx';

export const feature: Feature = {
  id: 'data',
  List: DatasetListPane,
  Work: DatasetWork,
  Empty: NoDatasetChosen,
  Inspector: DocumentPane,
};

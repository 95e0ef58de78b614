// Axolotl SFT. The list of keys is partial (Axolotl has several hundred), so an unknown key is a warning, not an error.
// Exports: AXOLOTL_SFT. Source: Axolotl 0.18.
import { objectSchema } from '../fields.ts';
import type { ConfigSchema } from '../types.ts';
import { MODEL_AND_DATA } from './model-and-data.ts';
import { TRAINING } from './training.ts';

export const AXOLOTL_SFT: ConfigSchema = {
  title: 'Axolotl supervised fine-tuning',
  source: 'Axolotl 0.18; the list of keys is partial',
  textNumbers: 'info',
  root: objectSchema(
    'Axolotl config',
    'Supervised fine-tuning with Axolotl.',
    {
      ...MODEL_AND_DATA,
      ...TRAINING,
    },
    'warning',
  ),
};

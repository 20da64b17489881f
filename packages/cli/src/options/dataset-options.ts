import type { KittiTask } from '@nerfseg/datasets';
import { type Command, Option } from 'commander';
import { type DatasetFormat, datasetFormats } from '../data/dataset-format.js';
import type { DatasetSelection } from '../data/open-dataset.js';
import { listOf } from './numbers.js';

/** The options that say which part of a data set is meant. */
export const withDatasetOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--format <name>', 'what the folder holds; default: recognised by its files').choices(
        datasetFormats,
      ),
    )
    .option('--split <name>', 'official split: train, val, test, mini_train, mini_val or all')
    .option('--sequences <list>', 'only these sequences (00,01) or scenes (scene-0061)', listOf)
    .option('--tables <name>', 'nuScenes: the folder of tables, such as v1.0-mini')
    .addOption(
      new Option('--camera <name>', 'KITTI: which colour camera').choices(['image_2', 'image_3', 'both']),
    )
    .addOption(
      new Option(
        '--task <name>',
        'KITTI: 19 classes, or 25 with moving ones apart; default: single-scan',
      ).choices(['single-scan', 'multi-scan']),
    )
    .option('--labels-folder <name>', "KITTI: the folder of labels, such as 'labels_partial'");

/** What {@link withDatasetOptions} parses. */
export interface DatasetFlags {
  readonly format?: DatasetFormat;
  readonly split?: string;
  readonly sequences?: string[];
  readonly tables?: string;
  readonly camera?: 'image_2' | 'image_3' | 'both';
  readonly task?: KittiTask;
  readonly labelsFolder?: string;
}

export const selectionOf = ({
  tables,
  format,
  split,
  sequences,
  camera,
  task,
  labelsFolder,
}: DatasetFlags): DatasetSelection => ({
  ...(format ? { format } : {}),
  ...(split ? { split } : {}),
  ...(sequences ? { sequences } : {}),
  ...(tables ? { version: tables } : {}),
  ...(camera ? { camera } : {}),
  ...(task ? { task } : {}),
  ...(labelsFolder ? { labelsFolder } : {}),
});

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
    .addOption(new Option('--camera <name>', 'KITTI: which colour camera').choices(['image_2', 'image_3']))
    .option('--labels-folder <name>', "KITTI: the folder of labels, such as 'labels_partial'");

/** What {@link withDatasetOptions} parses. */
export interface DatasetFlags {
  readonly format?: DatasetFormat;
  readonly split?: string;
  readonly sequences?: string[];
  readonly tables?: string;
  readonly camera?: 'image_2' | 'image_3';
  readonly labelsFolder?: string;
}

export const selectionOf = ({
  tables,
  format,
  split,
  sequences,
  camera,
  labelsFolder,
}: DatasetFlags): DatasetSelection => ({
  ...(format ? { format } : {}),
  ...(split ? { split } : {}),
  ...(sequences ? { sequences } : {}),
  ...(tables ? { version: tables } : {}),
  ...(camera ? { camera } : {}),
  ...(labelsFolder ? { labelsFolder } : {}),
});

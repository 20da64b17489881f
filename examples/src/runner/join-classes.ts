import type { Relabelling } from '@nerfseg/datasets';
import type { LabelSpace } from '@nerfseg/geometry';

type Rgb = readonly [number, number, number];

/** Classes that take in several of a format's own: name, colour, members. What no row names is ignored. */
export type Rows = readonly (readonly [name: string, color: Rgb, members: readonly string[]])[];

/** A data set's own classes as those of the rows. */
export const joinClasses = (
  name: string,
  rows: Rows,
  own: LabelSpace,
  ignored = own.names[0]!,
): Relabelling => ({
  labelSpace: {
    name,
    ignore: 0,
    names: [ignored, ...rows.map(([row]) => row)],
    colors: [[0, 0, 0], ...rows.map(([, color]) => color)],
  },
  classOf: own.names.map((of) => 1 + rows.findIndex(([, , members]) => members.includes(of))),
});

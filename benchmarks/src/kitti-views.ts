import { openSemanticKitti } from '@nerfseg/datasets';
import { type DataError, formatError, type Image, projectPoints } from '@nerfseg/geometry';
import type { LidarHints } from '@nerfseg/pseudolabel';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** A picture with the labelled points that lie in it. */
export interface LabelledView {
  readonly picture: Image;
  /** [N*2] column, row of each point; -1, -1 where out of view. */
  readonly pixels: Int32Array;
  /** [N] 0 where out of view. */
  readonly labels: Uint8Array;
  readonly lidar: LidarHints;
}

const get = async <A>(task: TaskEither<DataError, A>): Promise<A> => {
  const result = await task();
  if (result._tag === 'Left') throw new Error(formatError(result.left));
  return result.right;
};

/** Frames of the sample data's sequence 00, their points projected into their pictures. */
export async function labelledViews(realData: string, frames: readonly number[]): Promise<LabelledView[]> {
  const dataset = await get(openSemanticKitti({ root: `${realData}/semantickitti`, sequences: ['00'] }));
  return await Promise.all(
    frames.map(async (number): Promise<LabelledView> => {
      const frame = dataset.frame(number);
      const view = frame.cameras[0]!;
      const [picture, { positions }, labels] = [
        await get(view.image()),
        await get(frame.points()),
        await get(frame.labels()),
      ];
      if (labels._tag === 'None') throw new Error(`frame ${number} has no labels`);
      const { u, v, depth, visible } = projectPoints(positions, view.cameraFromLidar, view);
      const pixels = Int32Array.from({ length: 2 * u.length }, (_, i) =>
        visible[i >> 1] === 0 ? -1 : Math.floor((i % 2 === 0 ? u : v)[i >> 1]!),
      );
      const seen = labels.value.map((label, i) => (visible[i] === 0 ? 0 : label));
      return { picture, pixels, labels: seen, lidar: { u, v, depth, visible } };
    }),
  );
}

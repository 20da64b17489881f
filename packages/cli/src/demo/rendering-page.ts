import type { CameraView, Frame } from '@nerfseg/datasets';
import type { FusedSegment, Image, LabelSpace, SegmentMasks } from '@nerfseg/geometry';
import { readGroundTruth } from '@nerfseg/sim';
import { isRight } from 'fp-ts/lib/Either.js';
import type { Color } from '../pictures/canvas.js';
import { classColors, entropyColor } from '../pictures/colors.js';
import { drawMasks } from '../pictures/draw-masks.js';
import { legend, legendOf, scaleBar } from '../pictures/legend.js';
import { type Panel, page } from '../pictures/panels.js';
import {
  classesOfRays,
  drawClasses,
  drawEntropy,
  drawSemantics,
  skyColor,
} from '../pictures/rendered-views.js';
import { need } from '../terminal/failure.js';
import type { RenderedFrame } from './render-frame.js';

/** One camera of an unlabelled frame: picture, masks, rendered classes and entropy, pseudo-labels, and the truth. */
export async function renderingPage(
  root: string,
  frame: Frame,
  view: CameraView,
  masks: SegmentMasks,
  { semantics, columns, segments }: RenderedFrame,
  labelSpace: LabelSpace,
  stride: number,
  minOpacity: number,
): Promise<Image> {
  const picture = await need(view.image());
  const colors = classColors(labelSpace);
  const truth = await readGroundTruth(root, {
    sequence: frame.sequence,
    camera: view.name,
    timestamp: view.timestamp,
  })();
  const kept = segments.filter(({ classId }) => classId !== 0);
  const rendered = classesOfRays(semantics, minOpacity);
  const panels: Panel[] = [
    { title: `${view.name}, ${frame.id}`, picture },
    { title: `${masks.masks.length} masks`, picture: drawMasks(picture, masks) },
    {
      title: 'classes rendered from the LiDAR features',
      picture: drawSemantics(rendered, labelSpace, columns, stride),
    },
    { title: 'their entropy', picture: drawEntropy(semantics, columns, stride) },
    {
      title: `pseudo-labels: ${kept.length} of ${segments.length} segments are trusted`,
      picture: drawMasks(picture, masks, colorOfSegment(segments, colors), 0.8),
    },
  ];
  const classes = new Set(rendered);
  if (isRight(truth)) {
    panels.push({
      title: 'true classes',
      picture: drawClasses(truth.right.classes, truth.right.width, labelSpace),
    });
    for (const id of truth.right.classes) if (id < labelSpace.names.length) classes.add(id);
  }
  return page('What the NeRF head sees of an unlabelled frame', panels, 2, (width) => [
    legend(
      [
        ...legendOf(
          labelSpace.names,
          colors,
          [...classes].filter((id) => id !== 0),
        ),
        { name: 'nothing there', color: skyColor },
      ],
      width,
    ),
    scaleBar('entropy 0', '1', entropyColor, width),
  ]);
}

const colorOfSegment = (
  segments: readonly FusedSegment[],
  colors: readonly Color[],
): ((mask: number) => Color | undefined) => {
  const classOf = new Map(segments.map(({ mask, classId }) => [mask, classId]));
  return (mask) => {
    const classId = classOf.get(mask) ?? 0;
    return classId === 0 ? undefined : colors[classId];
  };
};

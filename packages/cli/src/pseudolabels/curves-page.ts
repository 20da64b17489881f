import type { Image, LabelSpace } from '@nerfseg/geometry';
import type { EntropyCurvePoint } from '@nerfseg/pseudolabel';
import type { Color } from '../pictures/canvas.js';
import { classColors } from '../pictures/colors.js';
import { legend, legendOf } from '../pictures/legend.js';
import { type ChartLine, lineChart } from '../pictures/line-chart.js';
import { type Panel, page } from '../pictures/panels.js';
import { occurring, type WayCurve } from './curves.js';
import type { Way } from './fuse-view.js';

const wayColors: Readonly<Record<Way, Color>> = {
  'rendering and points': [255, 196, 61],
  rendering: [92, 200, 255],
  projection: [232, 106, 146],
};

const size = { width: 470, height: 330 };
const byThreshold = { ...size, xTitle: 'entropy threshold' };

/**
 * The curves as a picture: accuracy and coverage by the threshold, one against the other, and precision and recall of
 * every class for the first way.
 *
 * @param threshold the run's own, marked.
 */
export function curvesPage(
  heading: string,
  curves: ReadonlyMap<Way, WayCurve>,
  labelSpace: LabelSpace,
  threshold: number,
): Image {
  const lines = (of: (point: EntropyCurvePoint) => readonly [number, number | undefined]): ChartLine[] =>
    [...curves].map(([way, { curve }]) => ({ color: wayColors[way], points: curve.map(of) }));
  const [first] = curves;
  if (first === undefined) throw new RangeError('curvesPage: no curves');
  const [firstWay, firstCurve] = first;
  const colors = classColors(labelSpace);
  const classes = occurring(firstCurve, labelSpace);
  const perClass = (of: (point: EntropyCurvePoint) => readonly (number | undefined)[]): ChartLine[] =>
    classes.map((id) => ({
      color: colors[id]!,
      points: firstCurve.curve.map((point) => [point.threshold, of(point)[id]]),
    }));
  const marked = { ...byThreshold, marker: threshold };
  const chart = (title: string, all: ChartLine[], options: Parameters<typeof lineChart>[1]): Panel => ({
    title,
    picture: lineChart(all, options),
  });
  const panels = [
    chart(
      'accuracy of what is labelled, %',
      lines(({ threshold: x, accuracy }) => [x, accuracy]),
      marked,
    ),
    chart(
      'coverage: true pixels that are labelled, %',
      lines(({ threshold: x, coverage }) => [x, coverage]),
      marked,
    ),
    chart(
      'accuracy over coverage, %',
      lines(({ coverage, accuracy }) => [coverage, accuracy]),
      { ...size, xTitle: 'coverage' },
    ),
    chart(
      `precision by class, ${firstWay}, %`,
      perClass(({ precision }) => precision),
      marked,
    ),
    chart(
      `recall by class, ${firstWay}, %`,
      perClass(({ recall }) => recall),
      marked,
    ),
  ];
  return page(heading, panels, 3, (width) => [
    legend(
      [...curves.keys()].map((way) => ({ name: way, color: wayColors[way] })),
      width,
    ),
    legend(legendOf(labelSpace.names, colors, classes), width),
  ]);
}

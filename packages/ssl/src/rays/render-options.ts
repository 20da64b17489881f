import type { CylindricalGrid } from '@nerfseg/geometry';
import type { TrainSettings } from '../train/settings.js';
import type { RenderViewOptions } from './render-view.js';

/** How training's settings have `renderView` sample its rays. */
export const renderOptions = (
  { samplesPerRay, finestFirst }: Pick<TrainSettings, 'samplesPerRay' | 'finestFirst'>,
  grid: CylindricalGrid,
): RenderViewOptions => ({ grid, samplesPerRay, finestFirst });

import { mixScans } from '../teacher/mix-scans.js';
import { teachConsistency } from '../teacher/teach-consistency.js';
import { teachByProjection, teachByRendering } from '../teacher/teach-masks.js';
import { teachSelfTraining } from '../teacher/teach-self-training.js';
import { teachViews } from '../teacher/teach-views.js';
import type { Method } from './method.js';
import type { MethodName } from './method-names.js';
import { labellerNetwork, nerfHeads, peerNetwork } from './state.js';
import {
  consistencyTerm,
  crossTerms,
  labelTerm,
  mixedTerm,
  pseudoVoxelTerm,
  renderingTerms,
  selfTrainingTerm,
} from './terms.js';

/** More views of a place than there are frames would be waited for in vain. */
const enoughViews: Method['problem'] = ({ viewFrames = 2, viewsNeeded = 2 }) =>
  viewsNeeded > viewFrames + 1
    ? {
        field: 'viewsNeeded',
        found: String(viewsNeeded),
        expected: `at most ${viewFrames + 1}, the scan and its viewFrames`,
      }
    : undefined;

/** Every method by its name. */
export const methods: Readonly<Record<MethodName, Method>> = {
  supervised: {
    summary: 'labels alone',
    needs: {},
    state: [],
    teach: [],
    terms: [labelTerm],
  },
  projection: {
    summary: 'points vote in the masks that they project into',
    needs: { unlabelled: true, plain: true, masks: true },
    state: [],
    teach: [teachByProjection],
    terms: [labelTerm, pseudoVoxelTerm],
  },
  'multi-view': {
    summary: 'frames of a drive agree on the places that they share',
    needs: { unlabelled: true, plain: true },
    state: [],
    teach: [teachViews],
    terms: [labelTerm, pseudoVoxelTerm],
    problem: enoughViews,
  },
  nerf: {
    summary: 'the paper: rendered classes vote in the masks (Timoneda et al. 2024)',
    needs: { unlabelled: true, plain: true, masks: true },
    state: [nerfHeads],
    teach: [teachByRendering],
    terms: [labelTerm, pseudoVoxelTerm, ...renderingTerms],
  },
  'mean-teacher': {
    summary: 'agree with the averaged network (Tarvainen & Valpola 2017)',
    needs: { unlabelled: true },
    state: [],
    teach: [teachConsistency],
    terms: [labelTerm, consistencyTerm],
  },
  cbst: {
    summary: 'class-balanced self-training in rounds (Zou et al. 2018)',
    needs: { unlabelled: true, plain: true },
    state: [labellerNetwork],
    teach: [teachSelfTraining],
    terms: [labelTerm, selfTrainingTerm],
    problem: ({ selfTrainingShare: first, selfTrainingLastShare: last }) =>
      first > last
        ? {
            field: 'selfTrainingShare',
            found: String(first),
            expected: `at most selfTrainingLastShare, ${last}`,
          }
        : undefined,
  },
  cps: {
    summary: 'two networks label for each other (Chen et al. 2021)',
    needs: { unlabelled: true },
    state: [peerNetwork],
    teach: [],
    terms: [labelTerm, ...crossTerms],
  },
  lasermix: {
    summary: 'labelled and unlabelled scans mixed by inclination (Kong et al. 2023)',
    needs: { unlabelled: true },
    state: [],
    teach: [teachConsistency, mixScans],
    terms: [labelTerm, consistencyTerm, mixedTerm],
  },
  'nerf-mean-teacher': {
    summary: 'both: masks teach what cameras see, the averaged network the rest',
    needs: { unlabelled: true, plain: true, masks: true },
    state: [nerfHeads],
    teach: [teachByRendering, teachConsistency],
    terms: [labelTerm, pseudoVoxelTerm, ...renderingTerms, consistencyTerm],
  },
  'multi-view-lasermix': {
    summary: 'both: the classes that frames agree on go into the mixed scans, too',
    needs: { unlabelled: true, plain: true },
    state: [],
    teach: [teachViews, teachConsistency, mixScans],
    terms: [labelTerm, pseudoVoxelTerm, consistencyTerm, mixedTerm],
    problem: enoughViews,
  },
  'nerf-lasermix': {
    summary: 'both: the classes of the masks go into the mixed scans, too',
    needs: { unlabelled: true, plain: true, masks: true },
    state: [nerfHeads],
    teach: [teachByRendering, teachConsistency, mixScans],
    terms: [labelTerm, pseudoVoxelTerm, ...renderingTerms, consistencyTerm, mixedTerm],
  },
};

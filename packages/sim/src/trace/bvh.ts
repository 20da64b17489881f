import { BufferAttribute, BufferGeometry } from 'three';
import { CENTER, MeshBVH, SAH } from 'three-mesh-bvh';
import type { Mesh } from './mesh.js';

/**
 * A bounding volume hierarchy flattened for `intersectBvh`: three-mesh-bvh builds the tree, and its nodes are copied out so that the
 * inner loop walks typed arrays only.
 */
export interface Bvh {
  /** The mesh with its triangles in leaf order. */
  readonly mesh: Mesh;
  /** [nodes*6] min x, y, z, max x, y, z. */
  readonly bounds: Float32Array;
  /** [nodes*2] leaf: first triangle, count; inner node (left child follows it): right child, 0. */
  readonly links: Int32Array;
  /** [T*9] corner, edge to the second corner, edge to the third. */
  readonly edges: Float32Array;
  /** Centre and radius of a sphere around everything. */
  readonly center: readonly [number, number, number];
  readonly radius: number;
}

const floatsPerNode = 8;
const leafFlag = 0xffff;

/**
 * How the tree is built: 'thorough' by the surface area heuristic, 'quick' by halving boxes: built in half the time, traced a sixth slower.
 */
export type BvhEffort = 'quick' | 'thorough';

/** Builds the hierarchy. An empty mesh throws: a programmer's mistake. */
export const buildBvh = (mesh: Mesh, effort: BvhEffort = 'thorough'): Bvh => {
  if (mesh.count === 0) throw new RangeError('buildBvh: the mesh has no triangles');
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(mesh.positions, 3));
  const tree = new MeshBVH(geometry, {
    strategy: effort === 'quick' ? CENTER : SAH,
    targetLeafSize: 4,
    maxDepth: 48,
  });
  const serialized = MeshBVH.serialize(tree, { cloneBuffers: false });
  const root = serialized.roots[0];
  const floats = new Float32Array(root);
  const words = new Uint32Array(root);
  const halves = new Uint16Array(root);
  const nodes = floats.length / floatsPerNode;
  const bounds = new Float32Array(nodes * 6);
  const links = new Int32Array(nodes * 2);
  for (let n = 0; n < nodes; n++) {
    const at = n * floatsPerNode;
    for (let k = 0; k < 6; k++) bounds[n * 6 + k] = floats[at + k];
    const leaf = halves[at * 2 + 15] === leafFlag;
    links[n * 2] = leaf ? words[at + 6] : n + words[at + 6];
    links[n * 2 + 1] = leaf ? halves[at * 2 + 14] : 0;
  }
  const index = geometry.getIndex();
  if (!index) throw new Error('buildBvh: three-mesh-bvh left no index');
  const ordered = reorder(mesh, index.array);
  return { mesh: ordered, bounds, links, edges: edgesOf(ordered), ...sphereOf(bounds) };
};

const reorder = (mesh: Mesh, index: ArrayLike<number>): Mesh => {
  const count = mesh.count;
  const positions = new Float32Array(count * 9);
  const normals = new Float32Array(count * 9);
  const colors = new Float32Array(count * 3);
  const material = new Uint8Array(count);
  const semantic = new Uint8Array(count);
  const object = new Uint16Array(count);
  for (let t = 0; t < count; t++) {
    const from = Math.floor(index[t * 3] / 3);
    for (let k = 0; k < 9; k++) {
      positions[t * 9 + k] = mesh.positions[from * 9 + k];
      normals[t * 9 + k] = mesh.normals[from * 9 + k];
    }
    for (let k = 0; k < 3; k++) colors[t * 3 + k] = mesh.colors[from * 3 + k];
    material[t] = mesh.material[from];
    semantic[t] = mesh.semantic[from];
    object[t] = mesh.object[from];
  }
  return { count, positions, normals, colors, material, semantic, object };
};

const edgesOf = (mesh: Mesh): Float32Array => {
  const edges = new Float32Array(mesh.count * 9);
  const p = mesh.positions;
  for (let i = 0; i < edges.length; i += 9) {
    for (let k = 0; k < 3; k++) {
      edges[i + k] = p[i + k];
      edges[i + 3 + k] = p[i + 3 + k] - p[i + k];
      edges[i + 6 + k] = p[i + 6 + k] - p[i + k];
    }
  }
  return edges;
};

const sphereOf = (bounds: Float32Array): Pick<Bvh, 'center' | 'radius'> => ({
  center: [(bounds[0] + bounds[3]) / 2, (bounds[1] + bounds[4]) / 2, (bounds[2] + bounds[5]) / 2],
  radius: Math.hypot(bounds[3] - bounds[0], bounds[4] - bounds[1], bounds[5] - bounds[2]) / 2,
});

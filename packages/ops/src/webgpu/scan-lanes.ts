import type { Extension } from './program.js';

/** What programs with {@link scanLanes} enable. */
export const scanExtensions = (subgroups: boolean): readonly Extension[] => (subgroups ? ['subgroups'] : []);

// Eight steps, each reaching twice as far as the one before.
const byDoubling = `var<workgroup> laneSums: array<u32, 256>;
fn laneOf(thread: u32) -> u32 { return thread; }
fn scanLanes(lane: u32, value: u32) -> u32 {
  laneSums[lane] = value;
  workgroupBarrier();
  for (var reach = 1u; reach < 256u; reach *= 2u) {
    var before = 0u;
    if (lane >= reach) { before = laneSums[lane - reach]; }
    workgroupBarrier();
    laneSums[lane] += before;
    workgroupBarrier();
  }
  return laneSums[lane] - value;
}
fn sumOfLanes() -> u32 { return laneSums[255]; }`;

// How large subgroups are, whether all are, and which threads share one, WGSL leaves open: they are numbered as they come, and
// their threads in their order. What comes out does not depend on it, because any thread may be any lane.
const bySubgroups = `var<workgroup> seats: atomic<u32>;
var<workgroup> subgroupSums: array<u32, 256>;
var<private> subgroup: u32;
var<private> place: u32;
fn laneOf(thread: u32) -> u32 {
  let threads = subgroupAdd(1u);
  place = subgroupExclusiveAdd(1u);
  var seat = 0u;
  if (place == 0u) { seat = atomicAdd(&seats, 0x10000u + threads); }
  seat = subgroupBroadcastFirst(seat);
  subgroup = seat >> 16u;
  return (seat & 0xffffu) + place;
}
fn sumBefore(end: u32) -> u32 {
  var sum = 0u;
  for (var n = 0u; n < end; n++) { sum += subgroupSums[n]; }
  return sum;
}
fn scanLanes(lane: u32, value: u32) -> u32 {
  let before = subgroupExclusiveAdd(value);
  let sum = subgroupAdd(value);
  if (place == 0u) { subgroupSums[subgroup] = sum; }
  workgroupBarrier();
  return sumBefore(subgroup) + before;
}
fn sumOfLanes() -> u32 { return sumBefore(atomicLoad(&seats) >> 16u); }`;

/**
 * WGSL for 256 threads, each of them one lane:
 *
 * - `fn laneOf(thread: u32) -> u32`: which lane a thread is; called once, by all threads, before the next;
 * - `fn scanLanes(lane: u32, value: u32) -> u32`: the sum of the earlier lanes' values;
 * - `fn sumOfLanes() -> u32`: the sum of all, after it. A barrier has to follow before lanes are scanned again.
 *
 * With subgroups one barrier does what takes seventeen without.
 */
export const scanLanes = (subgroups: boolean): string => (subgroups ? bySubgroups : byDoubling);

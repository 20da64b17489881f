/** Letters to change, add or leave out to come from one text to the other (Levenshtein 1966), capitals ignored. */
export function editDistance(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[to.length]!;
}

const lastOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);
const groupOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

/**
 * The name that was most likely meant: misspelt, or right but in another group (`learningRate` for
 * `training.learningRate`). Undefined where none is near.
 */
export function nearestName(wrong: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const distance = Math.min(
      editDistance(lastOf(wrong), lastOf(name)) + (groupOf(wrong) === groupOf(name) ? 0 : 1),
      editDistance(wrong, name),
    );
    if (distance < least) [best, least] = [name, distance];
  }
  return least <= Math.max(2, Math.ceil(lastOf(wrong).length / 3)) ? best : undefined;
}

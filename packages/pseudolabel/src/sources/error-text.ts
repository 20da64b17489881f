/** What a caught value says, wherever it was made: an `instanceof` test fails for errors of another realm. */
export function errorText(error: unknown): string {
  const message: unknown =
    typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message);
}

/** What a script was told on its command line. */
export interface Context {
  /** Where worlds, masks and run folders are kept. */
  readonly work: string;
  /** Where results are kept. */
  readonly results: string;
  /** A real data set's folder. */
  readonly data?: string;
  /** A published list of labelled frames. */
  readonly labelsList?: string;
  readonly engine: string;
  /** Whether scans are read in threads. Default true. */
  readonly readAhead?: boolean;
  /** The command as it was given, for the record. */
  readonly command: string;
  /** Seconds that are left of the budget, now. Default: no end of them. */
  readonly secondsLeft?: () => number;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

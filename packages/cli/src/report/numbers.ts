/** 0.4321 as `43.2`; a dash where there is nothing to report. */
export const percent = (share: number | null | undefined): string =>
  share === null || share === undefined ? '-' : (share * 100).toFixed(1);

/** A whole number with thousands set apart: `34,688`. */
export const thousands = (value: number): string => value.toLocaleString('en-US');

/** `95` s as `1 min 35 s`. */
export const duration = (seconds: number): string => {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
};

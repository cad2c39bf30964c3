/** Bits of `flags` of the features core's `frame_spectra`: literals, read by both sides of the border. */

/** Each frame loses its mean first. */
export const FRAME_REMOVE_MEAN = 1;
/** Magnitudes in the place of powers. */
export const FRAME_MAGNITUDE = 2;
/** Real and imaginary parts in the place of powers. */
export const FRAME_COMPLEX = 4;

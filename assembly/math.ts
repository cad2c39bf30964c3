/**
 * Elementary functions for f32 and for vectors of four, by polynomials of our own: the same bits on every machine.
 *
 * Coefficients are minimax fits (Lawson's iteration), rounded to f32 and lowest power first. The bounds stated here
 * are swept by tests/assembly/math.test.ts. NaN gives NaN. Results below the least normal number are 0, never denormal:
 * arithmetic on those is up to a hundred times slower.
 *
 * Methods, not functions, since only these take `@inline` without upsetting the formatter; the loops need it.
 */
import {
  add,
  addBits,
  andBits,
  clamp,
  constant,
  convertBits,
  div,
  dropGreater,
  keepEqual,
  keepGreater,
  mul,
  neg,
  requireAtLeast,
  shiftLeftBits,
  shiftRightBits,
  splat,
  sub,
  subBits,
} from "./lanes";

/** 1, 1/2, infinity. */
const COMMON = memory.data<f32>([1, 0.5, Infinity]);

/** 1 / ln 2, the magic number, ln 2 in two parts, bounds, coefficients. */
const EXP = memory.data<f32>([
  1.44269504, 12582912, 0.693359375, -2.1219444e-4, 88.7228317, -87.3365402, 0.4999999403953552,
  0.1666651964187622, 0.04166839271783829, 0.008368780836462975, 0.0013814467238262296,
]);

/**
 * e^x within 1 ulp (2^-23 relative). Above ln(2^128) infinity, below ln(2^-126) zero.
 *
 * x = n ln 2 + r with |r| <= ln(2) / 2. Adding 1.5 * 2^23 rounds x / ln 2 to n and leaves n in the low bits, which are
 * then added to the exponent of the polynomial in r. ln 2 is split in two, so that n times its first part is exact.
 */
@unmanaged
export class Exp {
  @inline
  static of<T>(x: T): T {
    const y = Exp.clamped<T>(x);
    const infinite = keepGreater<T>(x, constant<T>(EXP, 4), constant<T>(COMMON, 2));
    return add<T>(dropGreater<T>(constant<T>(EXP, 5), x, y), infinite);
  }

  /** As `of`, but outside the range of results the last normal number, above and below. */
  @inline
  static clamped<T>(x: T): T {
    const c = clamp<T>(x, constant<T>(EXP, 5), constant<T>(EXP, 4));
    const magic = constant<T>(EXP, 1);
    const t = add<T>(mul<T>(c, constant<T>(EXP, 0)), magic);
    const n = sub<T>(t, magic);
    const r = sub<T>(sub<T>(c, mul<T>(n, constant<T>(EXP, 2))), mul<T>(n, constant<T>(EXP, 3)));
    let p = constant<T>(EXP, 10);
    p = add<T>(mul<T>(p, r), constant<T>(EXP, 9));
    p = add<T>(mul<T>(p, r), constant<T>(EXP, 8));
    p = add<T>(mul<T>(p, r), constant<T>(EXP, 7));
    p = add<T>(mul<T>(p, r), constant<T>(EXP, 6));
    p = add<T>(add<T>(mul<T>(mul<T>(r, r), p), r), constant<T>(COMMON, 0));
    return addBits<T>(p, shiftLeftBits<T>(t, 23));
  }
}

/** Least normal number; bits of sqrt(1/2); mask of the exponent; coefficients; ln 2 in two parts. */
const LOG = memory.data<f32>([
  1.17549435e-38,
  0.707106769,
  -Infinity,
  0.3333333134651184,
  -0.2500081956386566,
  0.20001226663589478,
  -0.16623356938362122,
  0.14201757311820984,
  -0.13160182535648346,
  0.1276157796382904,
  -0.07634497433900833,
  0.693359375,
  -2.1219444e-4,
]);

/**
 * Natural logarithm within 2 ulp. log(0) = -infinity, negative numbers give NaN; denormals count as 2^-126.
 *
 * x = m 2^e with m in [sqrt(1/2), sqrt(2)); log(1 + f) = f - f^2 / 2 + f^3 P(f) with f = m - 1.
 */
@unmanaged
export class Log {
  @inline
  static of<T>(x: T): T {
    const infinity = constant<T>(COMMON, 2);
    const least = constant<T>(LOG, 0);
    const c = clamp<T>(x, least, infinity);
    const shifted = andBits<T>(subBits<T>(c, constant<T>(LOG, 1)), constant<T>(LOG, 2));
    const e = convertBits<T>(shiftRightBits<T>(shifted, 23));
    const f = sub<T>(subBits<T>(c, shifted), constant<T>(COMMON, 0));
    const ff = mul<T>(f, f);
    let p = constant<T>(LOG, 10);
    p = add<T>(mul<T>(p, f), constant<T>(LOG, 9));
    p = add<T>(mul<T>(p, f), constant<T>(LOG, 8));
    p = add<T>(mul<T>(p, f), constant<T>(LOG, 7));
    p = add<T>(mul<T>(p, f), constant<T>(LOG, 6));
    p = add<T>(mul<T>(p, f), constant<T>(LOG, 5));
    p = add<T>(mul<T>(p, f), constant<T>(LOG, 4));
    p = add<T>(mul<T>(p, f), constant<T>(LOG, 3));
    p = add<T>(mul<T>(mul<T>(p, f), ff), mul<T>(e, constant<T>(LOG, 12)));
    p = sub<T>(p, mul<T>(constant<T>(COMMON, 1), ff));
    const y = add<T>(add<T>(f, p), mul<T>(e, constant<T>(LOG, 11)));
    const zero = splat<T>(0);
    const top = keepEqual<T>(x, infinity, infinity);
    const bottom = keepEqual<T>(x, zero, infinity);
    return requireAtLeast<T>(x, zero, sub<T>(add<T>(y, top), bottom));
  }
}

const TANH = memory.data<f32>([
  1, 0.13379716873168945, 0.0034940335899591446, 2.0583465811796486e-5, 1.3319051639371082e-8,
  0.4671303331851959, 0.025871070101857185, 3.283091355115175e-4, 7.762010909573291e-7, 9.04,
]);

/** Hyperbolic tangent within 5 ulp: x P(x^2) / Q(x^2) up to |x| = 9.04, whence it rounds to 1. */
@unmanaged
export class Tanh {
  @inline
  static of<T>(x: T): T {
    const bound = constant<T>(TANH, 9);
    const one = constant<T>(COMMON, 0);
    const c = clamp<T>(x, neg<T>(bound), bound);
    const z = mul<T>(c, c);
    let p = constant<T>(TANH, 4);
    p = add<T>(mul<T>(p, z), constant<T>(TANH, 3));
    p = add<T>(mul<T>(p, z), constant<T>(TANH, 2));
    p = add<T>(mul<T>(p, z), constant<T>(TANH, 1));
    p = add<T>(mul<T>(p, z), one);
    let q = constant<T>(TANH, 8);
    q = add<T>(mul<T>(q, z), constant<T>(TANH, 7));
    q = add<T>(mul<T>(q, z), constant<T>(TANH, 6));
    q = add<T>(mul<T>(q, z), constant<T>(TANH, 5));
    q = add<T>(mul<T>(q, z), one);
    return clamp<T>(div<T>(mul<T>(c, p), q), neg<T>(one), one);
  }
}

const ERF = memory.data<f32>([
  1.1283791065216064, 0.19354376196861267, 0.05310158431529999, 0.0038832933641970158,
  2.84565583569929e-4, 1.9868014078383567e-6, 0.5048562288284302, 0.11534947156906128,
  0.015207145363092422, 0.0011855605989694595, 3.742035914910957e-5, 4,
]);

/** Error function within 5 ulp: x P(x^2) / Q(x^2) up to |x| = 4, whence it rounds to 1. */
@unmanaged
export class Erf {
  @inline
  static of<T>(x: T): T {
    const bound = constant<T>(ERF, 11);
    const one = constant<T>(COMMON, 0);
    const c = clamp<T>(x, neg<T>(bound), bound);
    const z = mul<T>(c, c);
    let p = constant<T>(ERF, 5);
    p = add<T>(mul<T>(p, z), constant<T>(ERF, 4));
    p = add<T>(mul<T>(p, z), constant<T>(ERF, 3));
    p = add<T>(mul<T>(p, z), constant<T>(ERF, 2));
    p = add<T>(mul<T>(p, z), constant<T>(ERF, 1));
    p = add<T>(mul<T>(p, z), constant<T>(ERF, 0));
    let q = constant<T>(ERF, 10);
    q = add<T>(mul<T>(q, z), constant<T>(ERF, 9));
    q = add<T>(mul<T>(q, z), constant<T>(ERF, 8));
    q = add<T>(mul<T>(q, z), constant<T>(ERF, 7));
    q = add<T>(mul<T>(q, z), constant<T>(ERF, 6));
    q = add<T>(mul<T>(q, z), one);
    return clamp<T>(div<T>(mul<T>(c, p), q), neg<T>(one), one);
  }
}

/** 1 / (1 + e^-x) within 3 ulp; below ln(2^-126) zero. */
@unmanaged
export class Sigmoid {
  @inline
  static of<T>(x: T): T {
    const one = constant<T>(COMMON, 0);
    const y = div<T>(one, add<T>(one, Exp.clamped<T>(neg<T>(x))));
    return dropGreater<T>(constant<T>(EXP, 5), x, y);
  }
}

const SINE = memory.data<f32>([
  6.2831854820251465, -41.341678619384766, 81.60223388671875, -76.57498931884766, 39.71091079711914,
]);

/** sin(2 pi x) within 3 ulp for |x| <= 1/4. */
@unmanaged
export class SineOfTurns {
  @inline
  static of<T>(x: T): T {
    const z = mul<T>(x, x);
    let p = constant<T>(SINE, 4);
    p = add<T>(mul<T>(p, z), constant<T>(SINE, 3));
    p = add<T>(mul<T>(p, z), constant<T>(SINE, 2));
    p = add<T>(mul<T>(p, z), constant<T>(SINE, 1));
    p = add<T>(mul<T>(p, z), constant<T>(SINE, 0));
    return mul<T>(p, x);
  }
}

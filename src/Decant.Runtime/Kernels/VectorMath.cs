using System.Numerics;
using System.Runtime.CompilerServices;

namespace Decant.Runtime.Kernels;

/// <summary>Mathematical functions on every lane of a vector of floats or doubles.</summary>
internal static class VectorMath
{
    // Rational approximations of tanh near 0 (Cody, Waite 1980) and of erf and erfc (Cody 1969).
    private static readonly double[] TanhP =
    [
        -9.64399179425052238628e-1,
        -9.92877231001918586564e1,
        -1.61468768441708447952e3,
    ];
    private static readonly double[] TanhQ =
    [
        1,
        1.12811678491632931402e2,
        2.23548839060100448583e3,
        4.84406305325125486048e3,
    ];
    private static readonly double[] ErfA =
    [
        1.85777706184603153e-1,
        3.16112374387056560,
        1.13864154151050156e2,
        3.77485237685302021e2,
        3.20937758913846947e3,
    ];
    private static readonly double[] ErfB =
    [
        1,
        2.36012909523441209e1,
        2.44024637934444173e2,
        1.28261652607737228e3,
        2.84423683343917062e3,
    ];

    private static readonly double[] ErfC =
    [
        2.15311535474403846e-8,
        5.64188496988670089e-1,
        8.88314979438837594,
        6.61191906371416295e1,
        2.98635138197400131e2,
        8.81952221241769090e2,
        1.71204761263407058e3,
        2.05107837782607147e3,
        1.23033935479799725e3,
    ];

    private static readonly double[] ErfD =
    [
        1,
        1.57449261107098347e1,
        1.17693950891312499e2,
        5.37181101862009858e2,
        1.62138957456669019e3,
        3.29079923573345963e3,
        4.36261909014324716e3,
        3.43936767414372164e3,
        1.23033935480374942e3,
    ];

    private static readonly double[] ErfP =
    [
        1.63153871373020978e-2,
        3.05326634961232344e-1,
        3.60344899949804439e-1,
        1.25781726111229246e-1,
        1.60837851487422766e-2,
        6.58749161529837803e-4,
    ];

    private static readonly double[] ErfQ =
    [
        1,
        2.56852019228982242,
        1.87295284992346725,
        5.27905102951428412e-1,
        6.05183413124413191e-2,
        2.33520497626869185e-3,
    ];

    public static Vector<T> Exp<T>(Vector<T> x) =>
        typeof(T) == typeof(float)
            ? Vector.Exp(Vector.AsVectorSingle(x)).As<float, T>()
            : Vector.Exp(Vector.AsVectorDouble(x)).As<double, T>();

    public static Vector<T> Log<T>(Vector<T> x) =>
        typeof(T) == typeof(float)
            ? Vector.Log(Vector.AsVectorSingle(x)).As<float, T>()
            : Vector.Log(Vector.AsVectorDouble(x)).As<double, T>();

    public static Vector<T> Sin<T>(Vector<T> x) =>
        typeof(T) == typeof(float)
            ? Vector.Sin(Vector.AsVectorSingle(x)).As<float, T>()
            : Vector.Sin(Vector.AsVectorDouble(x)).As<double, T>();

    public static Vector<T> Cos<T>(Vector<T> x) =>
        typeof(T) == typeof(float)
            ? Vector.Cos(Vector.AsVectorSingle(x)).As<float, T>()
            : Vector.Cos(Vector.AsVectorDouble(x)).As<double, T>();

    public static Vector<T> Floor<T>(Vector<T> x) =>
        typeof(T) == typeof(float)
            ? Vector.Floor(Vector.AsVectorSingle(x)).As<float, T>()
            : Vector.Floor(Vector.AsVectorDouble(x)).As<double, T>();

    /// <summary>The nearest integer, halves to even.</summary>
    public static Vector<T> Round<T>(Vector<T> x) =>
        typeof(T) == typeof(float)
            ? Vector.Round(Vector.AsVectorSingle(x)).As<float, T>()
            : Vector.Round(Vector.AsVectorDouble(x)).As<double, T>();

    /// <summary>A number on every lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> All<T>(double value) =>
        typeof(T) == typeof(float)
            ? new Vector<float>((float)value).As<float, T>()
            : new Vector<double>(value).As<double, T>();

    /// <summary>The polynomial of the coefficients, highest power first (Horner).</summary>
    public static Vector<T> Polynomial<T>(ReadOnlySpan<double> coefficients, Vector<T> x)
    {
        Vector<T> sum = All<T>(coefficients[0]);
        foreach (double c in coefficients[1..])
            sum = sum * x + All<T>(c);
        return sum;
    }

    /// <summary>The hyperbolic tangent: x + x·x²·P(x²)/Q(x²) near 0, elsewhere by e^(−2|x|).</summary>
    public static Vector<T> Tanh<T>(Vector<T> x)
    {
        Vector<T> size = Vector.Abs(x),
            square = x * x,
            e = Exp(size * All<T>(-2));
        Vector<T> near = x + x * square * Polynomial(TanhP, square) / Polynomial(TanhQ, square);
        Vector<T> far = Vector.CopySign((Vector<T>.One - e) / (Vector<T>.One + e), x);
        return Vector.ConditionalSelect(Vector.LessThan(size, All<T>(0.625)), near, far);
    }

    /// <summary>eˣ − 1 for x of 0 or less, exact near 0 too: with t = tanh(x/2) it is 2t/(1 − t).</summary>
    public static Vector<T> NegativeExpM1<T>(Vector<T> x)
    {
        Vector<T> t = Tanh(x * All<T>(0.5));
        return (t + t) / (Vector<T>.One - t);
    }

    /// <summary>
    /// ln(1 + eˣ) without overflow, exact for small eˣ too: ln w·u/(w − 1) for w = 1 + u is ln(1 + u).
    /// </summary>
    public static Vector<T> Softplus<T>(Vector<T> x)
    {
        Vector<T> u = Exp(-Vector.Abs(x)),
            w = Vector<T>.One + u;
        Vector<T> log = Vector.ConditionalSelect(
            Vector.Equals(w, Vector<T>.One),
            u,
            Log(w) * (u / (w - Vector<T>.One))
        );
        return Vector.Max(x, Vector<T>.Zero) + log;
    }

    /// <summary>The error function.</summary>
    public static Vector<T> Erf<T>(Vector<T> x)
    {
        Vector<T> size = Vector.Abs(x),
            square = x * x,
            e = Exp(-square);
        Vector<T> near = x * Polynomial(ErfA, square) / Polynomial(ErfB, square);
        Vector<T> rest = Polynomial(ErfC, Vector.Min(size, All<T>(4))) / Polynomial(ErfD, Vector.Min(size, All<T>(4)));
        if (typeof(T) == typeof(double))
            rest = Vector.ConditionalSelect(Vector.GreaterThan(size, All<T>(4)), FarErfc(size, square), rest);
        Vector<T> far = Vector.CopySign(Vector<T>.One - e * rest, x);
        return Vector.ConditionalSelect(Vector.LessThanOrEqual(size, All<T>(0.46875)), near, far);
    }

    private static Vector<T> FarErfc<T>(Vector<T> size, Vector<T> square)
    {
        Vector<T> z = Vector<T>.One / square;
        return (All<T>(0.5641895835477562869) - z * Polynomial(ErfP, z) / Polynomial(ErfQ, z)) / size;
    }
}

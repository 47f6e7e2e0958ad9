using Decant.Core;

namespace Decant.Conformance;

/// <summary>Compares as ONNX's backend tests do: floating-point numbers within a tolerance, all else exactly.</summary>
internal static class TensorComparison
{
    /// <summary>The share of the expected number that may be missed.</summary>
    public const double RelativeTolerance = 1e-3;

    /// <summary>What may be missed besides.</summary>
    public const double AbsoluteTolerance = 1e-5;

    /// <summary>
    /// How two tensors differ, in one line; null if they agree. NaN agrees with NaN, an infinity with itself.
    /// </summary>
    public static string? Difference(Tensor expected, Tensor actual)
    {
        if (actual.Type != expected.Type || actual.Shape != expected.Shape)
            return $"{actual}, expected {expected}";
        return expected.Type switch
        {
            ElementType.Float32 => Numbers(expected.Array<float>(), actual.Array<float>(), v => v),
            ElementType.Float64 => Numbers(expected.Array<double>(), actual.Array<double>(), v => v),
            ElementType.Float16 => Numbers(expected.Array<Half>(), actual.Array<Half>(), v => (double)v),
            _ => Exact(expected, actual),
        };
    }

    private static string? Numbers<T>(T[] expected, T[] actual, Func<T, double> value)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            double e = value(expected[i]),
                a = value(actual[i]);
            bool agree = e.Equals(a) || Math.Abs(a - e) <= AbsoluteTolerance + RelativeTolerance * Math.Abs(e);
            if (!agree || (double.IsInfinity(e) && !e.Equals(a)))
                return $"element {i} is {actual[i]}, expected {expected[i]}";
        }
        return null;
    }

    private static string? Exact(Tensor expected, Tensor actual)
    {
        int same = expected.Bytes().CommonPrefixLength(actual.Bytes());
        return same == expected.Bytes().Length ? null : $"element {same / expected.Type.Size()} differs";
    }
}

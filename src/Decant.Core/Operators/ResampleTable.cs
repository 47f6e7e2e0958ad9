namespace Decant.Core.Operators;

/// <summary>A sparse matrix that samples an axis anew: <see cref="Taps"/> input coordinates and weights for each output coordinate.</summary>
/// <param name="input">The axis's extent before.</param>
/// <param name="output">Its extent after.</param>
/// <param name="taps">How many inputs an output reads.</param>
public sealed class ResampleTable(int input, int output, int taps)
{
    private readonly int[] indices = new int[output * taps];
    private readonly double[] weights = new double[output * taps];

    /// <summary>The axis's extent before.</summary>
    public int Input => input;

    /// <summary>Its extent after.</summary>
    public int Output => output;

    /// <summary>How many inputs an output reads.</summary>
    public int Taps => taps;

    /// <summary>The input coordinates, <see cref="Taps"/> an output; edges stand for what lies beyond them.</summary>
    public ReadOnlySpan<int> Indices => indices;

    /// <summary>The weights, laid out as <see cref="Indices"/>.</summary>
    public ReadOnlySpan<double> Weights => weights;

    /// <summary>For each output, whether it lies outside the input and takes a constant.</summary>
    public bool[] Outside { get; } = new bool[output];

    /// <summary>Whether every output is the input at its own place.</summary>
    public bool IsIdentity
    {
        get
        {
            var own = new double[output];
            for (int i = 0; i < indices.Length; i++)
            {
                if (indices[i] == i / taps) own[i / taps] += weights[i];
                else if (weights[i] != 0) return false;
            }
            return input == output && !Outside.Contains(true) && Array.TrueForAll(own, w => w == 1);
        }
    }

    /// <summary>The matrix itself, <see cref="Output"/> × <see cref="Input"/>.</summary>
    public float[] Dense()
    {
        var matrix = new float[checked(output * input)];
        for (int i = 0; i < indices.Length; i++) matrix[i / taps * input + indices[i]] += (float)weights[i];
        return matrix;
    }

    internal void Set(int x, int tap, int index, double weight)
    {
        indices[x * taps + tap] = Math.Clamp(index, 0, input - 1);
        weights[x * taps + tap] = weight;
    }
}

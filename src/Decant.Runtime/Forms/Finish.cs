namespace Decant.Runtime.Forms;

/// <summary>What a layer does to its sums at once: adds a bias for each output, then takes what is above zero.</summary>
/// <param name="Bias">A number an output, or nothing.</param>
/// <param name="Relu">Whether negative results become zero.</param>
internal sealed record Finish(float[]? Bias, bool Relu)
{
    /// <summary>Neither.</summary>
    public static Finish Nothing { get; } = new(null, false);

    /// <summary>Applies it to the sum of an output.</summary>
    public float Apply(float sum, int output)
    {
        if (Bias is not null) sum += Bias[output];
        return Relu ? MathF.Max(sum, 0) : sum;
    }

    /// <summary>Refuses a bias that is not of <paramref name="outputs"/> numbers.</summary>
    public void Check(int outputs)
    {
        if (Bias is not null && Bias.Length != outputs) throw new ArgumentException($"a bias of {Bias.Length} numbers for {outputs} outputs");
    }
}

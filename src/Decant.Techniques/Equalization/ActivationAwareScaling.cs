using System.Globalization;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Techniques.LinearAlgebra;
using Decant.Techniques.Quantization;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Equalization;

/// <summary>
/// Makes weights larger that multiply large activations, and the activations smaller, before weights are quantized
/// (AWQ: Lin, Tang, Tang, Yang, Dang, Gan, Han 2023, section 3.2): channel c of what layers read by the factor
/// E[x_c²]^(α/2). Of α from 0 to 1 that is taken which makes E‖W·x − Ŵ·x‖² of the layers that read it least, Ŵ
/// the weight as it will be quantized. Where activations are quantized too, this moves their outliers into weights
/// (SmoothQuant: Xiao et al. 2022). The network computes the same; factors go into the normalization or the layer
/// before, and values without one stay as they are.
/// </summary>
public sealed class ActivationAwareScaling(ActivationAwareScalingOptions options)
    : Technique<ActivationAwareScalingOptions>(options)
{
    private const int Steps = 20;

    // Factors within these of their geometric mean.
    private const double MostFactor = 1e4;

    // Of layers with many inputs so many outputs are measured that a product of this size is not exceeded.
    private const long LargestProduct = 1L << 27;
    private const int LeastOutputs = 16;

    /// <inheritdoc/>
    public override string Name => "activation-aware-scaling";

    /// <inheritdoc/>
    public override bool NeedsData => true;

    /// <inheritdoc/>
    public override IReadOnlyList<StatisticsRequest> Needs(TechniqueContext context) =>
        [.. ValuesOf(context).Select(Request)];

    /// <inheritdoc/>
    public override IReadOnlyList<PlannedChange> Plan(TechniqueContext context)
    {
        ScaledValue[] values = ValuesOf(context);
        if (values.Length == 0)
            return [];
        CollectedStatistics statistics = context.Collect([.. values.Select(Request)], $"'{Name}'");
        return [.. values.Select(v => Change(context, v, statistics.Find(Request(v))!)).OfType<PlannedChange>()];
    }

    private static ScaledValue[] ValuesOf(TechniqueContext context)
    {
        var selected = context.Weights.Select(w => w.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. ScaledValue
                .Of(context.Network, selected)
                .Where(v => LayerInputs.CanBeHad(context.Network, v.Readers[0])),
        ];
    }

    private LayerMomentsRequest Request(ScaledValue value) => new(value.Readers[0].Outputs[0], Options.Samples);

    /// <summary>The change that makes the layers' error least; null if that is none.</summary>
    private PlannedChange? Change(TechniqueContext context, ScaledValue value, SecondMoments moments)
    {
        int size = moments.Size;
        double[] products = Array.ConvertAll(moments.Products, p => p / Math.Max(1, moments.Vectors)),
            power = [.. Enumerable.Range(0, size).Select(c => products[c * size + c])];
        if (!power.All(double.IsFinite))
            throw new ModelException($"{Name}: value '{value.Name}' is not finite for all training data");
        double least = double.PositiveInfinity,
            whole = double.NaN,
            best = 0;
        for (int step = 0; step <= Steps; step++)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            double alpha = (double)step / Steps;
            double[] factors = Factors(power, alpha);
            double error = value.Readers.Sum(r => Error(context.Network, r, factors, products));
            if (step == 0)
                whole = error;
            if (error < least)
                (least, best) = (error, alpha);
        }
        if (best == 0)
            return null;
        double[] chosen = Factors(power, best);
        return new PlannedChange(
            value.Name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"scale {size} channels by their size to the power of {best:0.##}: {value.Readers.Count} "
                    + $"layer{(value.Readers.Count == 1 ? "" : "s")}, error {least / whole:p0} of that without"
            ),
            network => value.Scaled(network, chosen)
        );
    }

    /// <summary>Factors of which the largest and the least have a product of 1; 1 for channels that are zero.</summary>
    private static double[] Factors(double[] power, double alpha)
    {
        double[] factors = Array.ConvertAll(power, p => p > 0 ? Math.Pow(p, alpha / 2) : 0);
        double[] some = [.. factors.Where(f => f > 0)];
        if (some.Length == 0)
            return Array.ConvertAll(factors, _ => 1.0);
        double middle = Math.Sqrt(some.Max() * some.Min());
        return Array.ConvertAll(factors, f => f > 0 ? Math.Clamp(f / middle, 1 / MostFactor, MostFactor) : 1);
    }

    /// <summary>
    /// tr(Δ·M·Δᵀ): the mean square error of a layer's outputs when its weight is scaled, quantized and scaled
    /// back.
    /// </summary>
    private double Error(Network network, Node layer, double[] factors, double[] moments)
    {
        Weight weight = network.Weights[layer.Inputs[LinearOperator.WeightInput]];
        int axis = ScaledValue.AxisOf(network, layer),
            size = factors.Length;
        Weight scaled = weight with { Encoding = ScaledValue.Times(weight, axis, factors) };
        float[] before = weight.Encoding.Decode().Array<float>(),
            after = Options.Encode(network, scaled).Decode().Array<float>();
        int outputs = before.Length / size,
            measured = (int)Math.Min(outputs, Math.Max(LeastOutputs, LargestProduct / ((long)size * size)));
        double sum = 0;
        var difference = new double[size];
        for (int i = 0; i < measured; i++)
        {
            int output = (int)((long)i * outputs / measured);
            for (int c = 0; c < size; c++)
            {
                int at = axis == 0 ? c * outputs + output : output * size + c;
                difference[c] = after[at] / factors[c] - before[at];
            }
            for (int c = 0; c < size; c++)
                sum += difference[c] * DotProducts.Of(moments.AsSpan(c * size, size), difference);
        }
        return sum * outputs / measured;
    }
}

/// <summary>
/// Options of activation-aware scaling: how weights will be quantized, so that the error of that is least.
/// </summary>
public sealed record ActivationAwareScalingOptions : WeightGridOptions
{
    /// <summary>Examples to look at.</summary>
    [OptionRange(1, 1_000_000)]
    public int Samples { get; init; } = 512;
}

using Decant.Core;
using Decant.Techniques.LinearAlgebra;
using Decant.Techniques.Statistics;

namespace Decant.Techniques.Pruning;

/// <summary>
/// The Hessians of the squared output error of some layers of a network with respect to a row of their weights.
/// </summary>
internal sealed class LayerHessians
{
    /// <summary>Inputs of a neuron at most: of more, the matrix and its inverse take gigabytes and minutes.</summary>
    private const int LargestSize = 4608;

    private readonly Network network;
    private readonly Dictionary<string, LayerHessian> layers = new(StringComparer.Ordinal);

    private LayerHessians(Network network) => this.network = network;

    public LayerHessian this[string weight] => layers[weight];

    public bool IsOf(Network other, Weight weight) =>
        ReferenceEquals(network, other) && layers.ContainsKey(weight.Name);

    /// <summary>The second moments of the layers' inputs that Hessians are made of.</summary>
    /// <exception cref="ModelException">A weight belongs to no layer whose inputs can be had, or a layer has too many;
    /// it is named.</exception>
    public static IReadOnlyList<LayerMomentsRequest> Needs(TechniqueContext context, int samples) =>
        [.. MatricesOf(context).Select(m => Request(m, samples))];

    /// <summary>Hessians of all weights of a context.</summary>
    /// <param name="context">The network, and its weights.</param>
    /// <param name="samples">How many examples are looked at.</param>
    /// <param name="damping">What is added to the diagonals, as a share of their mean.</param>
    /// <param name="what">What needs them, for errors.</param>
    /// <exception cref="ModelException">A weight belongs to no layer whose inputs can be had, a layer has too many, or
    /// its inputs are not finite; it is named.</exception>
    public static LayerHessians Of(TechniqueContext context, int samples, double damping, string what)
    {
        WeightMatrix[] matrices = MatricesOf(context);
        CollectedStatistics collected = context.Collect([.. matrices.Select(m => Request(m, samples))], what);
        var result = new LayerHessians(context.Network);
        foreach (WeightMatrix matrix in matrices)
            result.layers[matrix.Weight.Name] = Damped(
                collected.Find(Request(matrix, samples))!,
                damping,
                matrix.Weight.Name
            );
        return result;
    }

    private static LayerMomentsRequest Request(WeightMatrix matrix, int samples) =>
        new(matrix.Layer!.Outputs[0], samples);

    private static WeightMatrix[] MatricesOf(TechniqueContext context) =>
        [.. context.Weights.Select(w => Checked(context.Network, WeightMatrix.Of(context.Network, w)))];

    private static LayerHessian Damped(SecondMoments moments, double damping, string weight)
    {
        int size = moments.Size;
        double[] entries = Array.ConvertAll(moments.Products, p => p * 2 / moments.Examples);
        double trace = 0;
        for (int i = 0; i < size; i++)
            trace += entries[i * size + i];
        if (!double.IsFinite(trace))
            throw new ModelException(
                $"the layer of weight '{weight}' has inputs that are not finite: leave it out of 'weights'"
            );
        double added = trace > 0 ? damping * trace / size : 1;
        for (int i = 0; i < size; i++)
            entries[i * size + i] += added;
        return new LayerHessian(size, entries);
    }

    /// <summary>Whether a weight belongs to a layer whose inputs can be had, and not too many.</summary>
    public static bool Takes(Network network, WeightMatrix matrix) =>
        matrix.Layer is not null && LayerInputs.CanBeHad(network, matrix.Layer) && matrix.Columns <= LargestSize;

    private static WeightMatrix Checked(Network network, WeightMatrix matrix)
    {
        string name = matrix.Weight.Name;
        if (matrix.Layer is null || !LayerInputs.CanBeHad(network, matrix.Layer))
            throw new ModelException(
                $"weight '{name}': criterion 'obs' takes weights of Gemm, MatMul and two-dimensional Conv "
                    + "without groups; leave it out of 'weights', or use 'criterion: obd'"
            );
        if (matrix.Columns > LargestSize)
            throw new ModelException(
                $"weight '{name}' has {matrix.Columns:N0} inputs a neuron; criterion 'obs' takes at most "
                    + $"{LargestSize:N0}: use 'criterion: obd'"
            );
        return matrix;
    }
}

/// <summary>The Hessians measured last, so that scoring and compensating need one pass over the data.</summary>
internal sealed class MeasuredHessians
{
    private readonly Dictionary<OptimalBrainSurgeon, LayerHessians> measured = [];

    /// <summary>What a criterion measured last; null if nothing yet.</summary>
    public LayerHessians? this[OptimalBrainSurgeon criterion]
    {
        get => measured.GetValueOrDefault(criterion);
        set => measured[criterion] = value!;
    }
}

/// <summary>The damped matrix 2/n·Σ x·xᵀ of a layer's inputs.</summary>
/// <param name="Size">Its rows and columns.</param>
/// <param name="Entries">Its entries, row-major.</param>
internal sealed record LayerHessian(int Size, double[] Entries)
{
    /// <summary>The diagonal of the inverse of H_KK.</summary>
    /// <param name="kept">K, rising.</param>
    /// <param name="workers">Who computes.</param>
    public double[] InverseDiagonal(int[] kept, Workers workers) =>
        kept.Length == 0 ? [] : CholeskyFactor.Of(Entries, Size, kept, workers).InverseDiagonal(workers);

    /// <summary>
    /// What makes up best for inputs that go: H_KK⁻¹·H_KP·w_P, a column of each neuron's after the other.
    /// </summary>
    /// <param name="stay">K, the inputs that stay, rising.</param>
    /// <param name="go">P, the inputs that go.</param>
    /// <param name="lost">w_P: for each neuron, a number for each input that goes.</param>
    /// <param name="workers">Who computes.</param>
    public double[][] MakeUp(int[] stay, int[] go, IReadOnlyList<double[]> lost, Workers workers)
    {
        CholeskyFactor factor = CholeskyFactor.Of(Entries, Size, stay, workers);
        var changes = new double[lost.Count][];
        workers.For(0, lost.Count, neuron =>
        {
            double[] change = changes[neuron] = new double[stay.Length];
            for (int k = 0; k < stay.Length; k++)
            for (int p = 0; p < go.Length; p++)
                change[k] += Entries[stay[k] * Size + go[p]] * lost[neuron][p];
            factor.Solve(change);
        });
        return changes;
    }
}

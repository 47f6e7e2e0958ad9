using Decant.Core;
using Decant.Data;
using Decant.Torch;
using Decant.Training;

namespace Decant.Techniques.Pruning;

/// <summary>
/// The Hessians of the squared output error of some layers of a network with respect to a row of their weights.
/// </summary>
internal sealed class LayerHessians
{
    private const int Batch = 16;

    /// <summary>Inputs of a neuron at most: of more, the matrix and its inverse take gigabytes and minutes.</summary>
    private const int LargestSize = 4608;

    private readonly Network network;
    private readonly Dictionary<string, LayerHessian> layers = new(StringComparer.Ordinal);

    private LayerHessians(Network network) => this.network = network;

    public LayerHessian this[string weight] => layers[weight];

    public bool IsOf(Network other, Weight weight) =>
        ReferenceEquals(network, other) && layers.ContainsKey(weight.Name);

    /// <summary>Runs the network on images and adds up.</summary>
    /// <exception cref="ModelException">A weight belongs to no layer whose inputs can be had, or a layer has too many;
    /// it is named.</exception>
    public static LayerHessians Of(TechniqueContext context, IDataSource data, double damping)
    {
        WeightMatrix[] matrices =
        [
            .. context.Weights.Select(w => Checked(context.Network, WeightMatrix.Of(context.Network, w))),
        ];
        var sums = matrices.Select(m => Zeros(m.Columns)).ToArray();
        try
        {
            new DatasetPass(context.Network, data, context.Preprocessing, Batch).Forward(step =>
            {
                for (int i = 0; i < sums.Length; i++)
                    Add(sums[i], LayerInputs.Of(step.Network, matrices[i].Layer!));
            });
            var result = new LayerHessians(context.Network);
            for (int i = 0; i < sums.Length; i++)
                result.layers[matrices[i].Weight.Name] = Damped(
                    sums[i].ToArray<double>(),
                    matrices[i].Columns,
                    2.0 / data.Count,
                    damping
                );
            return result;
        }
        finally
        {
            foreach (TorchTensor sum in sums)
                sum.Dispose();
        }
    }

    private static TorchTensor Zeros(int size) => Ops.Zeros([size, size], TorchType.Float64).Keep();

    private static void Add(TorchTensor sum, TorchTensor inputs)
    {
        TorchTensor x = inputs.To(TorchType.Float64);
        sum.Add_(x.Transpose(0, 1).MatMul(x));
    }

    private static LayerHessian Damped(double[] entries, int size, double factor, double damping)
    {
        double trace = 0;
        for (int i = 0; i < entries.Length; i++)
            entries[i] *= factor;
        for (int i = 0; i < size; i++)
            trace += entries[i * size + i];
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

/// <summary>The damped matrix 2/n·Σ x·xᵀ of a layer's inputs.</summary>
/// <param name="Size">Its rows and columns.</param>
/// <param name="Entries">Its entries, row-major.</param>
internal sealed record LayerHessian(int Size, double[] Entries)
{
    private static readonly TorchOp Solve = new("aten::linalg_solve");

    public TorchTensor ToTorch() => TorchTensor.From<double>(Entries, Size, Size);

    /// <summary>
    /// What makes up best for inputs that go: H_KK⁻¹·H_KP·w_P, a row for each input that stays and a column for each of
    /// w_P.
    /// </summary>
    /// <param name="hessian">H.</param>
    /// <param name="stay">K, the inputs that stay.</param>
    /// <param name="go">P, the inputs that go.</param>
    /// <param name="lost">w_P: a row for each input that goes, a column for each neuron.</param>
    public static double[] MakeUp(TorchTensor hessian, long[] stay, long[] go, TorchTensor lost)
    {
        TorchTensor rows = hessian.IndexSelect(0, TorchTensor.From<long>(stay, stay.Length));
        TorchTensor right = rows.IndexSelect(1, TorchTensor.From<long>(go, go.Length)).MatMul(lost);
        return Solve.Call(rows.IndexSelect(1, TorchTensor.From<long>(stay, stay.Length)), right).ToArray<double>();
    }
}

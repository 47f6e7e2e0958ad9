using Decant.Runtime.Stages;

namespace Decant.Runtime.Planning.Layers;

/// <summary>
/// The weights of a recurrent layer as its stages read them, shared by all plans of the model.
/// </summary>
internal sealed class RecurrentPacking(
    Node node,
    Operators.RecurrentOperator op,
    Operators.RecurrentSize size,
    PlanBuilder plan
)
{
    private readonly VectorWidth width = plan.Options.Width;
    private readonly int wide = RecurrentWeights.Wide(size.Hidden, plan.Options.Width),
        rows = op.Gates * size.Hidden;

    /// <summary>Gates of all directions, each filled up to whole vectors.</summary>
    public int Outputs => checked(op.Directions * op.Gates * wide);

    private string Key =>
        $"{op.Type}\n{string.Join('\n', node.Inputs.Where((_, i) => i is 1 or 2 or 3 or 7))}\n"
        + $"{op is Operators.GRU { LinearBeforeReset: true }}";

    /// <summary>The weights of the input and the biases of both.</summary>
    public LinearFilters Input(int steps) =>
        plan.Weights.Get(Key, "recurrent, input, " + LinearFilters.Key(steps), () =>
            new LinearFilters(
                RecurrentWeights.Padded(Numbers(1), op.Directions * op.Gates, size.Hidden, size.Input, wide),
                Outputs,
                size.Input,
                RecurrentWeights.Padded(Bias(), op.Directions * op.Gates, size.Hidden, 1, wide),
                width,
                steps
            )
        );

    /// <summary>The weights of the state for each direction.</summary>
    public RecurrentWeights[] States()
    {
        bool few = StateProducts.AreFew(size.Batch);
        return plan.Weights.Get(Key, $"recurrent, state, {few}", () =>
        {
            float[] r = Numbers(2);
            return Enumerable
                .Range(0, op.Directions)
                .Select(d => new RecurrentWeights(
                    op,
                    size.Hidden,
                    few,
                    r.AsSpan(d * rows * size.Hidden, rows * size.Hidden),
                    Own(d),
                    width
                ))
                .ToArray();
        });
    }

    private float[] Numbers(int input) =>
        RecurrentLayers.Input(node, input) is { } name ? plan.Known.Constant(name)!.Array<float>() : [];

    /// <summary>
    /// The biases of input and state together, but for a GRU's last gate where that of the state is multiplied too.
    /// </summary>
    private float[] Bias()
    {
        float[] given = Numbers(3),
            sum = new float[op.Directions * rows];
        if (given.Length == 0)
            return sum;
        int own = op is Operators.GRU { LinearBeforeReset: true } ? rows - size.Hidden : rows;
        for (int d = 0; d < op.Directions; d++)
        for (int i = 0; i < rows; i++)
            sum[d * rows + i] = given[d * 2 * rows + i] + (i < own ? given[(d * 2 + 1) * rows + i] : 0);
        return sum;
    }

    private float[] Own(int direction)
    {
        if (op is Operators.GRU)
        {
            float[] bias = Numbers(3);
            return bias.Length == 0
                ? new float[size.Hidden]
                : bias.AsSpan((direction * 2 + 2) * rows - size.Hidden, size.Hidden).ToArray();
        }
        float[] peepholes = Numbers(7);
        return peepholes.Length == 0 ? [] : peepholes.AsSpan(direction * 3 * size.Hidden, 3 * size.Hidden).ToArray();
    }
}

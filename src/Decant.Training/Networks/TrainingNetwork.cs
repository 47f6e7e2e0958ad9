using System.Collections.Immutable;
using Decant.Core;
using Decant.Torch;
using Decant.Training.Operators;

namespace Decant.Training;

/// <summary>A network on libtorch, its trainable weights held in their parameterizations. Belongs to one
/// thread.</summary>
public sealed class TrainingNetwork : IDisposable
{
    private readonly Network network;
    private readonly List<Step> steps = [];
    private readonly Dictionary<string, WeightParameterization> parameterizations = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TorchTensor> statistics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> places = new(StringComparer.Ordinal);
    private readonly TorchTensor?[] values;
    private readonly List<(int Place, WeightParameterization Parameterization)> trainable = [];

    /// <summary>Brings a network to libtorch.</summary>
    /// <param name="network">The network.</param>
    /// <param name="parameterization">A parameterization of one's own for a weight, or null for that of its encoding;
    /// it is owned from then
    /// on.</param>
    /// <param name="setting">A parameterization for a weight that says how an operator computes, such as a scale of
    /// QuantizeLinear,
    /// which else is not trained; it is owned from then on.</param>
    /// <param name="passing">What a value that a node makes in training becomes, or null where it stays.</param>
    /// <exception cref="ModelException">An operator cannot be trained; the node is named.</exception>
    public TrainingNetwork(
        Network network,
        Func<Weight, WeightParameterization?>? parameterization = null,
        Func<Weight, WeightParameterization?>? setting = null,
        Func<Node, string, Func<TorchTensor, TorchTensor>?>? passing = null
    )
    {
        this.network = network;
        foreach (string name in network.Inputs.Select(i => i.Name).Concat(network.Weights.Select(w => w.Name)))
            places[name] = places.Count;
        foreach (Node node in network.Nodes)
        foreach (string name in node.Outputs)
            if (name.Length > 0)
                places[name] = places.Count;
        values = new TorchTensor?[places.Count];
        AddWeights(parameterization ?? (_ => null), setting ?? (_ => null));
        var types = NetworkShapes.Of(network);
        foreach (Node node in network.Nodes)
            steps.Add(MakeStep(node, types, passing ?? ((_, _) => null)));
    }

    /// <summary>The trainable weights' parameterizations by name, in the network's order.</summary>
    public IReadOnlyDictionary<string, WeightParameterization> Parameterizations => parameterizations;

    /// <summary>The network as it came.</summary>
    public Network Network => network;

    /// <summary>
    /// Every tensor that training changes, by weight name: what parameterizations hold, and running statistics. What a
    /// checkpoint
    /// holds.
    /// </summary>
    public IEnumerable<KeyValuePair<string, TorchTensor>> State =>
        parameterizations
            .SelectMany(f => f.Value.Tensors.Select(t => KeyValuePair.Create(f.Key + t.Suffix, t.Tensor)))
            .Concat(statistics);

    /// <summary>A value of the last run by name; it belongs to the scope that the network ran in.</summary>
    /// <exception cref="ModelException">The network has no such value, or it did not run.</exception>
    public TorchTensor Value(string name) =>
        (places.TryGetValue(name, out int place) ? values[place] : null)
        ?? throw new ModelException($"the network made no value '{name}'");

    /// <summary>Runs the network on the inputs, in order; the result belongs to the current scope.</summary>
    /// <param name="training">Whether batch statistics are used and kept, and weights drawn where a parameterization
    /// draws
    /// them.</param>
    /// <param name="inputs">One tensor an input.</param>
    public TorchTensor[] Forward(bool training, params ReadOnlySpan<TorchTensor> inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
            values[i] = inputs[i];
        foreach (var (place, parameterization) in trainable)
            values[place] = training ? parameterization.Effective() : parameterization.Evaluated();
        foreach (Step step in steps)
            step.Run(values, training);
        var outputs = new TorchTensor[network.Outputs.Length];
        for (int i = 0; i < outputs.Length; i++)
            outputs[i] = values[places[network.Outputs[i].Name]]!;
        return outputs;
    }

    /// <summary>The network with its weights as trained so far.</summary>
    public Network ToNetwork()
    {
        var encodings = parameterizations.ToDictionary(f => f.Key, f => f.Value.ToEncoding(), StringComparer.Ordinal);
        foreach (var (name, tensor) in statistics)
            encodings[name] = new DenseEncoding(tensor.ToTensor());
        return network.With(encodings);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (WeightParameterization parameterization in parameterizations.Values)
            parameterization.Dispose();
        foreach (TorchTensor? tensor in values.Concat(statistics.Values))
            tensor?.Dispose();
    }

    private void AddWeights(Func<Weight, WeightParameterization?> own, Func<Weight, WeightParameterization?> ownSetting)
    {
        var running = network
            .Nodes.Where(n => n.Operator is Core.Operators.BatchNormalization)
            .SelectMany(n => n.Inputs.Skip(3))
            .ToHashSet(StringComparer.Ordinal);
        var settings = network
            .Nodes.SelectMany(n => n.Inputs.Where((_, i) => n.Operator.IsSetting(i)))
            .ToHashSet(StringComparer.Ordinal);
        settings.UnionWith(SignPattern.Constants(network));
        foreach (Weight weight in network.Weights)
        {
            int place = places[weight.Name];
            bool isSetting = settings.Contains(weight.Name);
            WeightParameterization? given = isSetting && weight.IsTrainable ? ownSetting(weight) : null;
            if (given is null && (!weight.IsTrainable || isSetting || running.Contains(weight.Name)))
            {
                values[place] = weight.Encoding.Decode().ToTorch().Keep();
                if (running.Contains(weight.Name))
                    statistics[weight.Name] = values[place]!;
                continue;
            }
            WeightParameterization parameterization = parameterizations[weight.Name] = given
                ?? own(weight)
                ?? WeightParameterization.For(weight.Encoding);
            trainable.Add((place, parameterization));
        }
    }

    private Step MakeStep(Node node, NetworkShapes types, Func<Node, string, Func<TorchTensor, TorchTensor>?> passing)
    {
        var inputs = new TorchInputs(node.Inputs.Length)
        {
            MoreOutputs = new TorchTensor?[node.Outputs.Length - 1],
            Types = [.. node.Inputs.Select(v => types[v]?.Type ?? ElementType.Unknown)],
        };
        TorchKernel plain = TorchKernelCatalogue.For(node),
            kernel = plain;
        // The gradient of a sign is that of x held within −1 and 1 (BNN: Hubara et al. 2016; XNOR-Net: Rastegari et
        // al.
        // 2016).
        if (SignPattern.SourceOf(network, node) is { } source)
            kernel = x => x.Training ? StraightThrough.Sign(values[places[source]]!) : plain(x);
        var reads = new List<(int, int)>();
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            if (node.Inputs[i].Length == 0)
                continue;
            if (network.Weights.TryGet(node.Inputs[i], out var w) && !parameterizations.ContainsKey(w.Name))
                inputs.SetConstant(i, w.Encoding.Decode(), values[places[w.Name]]!);
            else
                reads.Add((i, places[node.Inputs[i]]));
        }
        int[] made = [.. node.Outputs.Select(o => o.Length == 0 ? -1 : places[o])];
        return new Step(
            node,
            kernel,
            inputs,
            [.. reads],
            made,
            [.. node.Outputs.Select(o => o.Length == 0 ? null : passing(node, o))]
        );
    }

    private sealed class Step(
        Node node,
        TorchKernel kernel,
        TorchInputs inputs,
        (int Input, int Place)[] reads,
        int[] made,
        Func<TorchTensor, TorchTensor>?[] passing
    )
    {
        public void Run(TorchTensor?[] values, bool training)
        {
            foreach (var (input, place) in reads)
                inputs.Set(input, values[place]);
            inputs.Training = training;
            TorchTensor first = Compute(Checked, inputs);
            if (made[0] >= 0)
                values[made[0]] = first;
            for (int i = 1; i < made.Length; i++)
                if (made[i] >= 0)
                    values[made[i]] = inputs.MoreOutputs[i - 1]
                        ?? throw new ModelException($"{node}: output {i} cannot be had from libtorch");
            if (!training)
                return;
            for (int i = 0; i < made.Length; i++)
                if (passing[i] is { } pass)
                    values[made[i]] = Compute(pass, values[made[i]]!);
        }

        /// <summary>
        /// libtorch takes more than ONNX allows (other element types, other shapes of a bias): the operator's own rule
        /// is asked first.
        /// </summary>
        private TorchTensor Checked(TorchInputs x)
        {
            ImmutableArray<TensorType?> types = node.Operator.InferAtRun(x.Known(node.Operator), made.Length);
            if (!Operator.AreEmpty(types, made.Length))
                return x.Types.Contains(ElementType.Float16) ? HalfPrecision.Run(kernel, x, types) : kernel(x);
            for (int i = 1; i < made.Length; i++)
                x.SetOutput(i, Tensor.Zeros(types[i]!.Type, types[i]!.Shape!.Value).ToTorch());
            return Tensor.Zeros(types[0]!.Type, types[0]!.Shape!.Value).ToTorch();
        }

        private TorchTensor Compute<T>(Func<T, TorchTensor> compute, T from)
        {
            try
            {
                return compute(from);
            }
            catch (Exception e) when (e is TorchException or ModelException or OverflowException)
            {
                throw new ModelException($"{node}: {e.Message}", e);
            }
        }
    }
}

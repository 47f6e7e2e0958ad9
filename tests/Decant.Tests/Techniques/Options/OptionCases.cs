using Decant.Core;
using Decant.Pipelines;
using Decant.Techniques;
using Decant.Tests.Channels;
using Decant.Tests.Runs;
using Decant.Zoo;

namespace Decant.Tests.Techniques.OptionTests;

/// <summary>A technique with an option, and another value of it that must make another network.</summary>
/// <param name="Technique">The technique.</param>
/// <param name="Options">Its options as a recipe gives them; the last is the one that is tried.</param>
/// <param name="Other">The other value of the last option.</param>
internal sealed record OptionCase(string Technique, string Options, string Other)
{
    /// <summary>The weights that the technique is used on; null for its own choice.</summary>
    public string? Weights { get; init; }

    /// <summary>How the stage trains, and how often it comes round.</summary>
    public string Stage { get; init; } = "rounds: 1";

    /// <summary>A technique that is used in a stage before.</summary>
    public string? Before { get; init; }

    /// <summary>The network; null for a small perceptron.</summary>
    public Func<Network>? Network { get; init; }

    /// <summary>
    /// Whether the two values choose alike on these examples, so that what the plan says it measured is compared.
    /// </summary>
    public bool IsOnlyMeasured { get; init; }

    /// <summary>The option that is tried.</summary>
    public string Key => Pairs[^1].Split(':')[0];

    private string[] Pairs =>
        Options
            .Split(", ")
            .Aggregate(Array.Empty<string>(), (a, p) => p.Contains(": ") ? [.. a, p] : [.. a[..^1], $"{a[^1]}, {p}"]);

    /// <summary>The value of an option; null if it is not given.</summary>
    public string? ValueOf(string key) => Pairs.Select(p => p.Split(": ")).FirstOrDefault(p => p[0] == key)?[1];

    /// <summary>The container of what a run makes with these options, or with the other value.</summary>
    public byte[] Run(bool other)
    {
        if (IsOnlyMeasured)
            return System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Planned(other)));
        return TinyRun
            .Run(
                TinyRun.Options(null) with
                {
                    Teacher = Recipe(other).NeedsTeacher ? TinyRun.Network(2) : null,
                },
                Recipe(other).ToYaml(),
                Network?.Invoke()
            )
            .Bytes;
    }

    /// <summary>The pipeline with these options, or with the other value.</summary>
    public Pipeline Recipe(bool other)
    {
        string options = string.Join(", ", other ? [.. Pairs[..^1], $"{Key}: {Other}"] : Pairs),
            weights = Weights is null ? "" : $", weights: {Weights}",
            before = Before is null ? "" : $"before: {{technique: {Before}}}";
        string yaml = $$"""
            recipe: options
            techniques:
              {{before}}
              tried: {technique: {{Technique}}{{weights}}, {{options}}}
            stages:
              {{(Before is null ? "" : "- {name: before, use: before}")}}
              - {name: tried, use: tried, {{Stage}}}
            """;
        return Pipeline.Parse(yaml, ToString());
    }

    private IEnumerable<string> Planned(bool other)
    {
        var context = new TechniqueContext(Network!(), [])
        {
            Data = TinyRun.Train,
            Preprocessing = Preprocessings.Default,
        };
        return Recipe(other).Stages[0].Uses[0].Technique.Plan(context).Select(c => c.What);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Technique}: {Options} or {Other}";
}

/// <summary>A case for every option of every technique, and of each criterion and range rule.</summary>
internal static class OptionCases
{
    private static readonly Network Attention = AttentionTests.Separate("Identity");

    private const string Train = "epochs: 1, batch: 20, learning-rate: 0.01",
        Twice = "rounds: 2, epochs: 1, batch: 20, learning-rate: 0.01";

    public static IReadOnlyList<OptionCase> All { get; } =
    [
        .. Grids("weight-quantization", ""),
        new("activation-aware-scaling", "bits: 2", "8"),
        new("activation-aware-scaling", "bits: 2, scheme: symmetric", "asymmetric"),
        new("activation-aware-scaling", "bits: 2, per: channel", "tensor"),
        new("activation-aware-scaling", "bits: 2, block: 0", "8"),
        new("activation-aware-scaling", "bits: 2, scale-bits: 2", "24"),
        new("activation-aware-scaling", "bits: 2, range: min-max", "mse"),
        new("activation-aware-scaling", "bits: 2, samples: 2", "200"),
        new("weight-quantization", "bits: 3, bias-correction: 0", "100"),
        .. Grids("adaptive-rounding", "samples: 50, "),
        new("adaptive-rounding", "bits: 3, samples: 10", "200"),
        .. Grids("quantization-aware-training", "").Select(c => c with { Stage = Train }),
        new("quantization-aware-training", "bits: 2, from: 3", "8") { Stage = Twice },
        new("quantization-aware-training", "bits: 3, scales: learned", "fixed") { Stage = Train },
        new("quantization-aware-training", "bits: 3, clips: learned", "fixed")
        {
            Stage = Train,
            Before = "activation-quantization",
        },
        new("quantization-aware-training", "bits: 3, transform: none", "tanh") { Stage = Train },
        new("activation-quantization", "bits: 8", "4"),
        new("activation-quantization", "scheme: asymmetric", "symmetric"),
        new("activation-quantization", "bits: 4, range: min-max", "mse"),
        new("activation-quantization", "samples: 3", "200"),
        new("activation-quantization", "skip: fc1", "fc2"),
        new("activation-quantization", "readers: all", "layers") { Network = Residual },
        new("dynamic-quantization", "skip: fc1", "fc2"),
        new("activation-quantization", "range: deviation, deviations: 1", "2"),
        new("activation-quantization", "range: percentile, percent: 80", "95"),
        .. Learned("lambda1: 0.01", "10"),
        .. Learned("lambda2: 0.01", "10"),
        .. Learned("lambda3: 0.01", "10"),
        .. Learned("lambda4: 0.01", "10"),
        .. Learned("lambda3: 10, target: 1", "1000"),
        .. Learned("initial: 0.5", "0.9"),
        new("architecture-learning", "activation: keep", "relu")
        {
            Stage = Train,
            Weights = "fc1.weight",
            Network = Linear,
        },
        new("binarization", "kind: binary-weights", "ternary-weights"),
        new("binarization", "kind: binary-connect, scale: 1", "0.5"),
        new("binarization", "kind: trained-ternary, threshold: 0.05", "0.4"),
        new("binarization", "kind: stochastic-binary-connect, scale: 0.1, clip: 0.001", "0.1") { Stage = Train },
        new("binary-activations", "scale: mean", "none") { Weights = "fc2.weight" },
        new("dynamic-network-surgery", "level: 0.5", "0.7") { Stage = Train },
        new("dynamic-network-surgery", "every: 1, threshold: 0", "1") { Stage = Train },
        new("dynamic-network-surgery", "level: 0.5, every: 1, scope: layer", "global") { Stage = Train },
        new("dynamic-network-surgery", "level: 0.5, every: 1", "4") { Stage = Train },
        new("dynamic-network-surgery", "level: 0.5, every: 1, rise: 0", "0.7") { Stage = Train },
        new("dynamic-network-surgery", "level: 0.5, every: 1, until: 0.5", "1") { Stage = Train },
        new("fixed-point", "point: fixed", "dynamic") { Stage = Train },
        new("fixed-point", "integer: 2, fraction: 6", "3") { Stage = Train },
        new("fixed-point", "fraction: 6, integer: 1", "4") { Stage = Train },
        new("fixed-point", "point: dynamic, bits: 4", "10") { Stage = Train },
        new("fixed-point", "point: dynamic, bits: 4, update-bits: 5", "12") { Stage = Train },
        new("fixed-point", "point: dynamic, bits: 4, every: 1, overflow: 0", "0.5") { Stage = Train },
        new("fixed-point", "point: dynamic, bits: 4, every: 1", "1000") { Stage = Train },
        new("fixed-point", "fraction: 4, rounding: nearest", "stochastic") { Stage = Train },
        new("fixed-point", "fraction: 4, tensors: weights", "gradients") { Stage = Train },
        new("gradual-pruning", "level: 0.5", "0.7") { Stage = Train },
        new("gradual-pruning", "level: 0.5, every: 1, initial-level: 0", "0.4") { Stage = Train },
        new("gradual-pruning", "level: 0.5, every: 1, begin: 0", "0.5") { Stage = Train },
        new("gradual-pruning", "level: 0.5, every: 1, end: 0.3", "1") { Stage = Train },
        new("gradual-pruning", "level: 0.5, every: 1", "5") { Stage = Train },
        new("gradual-pruning", "level: 0.5, scope: layer", "global") { Stage = Train },
        new("structured-pruning", "level: 0.3, attention: dimension", "head") { Network = () => Attention },
        new("knowledge-distillation", "temperature: 4", "1") { Stage = Train },
        new("knowledge-distillation", "outputs: scores", "values") { Stage = Train },
        new("knowledge-distillation", "teacher: 0.9", "5") { Stage = Train },
        new("knowledge-distillation", "labels: 0.1", "2") { Stage = Train },
        new("knowledge-distillation", "hints: fc1, hint: 2", "9") { Stage = Train },
        new("knowledge-distillation", "hints: fc1", "fc2") { Stage = Train },
        new("knowledge-distillation", "from: start", "teacher") { Stage = Train },
        new("knowledge-distillation", "from: teacher, preprocessing: scale=1/255", "scale=1/50") { Stage = Train },
        new("l0-regularization", "strength: 0.0001", "0.1") { Stage = Train },
        new("l0-regularization", "strength: 0.0001, over: weight", "neuron") { Stage = Train },
        new("l0-regularization", "strength: 0.0001, drop-rate: 0.1", "0.6") { Stage = Train },
        new("layer-removal", "count: 1, unit: block", "layer") { Network = Residual },
        new("layer-removal", "layers: b1.add", "b2.add") { Network = Residual },
        new("layer-removal", "level: 0.34", "0.67") { Network = Residual },
        new("layer-removal", "count: 1", "2") { Network = Residual },
        new("layer-removal", "count: 1, criterion: magnitude", "random") { Network = Residual },
        new("layer-removal", "count: 2, ramp: linear", "cubic") { Network = Residual, Stage = Twice },
        new("layer-removal", "count: 1, criterion: change, samples: 1", "2")
        {
            Network = Residual,
            IsOnlyMeasured = true,
        },
        new("layer-removal", "count: 1, criterion: similarity, samples: 1", "2")
        {
            Network = Residual,
            IsOnlyMeasured = true,
        },
        .. Penalties(),
        .. Structured(),
        new("supermask", "values: initial", "signed-constant") { Stage = Train },
        new("supermask", "rescale: false", "true") { Stage = Train },
        new("supermask", "mask: threshold", "sampled") { Stage = Train },
        new("supermask", "values: shared, low: -2", "1") { Stage = Train },
        new("supermask", "values: shared, high: 2", "9") { Stage = Train },
        .. Vectors("bits: 3, length: 4", "2"),
        .. Vectors("bits: 3", "4"),
        .. Vectors("bits: 3, stages: 1", "2"),
        .. Vectors("bits: 3, codebooks: shared", "columns"),
        new("weight-clustering", "bits: 3", "4"),
        new("weight-clustering", "bits: 3, centroids: exact", "linear"),
        .. Pruned(),
    ];

    /// <summary>Three residual blocks of 7×7 images, with a normalization before them.</summary>
    private static Network Residual()
    {
        NetworkBuilder builder = new NetworkBuilder("residual", 4, new Shape(Shape.Unknown, 1, 7, 7))
            .PaddedConv("conv1", 8, 3)
            .BatchNorm("bn1")
            .Relu("relu1");
        for (int i = 1; i <= 3; i++)
        {
            LayerValue before = builder.Last;
            builder
                .PaddedConv($"b{i}.conv1", 8, 3)
                .Relu($"b{i}.relu1")
                .PaddedConv($"b{i}.conv2", 8, 3)
                .Add($"b{i}.add", before)
                .Relu($"b{i}.relu2");
        }
        return builder.GlobalAveragePool("pool").Flatten("flat").Gemm("fc1", 12).Relu("relu2").Gemm("fc2", 10).Build();
    }

    /// <summary>Two layers without an activation.</summary>
    private static Network Linear() =>
        new NetworkBuilder("linear", 4, new Shape(Shape.Unknown, 1, 7, 7))
            .Flatten("flat")
            .Gemm("fc1", 12)
            .Gemm("fc2", 10)
            .Build();

    private static IEnumerable<OptionCase> Grids(string technique, string with) =>
        [
            new(technique, $"{with}bits: 4", "3"),
            new(technique, $"{with}bits: 3, scheme: symmetric", "asymmetric"),
            new(technique, $"{with}bits: 3, per: channel", "tensor"),
            new(technique, $"{with}bits: 3, range: mse", "min-max"),
            new(technique, $"{with}bits: 3, block: 0", "6"),
            new(technique, $"{with}bits: 3, block: 6, scale-bits: 4", "24"),
        ];

    private static IEnumerable<OptionCase> Learned(string options, string other) =>
        [new("architecture-learning", options, other) { Stage = Train, Weights = "fc1.weight" }];

    private static IEnumerable<OptionCase> Vectors(string options, string other) =>
        [new("vector-quantization", options, other) { Weights = "fc2.weight" }];

    private static IEnumerable<OptionCase> Penalties() =>
        new (string Options, string Other)[]
        {
            ("strength: 0.01, kind: l1", "l2"),
            ("kind: l1, strength: 0.001", "0.1"),
            ("kind: hanson-pratt, strength: 0.01, w0: 1", "0.1"),
            ("kind: group-lasso, strength: 0.1, over: neuron", "channel"),
            ("kind: structured-sparsity, strength: 0.1, shapes: 0", "1"),
            ("kind: structured-sparsity, strength: 0.1, channels: 1", "3"),
            ("kind: structured-sparsity, strength: 0.1, filters: 1", "3"),
            ("kind: structured-sparsity, strength: 0.1, depth: 0", "1"),
            ("kind: group-lasso, strength: 0.1, scale: group-size", "none"),
            ("kind: l1, strength: 0.1, warm-up: 0", "1"),
            ("kind: l1, strength: 0.1, proximal: false", "true"),
            ("kind: grid, strength: 0.1, bits: 2", "4"),
        }.Select(c => new OptionCase("regularization", c.Options, c.Other) { Stage = Train });

    private static IEnumerable<OptionCase> Structured() =>
        new OptionCase[]
        {
            new("structured-pruning", "level: 0.5", "0.75"),
            new("structured-pruning", "macs: 0.7", "0.3"),
            new("structured-pruning", "parameters: 0.7", "0.3"),
            new("structured-pruning", "level: 0.5, scope: group", "global"),
            new("structured-pruning", "level: 0.5, scope: global, normalize: group", "none"),
            new("structured-pruning", "level: 0.5, criterion: magnitude", "random"),
            new("structured-pruning", "level: 0.75, ramp: linear", "cubic") { Stage = Twice },
            new("structured-pruning", "level: 0.75, ramp: cubic, at-most: 1", "0.55") { Stage = Twice },
            new("structured-pruning", "level: 0.75, least: 1", "6"),
            new("structured-pruning", "level: 0.6, multiple: 1", "4"),
            new("structured-pruning", "level: 0.5, refit: 0", "100"),
            new("structured-pruning", "level: 0.5, criterion: apoz, samples: 1", "200"),
            new("structured-pruning", "level: 0.5, criterion: mean-activation, samples: 1", "200"),
            new("structured-pruning", "level: 0.5, criterion: magnitude, norm: l1", "l2"),
        }.Select(c => c with { Network = Residual });

    private static IEnumerable<OptionCase> Pruned() =>
        [
            new("weight-pruning", "level: 0.5", "0.7"),
            new("weight-pruning", "threshold: 0.05", "0.1"),
            new("weight-pruning", "sensitivity: 0.5", "1"),
            new("weight-pruning", "level: 0.7, ramp: geometric", "cubic") { Stage = Twice },
            new("weight-pruning", "level: 0.7, ramp: cubic, at-most: 1", "0.5") { Stage = Twice },
            new("weight-pruning", "level: 0.5, granularity: weight", "row"),
            new("weight-pruning", "level: 0.5, granularity: block, block: 1x4", "2x2"),
            new("weight-pruning", "level: 0.5, scope: layer", "global"),
            new("weight-pruning", "level: 0.5, scope: global, normalize: none", "layer-l2"),
            new("weight-pruning", "level: 0.5, criterion: magnitude", "random"),
            new("weight-pruning", "level: 0.5, criterion: life-long, epochs: 1", "2"),
            new("weight-pruning", "level: 0.5, criterion: obd, samples: 1", "200"),
            new("weight-pruning", "level: 0.5, criterion: obs, samples: 2", "200"),
            new("weight-pruning", "level: 0.5, criterion: obs, samples: 50, damping: 0.001", "1"),
            new("weight-pruning", "level: 0.5, criterion: taylor, samples: 1", "200"),
        ];
}

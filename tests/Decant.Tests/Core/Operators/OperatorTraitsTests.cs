using System.Collections.Immutable;
using Decant.Core;
using Decant.Core.Operators;
using Decant.Runtime;
using Xunit;

namespace Decant.Tests.Traits;

/// <summary>
/// What operators say of themselves, against what they compute in ONNX's own cases: a trait that is claimed holds in
/// every case, and one that is not claimed fails in at least one.
/// </summary>
public sealed class OperatorTraitsTests
{
    // What ONNX's cases happen not to show: a QLinearConv of more than one channel; a Cast from floats to integers; a
    // Clip, Expand or Unsqueeze that changes channels; a Range of more than one number; a OneHot of indices in range.
    private static readonly Dictionary<OperatorTraits, string[]> Unshown = new()
    {
        [OperatorTraits.Elementwise] = ["QLinearConv"],
        [OperatorTraits.PositivelyHomogeneous] = ["Cast", "CastLike", "Clip", "Expand", "Unsqueeze"],
        [OperatorTraits.MovesElements] = ["OneHot"],
        [OperatorTraits.SelectsElements] = ["Range"],
    };

    [Fact]
    public void NoOperatorLeavesATraitUnsaid()
    {
        Type type = typeof(Operator);
        Assert.True(type.GetProperty(nameof(Operator.Traits))!.GetMethod!.IsAbstract);
        Assert.True(type.GetMethod(nameof(Operator.IsSetting))!.IsAbstract);
        Assert.True(type.GetMethod(nameof(Operator.Macs))!.IsAbstract);
        Assert.True(type.GetMethod(nameof(Operator.AxesOf))!.IsAbstract);
        Assert.True(
            type.GetProperty(
                "ChannelRule",
                System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance
            )!.GetMethod!.IsAbstract
        );
    }

    [DataFact("onnx-conformance.tar.gz")]
    public void ElementwiseIsWhatDependsOnOnePlace() =>
        Check(OperatorTraits.Elementwise, c => c.IsElementwise(), leastTypes: 90);

    [DataFact("onnx-conformance.tar.gz")]
    public void PositivelyHomogeneousIsWhatScalesWithItsChannels() =>
        Check(
            OperatorTraits.PositivelyHomogeneous,
            c =>
                c.ComputedInputs == 1 || c.Node.Operator.Traits.HasFlag(OperatorTraits.Activation)
                    ? c.ScalesWithItsChannels()
                    : null,
            leastTypes: 50
        );

    [DataFact("onnx-conformance.tar.gz")]
    public void MovingIsTakingElementsFromFixedPlaces() =>
        Check(OperatorTraits.MovesElements, c => c.MovesElements(), leastTypes: 80);

    [DataFact("onnx-conformance.tar.gz")]
    public void SelectingIsTakingElements() =>
        Check(
            OperatorTraits.SelectsElements,
            c => c.Node.Operator.Traits.HasFlag(OperatorTraits.MovesElements) ? null : c.TakesElements(),
            leastTypes: 50
        );

    [DataFact("onnx-conformance.tar.gz")]
    public void AxesOfAWeightAreThoseAlongWhichOutputsAndInputsChange()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (OperatorCase test in OperatorCase.All())
            if (test.AxesDifference() is { } difference)
            {
                Assert.True(difference.Length == 0, $"{test.Name}: {difference}");
                seen.Add(test.Node.Operator.Type);
            }
        Assert.Equal(["Conv", "ConvTranspose", "Gemm", "MatMul"], seen);
    }

    [Fact]
    public void FunctionsOfOneElementAreThoseOfTheirKernels()
    {
        float[] points = [-3.25f, -1, -0.4f, 0, 0.3f, 1, 2.5f, 7];
        string[] unknown =
        [
            .. Functions<UnaryFunction>()
                .Where(op => !Agrees(op, points, new Node("n", op, ["x"], ["y"]), i => op.Value(points[i]), [points]))
                .Select(op => op.Type),
        ];
        Assert.Equal(["Erf", "Gelu"], unknown);
    }

    [Fact]
    public void FunctionsOfTwoElementsAreThoseOfTheirKernels()
    {
        float[] a = [-3.25f, -1, 0.4f, 0.3f, 1, 2.5f, 7],
            b = [2, -0.5f, 0.25f, 3, -1, 2.5f, 1];
        string[] unknown =
        [
            .. Functions<ArithmeticOperator>()
                .Where(op => !Agrees(op, a, new Node("n", op, ["a", "b"], ["y"]), i => op.Value(a[i], b[i]), [a, b]))
                .Select(op => op.Type),
        ];
        Assert.Equal(["Mean", "Mod", "Pow"], unknown);
    }

    private static IEnumerable<T> Functions<T>()
        where T : Operator =>
        OperatorCatalogue
            .Types.Where(type =>
                type
                    is not (
                        "Cast"
                        or "Concat"
                        or "DepthToSpace"
                        or "If"
                        or "Loop"
                        or "MaxRoiPool"
                        or "Scan"
                        or "SpaceToDepth"
                    )
            )
            .Select(type =>
                OperatorCatalogue.Create(type, type == "Mod" ? new Attributes(("fmod", 1L)) : Attributes.None)
            )
            .OfType<T>();

    /// <summary>Whether a function gives a value at each point; it must then be the kernel's.</summary>
    private static bool Agrees(Operator op, float[] points, Node node, Func<int, double?> value, float[][] inputs)
    {
        var type = new TensorType(ElementType.Float32, new Shape(points.Length));
        var network = new Network(
            "",
            [.. node.Inputs.Select(i => new ValueInfo(i, type))],
            [new ValueInfo("y", type)],
            [node],
            [],
            ImmutableSortedDictionary<string, string>.Empty
        );
        using var executor = new ReferenceExecutor(network, threads: 1);
        float[] computed = executor.Run([.. inputs.Select(i => Tensor.Vector(i))])[0].Array<float>();
        double?[] values = [.. points.Select((_, i) => value(i))];
        if (values.All(v => v is null))
            return false;
        for (int i = 0; i < points.Length; i++)
            Assert.True(
                (float.IsNaN(computed[i]) && double.IsNaN(values[i]!.Value))
                    || computed[i] == (float)values[i]!.Value
                    || Math.Abs(computed[i] - values[i]!.Value) <= 1e-5 * Math.Max(1, Math.Abs(values[i]!.Value)),
                $"{op.Type} at {points[i]}: {values[i]} for {computed[i]}"
            );
        return true;
    }

    /// <summary>Compares claims with what cases show; null is a case that shows nothing.</summary>
    private static void Check(OperatorTraits trait, Func<OperatorCase, bool?> shown, int leastTypes)
    {
        var wrong = new List<string>();
        var unclaimed = new Dictionary<string, bool>(StringComparer.Ordinal);
        var types = new HashSet<string>(StringComparer.Ordinal);
        foreach (OperatorCase test in OperatorCase.All())
        {
            if (shown(test) is not { } holds)
                continue;
            string type = test.Node.Operator.Type;
            types.Add(type);
            if (!test.Node.Operator.Traits.HasFlag(trait))
                unclaimed[type] = unclaimed.GetValueOrDefault(type) || !holds;
            else if (!holds)
                wrong.Add($"{type} claims {trait}, and {test.Name} shows that it does not hold");
        }
        wrong.AddRange(
            unclaimed
                .Where(p => !p.Value && !Unshown.GetValueOrDefault(trait, []).Contains(p.Key))
                .Select(p => $"{p.Key} does not claim {trait}, and no case shows why")
        );
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(types.Count >= leastTypes, $"{types.Count} operators have cases");
    }
}

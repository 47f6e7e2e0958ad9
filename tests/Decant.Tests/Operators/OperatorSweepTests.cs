using Decant.Core;
using Decant.Core.Operators;
using Decant.Runtime;
using Decant.Training;
using Decant.Training.Operators;
using Xunit;
using Xunit.Abstractions;

namespace Decant.Tests.Operators;

/// <summary>
/// Every operator with inputs of right and wrong rank, extents, count and element type: the plain executor, a session
/// and libtorch accept the same nodes, with the same results, and refuse all others with one line.
/// </summary>
public sealed class OperatorSweepTests(ITestOutputHelper output)
{
    private static readonly bool IsLong = Environment.GetEnvironmentVariable("DECANT_LONG") == "1";

    [Fact]
    public void Every_operator_has_a_seed() =>
        Assert.Empty(OperatorCatalogue.Types.Except(OperatorSeeds.All.Select(s => s.Type)));

    [Fact]
    public void Seeds_are_accepted()
    {
        foreach (OperatorSeed seed in OperatorSeeds.All)
        foreach (Placement placement in Enum.GetValues<Placement>())
            Assert.Null(Verdicts.Of(SweepCase.Of(seed).First(), placement).Single(v => v.By == "plain").Refusal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Verdicts_agree(int placement)
    {
        // The quick form takes every eleventh case: prime to the number of types and of shapes of an input.
        int step = IsLong ? 1 : 11,
            place = 0,
            ran = 0,
            accepted = 0;
        var differences = new List<string>();
        foreach (OperatorSeed seed in OperatorSeeds.All)
        foreach (SweepCase one in SweepCase.Of(seed))
        {
            if (place++ % step != placement % step)
                continue;
            ran++;
            Verdict[] verdicts = Verdicts.Of(one, (Placement)placement);
            if (verdicts[0].Refusal is null)
                accepted++;
            if (Verdicts.Difference(verdicts) is { } difference)
                differences.Add($"{one}, {(Placement)placement}: {difference}");
        }
        output.WriteLine($"{ran} cases, {accepted} accepted, {differences.Count} with differences");
        Assert.True(differences.Count == 0, string.Join('\n', differences));
        Assert.InRange(accepted, ran / 10, ran);
    }
}

/// <summary>What an executor says of a case: results, or a refusal in one line.</summary>
internal sealed record Verdict(string By, IReadOnlyList<Tensor> Results, string? Refusal);

/// <summary>
/// Runs cases on every executor that there is here, and compares what they say: libtorch may be missing,
/// and runs no bodies and not every operator.
/// </summary>
internal static class Verdicts
{
    private const double Tolerance = 2e-3;

    public static Verdict[] Of(SweepCase one, Placement placement) => Of(() => one.Build(placement));

    /// <summary>The verdicts on a network and what it is fed; one alone if the network cannot be made.</summary>
    public static Verdict[] Of(Func<(Network Network, Tensor[] Fed)> build)
    {
        Network network;
        Tensor[] fed;
        try
        {
            (network, fed) = build();
        }
        catch (DecantException e)
        {
            // A network that cannot be made is refused for all executors at once.
            return [new Verdict("plain", [], e.Message)];
        }
        return
        [
            Ask("plain", () => new ReferenceExecutor(network, threads: 1), fed),
            Ask("session", () => new InferenceModel(network).CreateSession(), fed),
            Ask(
                "session of two threads",
                () => new InferenceModel(network, new InferenceOptions { Threads = 2 }).CreateSession(),
                fed
            ),
            .. Decant.Torch.LibTorch.Problem is null && network.Nodes.All(n => TorchKernelCatalogue.Has(n.Operator))
                ? new[] { Ask("libtorch", () => new TorchExecutor(network), fed) }
                : [],
        ];
    }

    /// <summary>How verdicts differ; null if they agree.</summary>
    public static string? Difference(Verdict[] verdicts)
    {
        Verdict plain = verdicts[0];
        foreach (Verdict other in verdicts)
        {
            if (
                other.Refusal is { } line
                && (line.StartsWith("threw", StringComparison.Ordinal) || line.Contains('\n'))
            )
                return $"{other.By}: {line}";
            if (plain.Refusal is null != other.Refusal is null)
                return $"plain: {plain.Refusal ?? "accepted"}; {other.By}: {other.Refusal ?? "accepted"}";
            for (int i = 0; i < plain.Results.Count && plain.Refusal is null; i++)
                if (Difference(plain.Results[i], other.Results[i]) is { } difference)
                    return $"output {i} of {other.By}: {difference}";
        }
        return null;
    }

    private static Verdict Ask(string by, Func<IExecutor> make, Tensor[] fed)
    {
        try
        {
            using IExecutor executor = make();
            return new Verdict(by, executor.Run([.. fed.Select(t => t.Clone())]), null);
        }
        catch (DecantException e)
        {
            return new Verdict(by, [], e.Message);
        }
        catch (Exception e)
        {
            return new Verdict(by, [], $"threw {e}");
        }
    }

    private static string? Difference(Tensor a, Tensor b)
    {
        if (a.Type != b.Type || a.Shape != b.Shape)
            return $"{b} instead of {a}";
        double[] x = Numbers(a),
            y = Numbers(b);
        for (int i = 0; i < x.Length; i++)
            if (!Same(x[i], y[i], a.Type))
                return $"element {i} of {a}: {y[i]} instead of {x[i]}";
        return null;
    }

    private static bool Same(double x, double y, ElementType type) =>
        x.Equals(y) || Math.Abs(x - y) <= Tolerance * (1 + Math.Abs(x)) * (type == ElementType.Float16 ? 4 : 1);

    private static double[] Numbers(Tensor t) =>
        t.Type is ElementType.Bool or ElementType.Int4 or ElementType.UInt4
            ? Array.ConvertAll(t.Bytes().ToArray(), b => (double)b)
            : new OperatorInputs([new TensorType(t.Type, t.Shape)], [t]).Doubles(0)!;
}

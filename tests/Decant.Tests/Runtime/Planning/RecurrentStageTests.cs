using System.Collections.Immutable;
using Decant.Core;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime.Planning;

public sealed class RecurrentStageTests
{
    public static TheoryData<string, int, string, int, int, int, int> Cases =>
        new()
        {
            { "LSTM", 4, "forward", 7, 1, 5, 8 },
            { "LSTM", 4, "bidirectional", 3, 2, 3, 21 },
            { "LSTM", 4, "reverse", 4, 5, 9, 33 },
            { "LSTM", 4, "forward", 2, 37, 4, 3 },
            { "GRU", 3, "forward", 6, 1, 5, 17 },
            { "GRU", 3, "bidirectional", 3, 4, 6, 20 },
            { "GRU", 3, "reverse", 3, 19, 2, 7 },
            { "RNN", 1, "bidirectional", 5, 1, 3, 40 },
            { "RNN", 1, "forward", 3, 17, 3, 5 },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public void StepsAreThoseOfTheKernels(
        string type,
        int gates,
        string direction,
        int steps,
        int batch,
        int input,
        int hidden
    )
    {
        var rng = new Rng(1);
        int directions = direction == "bidirectional" ? 2 : 1,
            outputs = type == "LSTM" ? 3 : 2;
        foreach (bool bare in new[] { true, false })
        {
            var check = new StageCheck();
            string x = check.Feed(Random(rng, steps, batch, input));
            List<string> from =
            [
                x,
                check.Constant(Random(rng, directions, gates * hidden, input)),
                check.Constant(Random(rng, directions, gates * hidden, hidden)),
            ];
            if (!bare)
            {
                from.AddRange(
                    check.Constant(Random(rng, directions, 2 * gates * hidden)),
                    check.Feed(Tensor.Vector([.. Enumerable.Range(0, batch).Select(b => b % (steps + 1))]))
                );
                from.Add(check.Feed(Random(rng, directions, batch, hidden)));
                if (type == "LSTM")
                    from.AddRange(
                        check.Feed(Random(rng, directions, batch, hidden)),
                        check.Constant(Random(rng, directions, 3 * hidden))
                    );
            }
            check.Holds(1e-4, check.Add(type, With(("direction", direction)), outputs, [.. from]));
        }
    }

    [Fact]
    public void AttributesCount()
    {
        var rng = new Rng(2);
        const int Steps = 4,
            Batch = 2,
            Input = 3,
            Hidden = 13;
        var check = new StageCheck();
        string x = check.Feed(Random(rng, Batch, Steps, Input));
        string[] From(int gates) =>
            [
                x,
                check.Constant(Random(rng, 1, gates * Hidden, Input)),
                check.Constant(Random(rng, 1, gates * Hidden, Hidden)),
                check.Constant(Random(rng, 1, 2 * gates * Hidden)),
            ];
        check.Holds(
            1e-4,
            [
                .. check.Add("LSTM", With(("layout", 1L), ("input_forget", 1L), ("clip", 0.4f)), 3, From(4)),
                .. check.Add(
                    "LSTM",
                    With(("layout", 1L), ("activations", ImmutableArray.Create("Tanh", "Relu", "Sigmoid"))),
                    1,
                    From(4)
                ),
                .. check.Add("GRU", With(("layout", 1L), ("linear_before_reset", 1L)), 2, From(3)),
                .. check.Add("GRU", With(("layout", 1L), ("linear_before_reset", 1L), ("clip", 0.3f)), 1, From(3)),
                .. check.Add("GRU", With(("layout", 1L)), 1, From(3)),
                .. check.Add("RNN", With(("layout", 1L), ("activations", ImmutableArray.Create("Relu"))), 2, From(1)),
            ]
        );
    }
}

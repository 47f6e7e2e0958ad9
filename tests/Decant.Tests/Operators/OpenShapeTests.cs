using System.Collections.Immutable;
using Decant.Core;
using Xunit;

namespace Decant.Tests.Operators;

/// <summary>
/// Shapes inferred before parameters or extents are known say nothing that turns out otherwise, for every operator.
/// </summary>
public sealed class OpenShapeTests
{
    [Fact]
    public void WhatIsInferredWithoutElementsHolds()
    {
        int open = 0;
        foreach (OperatorSeed seed in OperatorSeeds.All)
        {
            Operator op = OperatorCatalogue.Create(seed.Type, seed.Attributes);
            TensorType?[] types = [.. seed.Inputs.Select(t => t is null ? null : new TensorType(t.Type, t.Shape))];
            ImmutableArray<TensorType?> known = op.Infer(new([.. types], [.. seed.Inputs])),
                early = op.Infer(new([.. types], [.. seed.Inputs.Select(_ => (Tensor?)null)]));
            open += Holds(seed.Type, known, early);
        }
        Assert.True(open > 5, $"only {open} operators depend on elements");
    }

    [Fact]
    public void WhatIsInferredOfOpenExtentsHolds()
    {
        int open = 0;
        foreach (OperatorSeed seed in OperatorSeeds.All)
        {
            Operator op = OperatorCatalogue.Create(seed.Type, seed.Attributes);
            TensorType?[] types = [.. seed.Inputs.Select(t => t is null ? null : new TensorType(t.Type, t.Shape))];
            ImmutableArray<TensorType?> known = op.Infer(new([.. types], [.. seed.Inputs]));
            Shape x = seed.Inputs[0]!.Shape;
            for (int axis = 0; axis < x.Rank; axis++)
            {
                types[0] = new TensorType(seed.Inputs[0]!.Type, x.With(axis, Shape.Unknown));
                Tensor?[] rest = [null, .. seed.Inputs.Skip(1)];
                open += Holds(seed.Type, known, op.Infer(new([.. types], [.. rest])));
            }
        }
        Assert.True(open > 50, $"only {open} shapes depend on an extent");
    }

    [Fact]
    public void WhatReadsShapesSaysWhatTheyAre()
    {
        var reading = new List<string>();
        foreach (OperatorSeed seed in OperatorSeeds.All)
        {
            Operator op = OperatorCatalogue.Create(seed.Type, seed.Attributes);
            TensorType?[] types = [.. seed.Inputs.Select(t => t is null ? null : new TensorType(t.Type, t.Shape))];
            Tensor? made = op.OfShapes(new([.. types], [.. seed.Inputs.Select(_ => (Tensor?)null)]));
            Assert.Equal(op.Is(OperatorTraits.ReadsShapes), made is not null);
            if (made is null)
                continue;
            reading.Add(seed.Type);
            long[] extents = [.. seed.Inputs[0]!.Shape.Dims.Select(d => (long)d)],
                expected = seed.Type == "Size"
                    ? [extents.Aggregate(1L, (a, b) => a * b)]
                    : extents[(int)seed.Attributes.Int("start", 0)..];
            Assert.Equal(expected, made.Array<long>());
        }
        Assert.Equal(["Shape", "Size"], reading.Distinct().Order());
    }

    /// <summary>How many outputs were open.</summary>
    private static int Holds(string type, ImmutableArray<TensorType?> known, ImmutableArray<TensorType?> early)
    {
        int open = 0;
        for (int i = 0; i < early.Length; i++)
        {
            if (early[i]?.Shape is not { } shape)
                continue;
            Shape full = known[i]!.Shape!.Value;
            Assert.True(shape.Rank == full.Rank, $"{type}: {shape} became {full}");
            for (int axis = 0; axis < shape.Rank; axis++)
                Assert.True(
                    shape[axis] is Shape.Unknown || shape[axis] == full[axis],
                    $"{type}: {shape} became {full}"
                );
            open += shape.IsKnown ? 0 : 1;
        }
        return open;
    }
}

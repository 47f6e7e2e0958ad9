using Decant.Core;
using Decant.Pipelines;
using Xunit;
using static Decant.Tests.Formats.Onnx.Models;

namespace Decant.Tests.Cases;

/// <summary>Which weights are treated where a recipe names none.</summary>
public sealed class SelectionCaseTests
{
    private static readonly Network Network = new(
        "",
        [Value("x", Core.Shape.Unknown, 3, 8, 8)],
        [Value("y", Core.Shape.Unknown, 3)],
        [
            new("conv", Make("Conv"), ["x", "w"], ["a"]),
            new("add", Make("Add"), ["a", "b"], ["p"]),
            new("sub", Make("Sub"), ["p", "d"], ["s"]),
            new("scale", Make("Mul"), ["s", "m"], ["t"]),
            new("pool", Make("GlobalAveragePool"), ["t"], ["g"]),
            new("flat", Make("Flatten"), ["g"], ["f"]),
            new("fc", Make("Gemm"), ["f", "v", "c"], ["y"]),
            new("both", Make("Add"), ["f", "e"], ["unread"]),
            new("product", Make("MatMul"), ["f", "e"], ["unread2"]),
        ],
        [
            QuantizedCase.Normal("w", 1, 1, 8, 3, 3, 3),
            QuantizedCase.Normal("b", 2, 1, 8, 1, 1),
            QuantizedCase.Normal("d", 3, 1, 8, 1, 1),
            QuantizedCase.Normal("m", 4, 1, 8, 1, 1),
            QuantizedCase.Normal("v", 5, 1, 8, 3),
            QuantizedCase.Normal("c", 6, 1, 1, 3),
            QuantizedCase.Normal("e", 7, 1, 8, 8),
        ]
    );

    [Fact]
    public void WhatNoLayerMultipliesByIsNotTakenUnlessNamed()
    {
        Assert.Equal(["w", "v", "e"], Selected());
        Assert.Equal(["b", "c"], Selected("b", "c"));
        Assert.Equal(["w", "b", "d", "m", "v", "c", "e"], Selected("*"));
    }

    private static IEnumerable<string> Selected(params string[] patterns) =>
        WeightPatterns.Select(Network, patterns, message => new DecantException(message)).Select(w => w.Name);
}

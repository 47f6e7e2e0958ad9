using Decant.Core;
using Decant.Tests.Runtime;
using Decant.Tests.Torch;
using Xunit;
using static Decant.Tests.Training.Operators.ExecutorComparison;

namespace Decant.Tests.Training.Operators;

[Collection("libtorch")]
public sealed class ConvTransposeOnTorchTests
{
    [TorchFact]
    public void EveryWindow() => Compare("ConvTranspose", 120, Draw, atLeast: 90);

    [Fact]
    public void ProductsEqualTheDefinition()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            var (attributes, inputs) = Draw(new Rng(seed));
            try
            {
                Tensor y = OneNode.Run("ConvTranspose", attributes, inputs);
                Tensor exact = OneNode.Run(
                    "ConvTranspose",
                    attributes,
                    [.. inputs.Select(t => t is null ? null : OneNode.Doubles(t))]
                );
                OneNode.Close(Array.ConvertAll(exact.Array<double>(), v => (float)v), y);
            }
            catch (ModelException)
            {
                // Padding that takes more than there is.
            }
        }
    }

    private static (Attributes, Tensor?[]) Draw(Rng rng)
    {
        int rank = 1 + rng.Next(3),
            group = 1 + rng.Next(2),
            channels = group * (1 + rng.Next(3)),
            filters = 1 + rng.Next(9);
        int[] kernel = Many(rng, rank, 1, 4),
            size = Many(rng, rank, 1, 6),
            strides = Many(rng, rank, 1, 3);
        List<(string, object)> attributes =
        [
            ("group", (long)group),
            ("strides", OneNode.Ints(strides)),
            ("dilations", OneNode.Ints(Many(rng, rank, 1, 2))),
        ];
        int how = rng.Next(4);
        if (how == 0)
            attributes.Add(("output_shape", OneNode.Ints([.. size.Select((s, i) => s * strides[i] + rng.Next(2))])));
        else if (how == 1)
            attributes.Add(("auto_pad", rng.Next(2) == 0 ? "SAME_UPPER" : "SAME_LOWER"));
        else
            attributes.Add(("pads", OneNode.Ints(Many(rng, 2 * rank, 0, 2))));
        if (how > 1)
            attributes.Add(("output_padding", OneNode.Ints([.. strides.Select(s => rng.Next(s))])));
        return (
            OneNode.With([.. attributes]),
            [
                Random(rng, [1 + rng.Next(2), channels, .. size]),
                Random(rng, [channels, filters, .. kernel]),
                rng.Next(2) == 0 ? Random(rng, filters * group) : null,
            ]
        );
    }
}

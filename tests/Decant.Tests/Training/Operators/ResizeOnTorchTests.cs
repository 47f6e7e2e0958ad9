using Decant.Core;
using Decant.Tests.Runtime;
using Decant.Tests.Torch;
using Decant.Torch;
using Xunit;
using static Decant.Tests.Training.Operators.ExecutorComparison;

namespace Decant.Tests.Training.Operators;

[Collection("libtorch")]
public sealed class ResizeOnTorchTests
{
    private static readonly string[] Coordinates =
    [
        "half_pixel",
        "align_corners",
        "asymmetric",
        "half_pixel_symmetric",
        "pytorch_half_pixel",
        "tf_crop_and_resize",
    ];

    [TorchFact]
    public void BothExecutorsResizeAlike() =>
        Compare(
            "Resize",
            150,
            rng =>
            {
                int rank = 1 + rng.Next(3),
                    named = 1 + rng.Next(rank);
                int[] dims = Many(rng, rank, 1, 7),
                    axes = [.. Enumerable.Range(0, rank)];
                rng.Shuffle<int>(axes);
                bool bySizes = rng.Next(2) == 0;
                string mode = new[] { "nearest", "linear", "cubic" }[rng.Next(3)];
                List<(string, object)> attributes =
                [
                    ("mode", mode),
                    ("coordinate_transformation_mode", Coordinates[rng.Next(Coordinates.Length)]),
                    ("axes", OneNode.Ints(axes[..named])),
                    ("nearest_mode", new[] { "round_prefer_floor", "round_prefer_ceil", "floor", "ceil" }[rng.Next(4)]),
                    ("extrapolation_value", 3f),
                    ("antialias", mode == "nearest" ? 0L : rng.Next(2)),
                    ("exclude_outside", (long)rng.Next(2)),
                    ("cubic_coeff_a", -0.5f),
                ];
                if (bySizes && rng.Next(3) == 0)
                    attributes.Add(("keep_aspect_ratio_policy", rng.Next(2) == 0 ? "not_larger" : "not_smaller"));
                Tensor roi = Tensor.Vector([
                    .. Enumerable
                        .Range(0, 2 * named)
                        .Select(i => (float)rng.NextDouble(-0.2, 0.5) + (i < named ? 0 : 0.7f)),
                ]);
                Tensor? scales = bySizes
                    ? null
                    : Tensor.Vector([.. Enumerable.Range(0, named).Select(_ => (float)rng.NextDouble(0.5, 3))]);
                Tensor? sizes = bySizes ? Tensor.Vector([.. Many(rng, named, 1, 12).Select(s => (long)s)]) : null;
                return (OneNode.With([.. attributes]), [Random(rng, dims), roi, scales, sizes]);
            },
            atLeast: 120
        );

    [TorchFact]
    public void ItEqualsTheUpsamplingOfLibtorch()
    {
        foreach (bool corners in new[] { false, true })
        {
            Against("aten::upsample_bilinear2d", corners, ("mode", "linear"));
            Against("aten::upsample_bicubic2d", corners, ("mode", "cubic"));
        }
        Against("aten::_upsample_bilinear2d_aa", false, ("mode", "linear"), ("antialias", 1L), ("exclude_outside", 1L));
        Against(
            "aten::_upsample_bicubic2d_aa",
            false,
            ("mode", "cubic"),
            ("antialias", 1L),
            ("exclude_outside", 1L),
            ("cubic_coeff_a", -0.5f)
        );
    }

    private static void Against(string name, bool corners, params (string, object)[] attributes)
    {
        foreach (var (height, width) in new[] { (11, 13), (4, 3), (5, 9), (23, 2) })
        {
            Tensor x = Random(new Rng(5), 2, 3, 7, 9),
                sizes = Tensor.Vector<long>(2, 3, height, width);
            Tensor y = OneNode.Run(
                "Resize",
                OneNode.With([
                    .. attributes,
                    ("coordinate_transformation_mode", corners ? "align_corners" : "half_pixel"),
                ]),
                x,
                null,
                null,
                sizes
            );
            using var scope = new TorchScope();
            TorchTensor expected = new TorchOp(name).Call(
                TorchTensor.From<float>(x.Span<float>(), 2, 3, 7, 9),
                (long[])[height, width],
                corners,
                TorchValue.None,
                TorchValue.None
            );
            OneNode.Close(expected.ToArray<float>(), y);
        }
    }
}

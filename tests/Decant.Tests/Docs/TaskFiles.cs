using Decant.Core;
using Decant.Formats.Npy;
using Decant.Tests.Cli;
using Decant.Tests.Data;
using Decant.Tests.Data.Tasks;
using Decant.Tests.Formats.Onnx;
using Decant.Zoo;

namespace Decant.Tests.Docs;

/// <summary>The networks and data of docs/tasks.md, small ones.</summary>
internal static class TaskFiles
{
    private const int Count = 20;

    public static void Write(TemporaryFolder folder)
    {
        Rng random = Rng.For(1, "task files");
        Tensor images = TaskFixtures.Floats(random, Count, 3, 8, 8);
        void Save(string file, params (string Name, Tensor Values)[] arrays) =>
            NpzWriter.Save([.. arrays.Select(a => KeyValuePair.Create(a.Name, a.Values))], folder[file]);
        Models.Save(
            new NetworkBuilder("tagger", 1, new Shape(Shape.Unknown, 3, 8, 8)).Flatten("flat").Gemm("fc", 5).Build(),
            folder["tagger.onnx"]
        );
        Save("tags.npz", ("x", images), ("y", TaskFixtures.Integers(random, 2, Count, 5)));
        foreach (var (name, channels) in new[] { ("depth", 1), ("segmenter", 4), ("upscaler", 3) })
            Models.Save(
                new NetworkBuilder(name, 1, new Shape(Shape.Unknown, 3, 8, 8)).PaddedConv("conv", channels, 3).Build(),
                folder[$"{name}.onnx"]
            );
        Save("depth.npz", ("x", images), ("target.depth", TaskFixtures.Floats(random, Count, 1, 8, 8)));
        Save("scenes.npz", ("x", images), ("y", TaskFixtures.Integers(random, 4, Count, 8, 8)));
        Save("upscaled.npz", ("x", images), ("y", images));
        Tensor frames = TaskFixtures.Floats(random, Count, 1, 257);
        Save("clean.npz", ("frame", frames), ("target.clean", frames));
        File.WriteAllBytes(folder["faces.onnx"], Faces(random));
        Save(
            "faces.npz",
            ("x", images),
            (
                "target.boxes",
                Tensor.Of(new Shape(Count, 1, 4), [.. Enumerable.Range(0, 4 * Count).Select(i => i % 4 / 2f)])
            ),
            ("target.classes", Tensor.Of(new Shape(Count, 1), [.. Enumerable.Repeat(1L, Count)]))
        );
    }

    /// <summary>Sixteen boxes, and scores of the background and of faces.</summary>
    private static byte[] Faces(Rng random) =>
        new OnnxModelBuilder()
            .Input("x", "N", 3, 8, 8)
            .Weight("a", TaskFixtures.Floats(random, 192, 64))
            .Weight("b", TaskFixtures.Floats(random, 192, 32))
            .Weight("by4", Tensor.Vector(-1L, 16, 4))
            .Weight("by2", Tensor.Vector(-1L, 16, 2))
            .Node("Flatten", "x", "flat")
            .Node("MatMul", "flat a", "corners")
            .Node("MatMul", "flat b", "logits")
            .Node("Reshape", "corners by4", "boxes")
            .Node("Reshape", "logits by2", "rows")
            .Node("Softmax", "rows", "scores")
            .Output("boxes", "N", 16, 4)
            .Output("scores", "N", 16, 2)
            .Build();
}

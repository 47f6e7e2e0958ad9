using Decant.Core;
using Decant.Data;
using Decant.Sensitivity;
using Decant.Tests.Runs;

namespace Decant.Tests.Sensitivity;

/// <summary>
/// A network that classifies small digits without having been trained: 49 pixels, mixed a little, and compared with the
/// mean of each class.
/// </summary>
internal static class Centroids
{
    public static readonly LabelledImages Train = TinyRun.Train;

    public static SensitivityOptions Options { get; } =
        new()
        {
            Train = Train,
            Images = 100,
            Levels = [0.3, 0.6, 0.9, 0.95, 0.99],
            Threads = 1,
        };

    public static Network Network(ulong seed = 1)
    {
        Network network = TinyRun.Network(hidden: 49);
        float[][] means = [.. Enumerable.Range(0, 10).Select(Mean)];
        return network.With(
            new Dictionary<string, Encoding>
            {
                ["fc1.weight"] = Dense(Mixing(seed), 49, 49),
                ["fc1.bias"] = Dense(new float[49], 49),
                ["fc2.weight"] = Dense([.. means.SelectMany(m => m)], 10, 49),
                ["fc2.bias"] = Dense([.. means.Select(m => -0.5f * m.Sum(v => v * v))], 10),
            }
        );
    }

    private static DenseEncoding Dense(float[] values, params int[] shape) => new(Tensor.Of(new Shape(shape), values));

    private static float[] Mixing(ulong seed)
    {
        var random = Rng.For(seed, "mixing");
        return
        [
            .. Enumerable
                .Range(0, 49 * 49)
                .Select(i => (i % 50 == 0 ? 1 : 0) + 0.02f * (float)random.NextDouble(-1, 1)),
        ];
    }

    private static float[] Mean(int label)
    {
        int[] members = [.. Enumerable.Range(0, Train.Count).Where(i => Train.Labels[i] == label)];
        return
        [
            .. Enumerable
                .Range(0, 49)
                .Select(p => (float)members.Average(i => Train.Images.Span<byte>()[i * 49 + p] / 255.0)),
        ];
    }
}

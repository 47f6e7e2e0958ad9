using Decant.Core;
using Decant.Data;
using Decant.Techniques;
using Decant.Zoo;

namespace Decant.Tests.Techniques.Pruning.Criteria;

/// <summary>
/// A small perceptron with ReLU, a few images, and the mean cross-entropy worked out by hand in double.
/// </summary>
internal static class TinyProblem
{
    public const int Inputs = 4,
        Hidden = 5,
        Classes = 3,
        Images = 24;

    public static Network Network { get; } =
        new NetworkBuilder("tiny", 3, new Shape(Shape.Unknown, 1, 2, 2))
            .Flatten("flat")
            .Gemm("fc1", Hidden)
            .Relu("relu")
            .Gemm("fc2", Classes)
            .Build();

    public static LabelledImages Data { get; } = Make();

    public static TechniqueContext Context(params string[] weights) =>
        new(Network, [.. weights.Select(w => Network.Weights[w])]) { Data = Data };

    public static Dictionary<string, double[]> Weights() =>
        Network.Weights.ToDictionary(
            w => w.Name,
            w => Array.ConvertAll(w.Encoding.Decode().Array<float>(), v => (double)v)
        );

    /// <summary>The mean cross-entropy over all images.</summary>
    public static double Loss(IReadOnlyDictionary<string, double[]> w) =>
        Enumerable.Range(0, Images).Average(i => Loss(w, i));

    private static double Loss(IReadOnlyDictionary<string, double[]> w, int image)
    {
        double[] x = [.. Data.Images.Array<float>().Skip(image * Inputs).Take(Inputs).Select(v => (double)v)];
        double[] hidden = [.. Layer(w["fc1.weight"], w["fc1.bias"], x).Select(v => Math.Max(0, v))];
        double[] z = Layer(w["fc2.weight"], w["fc2.bias"], hidden);
        return Math.Log(z.Sum(Math.Exp)) - z[Data.Labels[image]];
    }

    public static double[] Layer(double[] weight, double[] bias, double[] x) =>
        [
            .. Enumerable
                .Range(0, bias.Length)
                .Select(o => bias[o] + x.Select((v, i) => v * weight[o * x.Length + i]).Sum()),
        ];

    private static LabelledImages Make()
    {
        var rng = new Rng(9);
        float[] pixels = [.. Enumerable.Range(0, Images * Inputs).Select(_ => (float)rng.NextNormal())];
        return new LabelledImages(
            "tiny",
            Tensor.Of(new Shape(Images, 1, 2, 2), pixels),
            [.. Enumerable.Range(0, Images).Select(_ => rng.Next(Classes))],
            Classes
        );
    }
}

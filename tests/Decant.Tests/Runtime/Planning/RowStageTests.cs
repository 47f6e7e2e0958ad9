using Decant.Core;
using Decant.Runtime;
using Xunit;
using static Decant.Tests.Runtime.OneNode;

namespace Decant.Tests.Runtime.Planning;

public sealed class RowStageTests
{
    [Theory]
    [InlineData("Softmax")]
    [InlineData("LogSoftmax")]
    public void SoftmaxGoesAlongAnyAxis(string type)
    {
        var rng = new Rng(1);
        foreach (int width in new[] { 1, 3, 8, 17, 70 })
        {
            var check = new StageCheck();
            string x = check.Add(
                "Mul",
                Attributes.None,
                check.Feed(Random(rng, 4, 5, width)),
                check.Constant(Tensor.Vector(40f))
            );
            check.Holds(
                1e-5,
                check.Add(type, Attributes.None, x),
                check.Add(type, With(("axis", 1L)), x),
                check.Add(type, With(("axis", 0L)), x)
            );
        }
    }

    [Fact]
    public void LayersAreNormalizedAtEveryTail()
    {
        var rng = new Rng(2);
        foreach (int width in new[] { 1, 2, 7, 16, 33, 130 })
        {
            var check = new StageCheck();
            string x = check.Feed(Random(rng, 5, 2, width));
            string scale = check.Constant(Random(rng, width)),
                shift = check.Constant(Random(rng, width)),
                whole = check.Constant(Random(rng, 2, width));
            check.Holds(
                2e-5,
                check.Add("LayerNormalization", Attributes.None, x, scale, shift),
                check.Add("LayerNormalization", With(("axis", 1L), ("epsilon", 1e-3f)), x, whole),
                check.Add("RMSNormalization", Attributes.None, x, scale)
            );
        }
    }

    [Fact]
    public void ALargeMeanCostsNoAccuracy()
    {
        var rng = new Rng(4);
        foreach (int width in new[] { 5, 16, 77 })
        {
            var check = new StageCheck();
            Tensor x = Random(rng, 6, width),
                scale = Random(rng, width);
            foreach (ref float v in x.Span<float>())
                v += 1000;
            Network network = check.To(
                check.Add("LayerNormalization", Attributes.None, check.Feed(x), check.Constant(scale))
            );
            double[] expected = Run("LayerNormalization", Attributes.None, Doubles(x), Doubles(scale)).Array<double>();
            foreach (VectorWidth vectors in VectorWidths.All)
            {
                using InferenceSession session = new InferenceModel(network, null, vectors).CreateSession();
                Close([.. expected.Select(e => (float)e)], session.Run([x])[0], 2e-6);
            }
        }
    }

    [Fact]
    public void GroupsOfChannelsAreNormalized()
    {
        var rng = new Rng(3);
        var check = new StageCheck();
        string x = check.Feed(Random(rng, 3, 6, 5, 7)),
            scale = check.Constant(Random(rng, 6)),
            shift = check.Constant(Random(rng, 6));
        check.Holds(
            2e-5,
            check.Add("InstanceNormalization", Attributes.None, x, scale, shift),
            check.Add("GroupNormalization", With(("num_groups", 2L)), x, scale, shift)
        );
    }
}

using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Reports;
using Decant.Tests.Formats.Onnx;
using Xunit;

namespace Decant.Tests.Reports;

/// <summary>An outline says what a network takes and gives, and what has no fast kernel.</summary>
public sealed class NetworkOutlineTests
{
    private static readonly OnnxModelBuilder Model = new OnnxModelBuilder()
        .Input("x", "batch", 8)
        .Output("y", "batch", "last")
        .Weight("w", Tensor.Zeros(ElementType.Float32, new Shape(8, 4)))
        .Node("MatMul", "x w", "product")
        .Node("Relu", "product", "positive")
        .Node("CumSum", "positive axis", "y")
        .Weight("axis", Tensor.Scalar(1L));

    [Fact]
    public void OpenSizesHaveTheirNames()
    {
        NetworkOutline outline = Outline(Model);
        Assert.Equal(new ValueOutline("x", "Float32", "batch×8"), outline.Inputs.Single());
        Assert.Equal(new ValueOutline("y", "Float32", "batch×last"), outline.Outputs.Single());
        Assert.Equal("?×8", NetworkOutline.Of(Model.Read(), file: null).Inputs.Single().Shape);
    }

    [Fact]
    public void NodesThatNoStageComputesAreNamed()
    {
        NetworkOutline outline = Outline(Model);
        Assert.Equal(["CumSum", "MatMul", "Relu"], outline.Operators.Select(o => o.Type));
        Assert.Equal(
            [
                ["n_y"],
                [],
                [],
            ],
            outline.Operators.Select(o => o.WithoutFastKernel)
        );
        Assert.Equal(("x 1×8", null), (outline.PlannedAt, outline.WhyUnplanned));
    }

    [Fact]
    public void SizesThatDoNotFitAreNoError()
    {
        NetworkOutline outline = Outline(
            new OnnxModelBuilder()
                .Input("x", 1, 1, "samples")
                .Output("y", 1, 1, "frames")
                .Weight("w", Tensor.Zeros(ElementType.Float32, new Shape(1, 1, 512)))
                .Node("Conv", "x w", "y")
        );
        Assert.Contains("a window of 512 does not fit", outline.WhyUnplanned, StringComparison.Ordinal);
        Assert.Equal("", outline.PlannedAt);
    }

    private static NetworkOutline Outline(OnnxModelBuilder model)
    {
        byte[] file = model.Build();
        return NetworkOutline.Of(OnnxReader.Read(new MemoryStream(file)), OnnxDescription.Read(new MemoryStream(file)));
    }
}

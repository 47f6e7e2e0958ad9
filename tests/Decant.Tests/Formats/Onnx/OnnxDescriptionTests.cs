using Decant.Core;
using Decant.Formats.Onnx;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

/// <summary>What an ONNX file says of itself is read without its weights.</summary>
public sealed class OnnxDescriptionTests
{
    [Fact]
    public void SizesHaveTheNamesOfTheFile()
    {
        OnnxDescription read = Read(Model().Build());
        Assert.Equal(("toolkit 1.5", 17), (read.Producer, read.Opset));
        Assert.Equal(["ids", "state"], read.Inputs.Select(i => i.Name));
        Assert.Equal([ElementType.Int64, ElementType.Float32], read.Inputs.Select(i => i.Type));
        Assert.Equal(["batch", "sequence"], read.Inputs[0].Sizes.AsEnumerable());
        Assert.Equal(["2", "?", "128"], read.Inputs[1].Sizes.AsEnumerable());
        Assert.Equal(["batch", "7"], read.Outputs.Single().Sizes.AsEnumerable());
    }

    [Fact]
    public void AFileThatEndsEarlyIsRefused()
    {
        byte[] file = Model().Build();
        for (int length = 0; length < file.Length; length++)
            try
            {
                Read(file[..length]);
            }
            catch (DecantException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
    }

    private static OnnxDescription Read(byte[] file) => OnnxDescription.Read(new MemoryStream(file));

    /// <summary>An old file: a weight is an input too.</summary>
    private static OnnxModelBuilder Model() =>
        new OnnxModelBuilder(opset: 17)
            .ModelText(2, "toolkit")
            .ModelText(3, "1.5")
            .Input("ids", ElementType.Int64, "batch", "sequence")
            .Input("w", 3, 7)
            .Input("state", 2, "", 128)
            .Output("y", "batch", 7)
            .Weight("w", Tensor.Zeros(ElementType.Float32, new Shape(3, 7)))
            .Node("Relu", "w", "y");
}

using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Formats.Onnx.Wire;
using Xunit;

namespace Decant.Tests.Formats.Onnx;

public sealed class ExternalDataTests : IDisposable
{
    private readonly string outer = Directory.CreateTempSubdirectory("decant-external").FullName;
    private readonly string folder;

    public ExternalDataTests()
    {
        folder = Path.Combine(outer, "model");
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        byte[] numbers = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40];
        foreach (string path in (string[])["w.bin", "sub/w.bin", "../secret.bin"])
            AtomicFile.Write(Path.Combine(folder, path), numbers);
    }

    public void Dispose() => Directory.Delete(outer, recursive: true);

    [Theory]
    [InlineData("w.bin", "4", "8")]
    [InlineData("sub/w.bin", "4", "8")]
    [InlineData("./w.bin", "4", null)]
    public void Numbers_beside_the_model_are_read(string location, string offset, string? length)
    {
        AtomicFile.Write(Path.Combine(folder, "m.onnx"), Model(location, offset, length));
        Network network = OnnxReader.Read(Path.Combine(folder, "m.onnx"));
        Assert.Equal([1f, 2f], network.Weights["w"].Encoding.Decode().Array<float>());
    }

    [Theory]
    [InlineData("../secret.bin")]
    [InlineData("sub/../../secret.bin")]
    [InlineData("..\\secret.bin")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\secret.bin")]
    [InlineData("")]
    [InlineData("w.bin\0")]
    [InlineData("sub//w.bin")]
    public void Other_folders_are_out_of_reach(string location) =>
        Refused("inside the model's own folder", location, "0", "8");

    [Fact]
    public void Links_are_not_followed()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.CreateSymbolicLink(Path.Combine(folder, "link.bin"), Path.Combine(outer, "secret.bin"));
        Directory.CreateSymbolicLink(Path.Combine(folder, "linked"), outer);
        Refused("no links", "link.bin", "0", "8");
        Refused("no links", "linked/secret.bin", "0", "8");
    }

    [Theory]
    [InlineData("w.bin", "8", "8", "12 bytes in all")]
    [InlineData("w.bin", "8", null, "at most 1")]
    [InlineData("w.bin", "9223372036854775807", "8", "12 bytes in all")]
    [InlineData("w.bin", "0", "12", "needs 8 bytes")]
    [InlineData("w.bin", "-1", "8", "not a number")]
    [InlineData("none.bin", "0", "8", "cannot read")]
    [InlineData("sub", "0", "8", "cannot read")]
    public void Places_that_do_not_fit_are_refused(string location, string offset, string? length, string says) =>
        Refused(says, location, offset, length);

    [Fact]
    public void A_stream_without_a_folder_reaches_no_file() =>
        Assert.Contains(
            "without a folder",
            Assert.Throws<ModelException>(() => OnnxReader.Read(new MemoryStream(Model("w.bin", "0", "8")))).Message,
            StringComparison.Ordinal
        );

    private void Refused(string says, string location, string offset, string? length) =>
        Assert.Contains(
            says,
            Assert
                .Throws<ModelException>(() =>
                    OnnxReader.Read(new MemoryStream(Model(location, offset, length)), folder)
                )
                .Message,
            StringComparison.Ordinal
        );

    private static byte[] Model(string location, string offset, string? length)
    {
        WireWriter tensor = new WireWriter()
            .Int64(1, 2)
            .Int64(2, 1)
            .Text(8, "w")
            .Int64(14, 1)
            .Message(13, Entry("location", location))
            .Message(13, Entry("offset", offset));
        if (length is not null)
            tensor.Message(13, Entry("length", length));
        return new OnnxModelBuilder()
            .Input("x", "N", 2)
            .Output("y", "N", 2)
            .GraphField(5, tensor)
            .Node("Add", "x w", "y")
            .Build();
    }

    private static WireWriter Entry(string key, string value) => new WireWriter().Text(1, key).Text(2, value);
}

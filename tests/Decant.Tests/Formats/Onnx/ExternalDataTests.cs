using System.Runtime.InteropServices;
using Decant.Benchmarking;
using Decant.Core;
using Decant.Formats.Onnx;
using Decant.Formats.Onnx.Wire;
using Decant.Speed;
using Decant.Zoo;
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

    [UnixFact]
    public void Links_are_not_followed()
    {
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

    [UnixFact]
    public async Task A_pipe_is_refused_without_waiting_for_its_writer()
    {
        Assert.Equal(0, MakePipe(Path.Combine(folder, "pipe"), 0b110_000_000));
        await Task.Run(() => Refused("only plain files", "pipe", "0", "8")).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void A_range_that_two_tensors_name_is_held_once()
    {
        Network network = OnnxReader.Read(new MemoryStream(Sharing(2)), folder);
        Assert.Equal([1f, 2f], network.Weights["w1"].Encoding.Decode().Array<float>());
        Assert.Same(
            network.Weights["w0"].Encoding.Decode().Array<float>(),
            network.Weights["w1"].Encoding.Decode().Array<float>()
        );
    }

    [Fact]
    public void Many_tensors_do_not_make_much_of_a_small_file()
    {
        OnnxReader.Read(new MemoryStream(Sharing(3)), folder);
        Assert.Contains(
            "take 32 bytes of 'w.bin', which has 12",
            Assert.Throws<ModelException>(() => OnnxReader.Read(new MemoryStream(Sharing(4)), folder)).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40_000)]
    public void Large_weights_are_written_beside_a_model_that_cannot_hold_them(long largest)
    {
        Network network = Architectures.Create("lenet-5", 1);
        string path = Path.Combine(folder, "lenet.onnx"),
            whole = Path.Combine(folder, "whole.onnx");
        OnnxWriter.Save(network, path, new OnnxWriteOptions { LargestFile = largest });
        OnnxWriter.Save(network, whole);
        Assert.False(File.Exists(whole + ".data"));
        Assert.True(new FileInfo(path).Length < 40_000);
        Assert.True(new FileInfo(path + ".data").Length > 1_000_000);
        Network read = OnnxReader.Read(path);
        foreach (Weight weight in network.Weights)
            Assert.Equal(
                weight.Encoding.Decode().Array<float>(),
                read.Weights[weight.Name].Encoding.Decode().Array<float>()
            );
        using OnnxRuntimeSession apart = OnnxRuntimeSession.Load(path),
            together = OnnxRuntimeSession.Load(whole);
        Tensor[] inputs = [.. RandomInputs.For(network.Inputs, 2)];
        Assert.Equal(together.Run(inputs)[0].Array<float>(), apart.Run(inputs)[0].Array<float>());
    }

    [Fact]
    public void A_data_file_that_cannot_be_written_leaves_the_model_as_it_was()
    {
        string path = Path.Combine(folder, "m.onnx");
        AtomicFile.Write(path, "before");
        Directory.CreateDirectory(path + ".data");
        Assert.Throws<DecantException>(() =>
            OnnxWriter.Save(Architectures.Create("lenet-5", 1), path, new OnnxWriteOptions { LargestFile = 0 })
        );
        Assert.Equal("before", File.ReadAllText(path));
        Assert.DoesNotContain(Directory.EnumerateFiles(folder), f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

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
        return new OnnxModelBuilder()
            .Input("x", "N", 2)
            .Output("y", "N", 2)
            .GraphField(5, Tensor("w", location, offset, length))
            .Node("Add", "x w", "y")
            .Build();
    }

    /// <summary>A chain of additions of so many tensors, all from the same eight bytes of a file of twelve.</summary>
    private static byte[] Sharing(int count)
    {
        OnnxModelBuilder model = new OnnxModelBuilder().Input("x", "N", 2).Output($"y{count}", "N", 2);
        for (int i = 0; i < count; i++)
        {
            model.GraphField(5, Tensor($"w{i}", "w.bin", "4", "8"));
            model.Node("Add", $"{(i == 0 ? "x" : $"y{i}")} w{i}", $"y{i + 1}");
        }
        return model.Build();
    }

    private static WireWriter Tensor(string name, string location, string offset, string? length)
    {
        WireWriter tensor = new WireWriter()
            .Int64(1, 2)
            .Int64(2, 1)
            .Text(8, name)
            .Int64(14, 1)
            .Message(13, Entry("location", location))
            .Message(13, Entry("offset", offset));
        return length is null ? tensor : tensor.Message(13, Entry("length", length));
    }

    [DllImport("libc", EntryPoint = "mkfifo")]
    private static extern int MakePipe([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    private static WireWriter Entry(string key, string value) => new WireWriter().Text(1, key).Text(2, value);
}

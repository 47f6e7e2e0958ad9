using System.Formats.Tar;
using System.IO.Compression;
using Decant.Conformance;
using Decant.Core;
using Decant.Torch;
using Xunit;

namespace Decant.Tests.Conformance;

public sealed class OnnxBackendTests
{
    [DataFact("onnx-conformance.tar.gz")]
    public void EveryCaseOfSupportedOperatorsPassesOnEveryExecutor()
    {
        using CaseFolder folder = CaseFolder.Open(DataFactAttribute.PathOf("onnx-conformance.tar.gz"));
        ConformanceCase[] inScope =
        [
            .. folder.Cases.Where(c => OperatorTypes.Of(File.ReadAllBytes(c.Model)).All(OperatorCatalogue.Has)),
        ];
        Assert.True(inScope.Length > 320, $"only {inScope.Length} cases are in scope");
        foreach (var (name, make) in Executors.All.Where(e => e.Key != "torch" || LibTorch.Problem is null))
        {
            ExecutorReport report = ExecutorReport.Of(name, make, inScope);
            Assert.Equal("", string.Join('\n', report.Failures));
        }
    }

    [Fact]
    public void ComparisonIsWithinToleranceForFloatsAndExactForIntegers()
    {
        static string? Compare<T>(T expected, T actual)
            where T : unmanaged => TensorComparison.Difference(Tensor.Scalar(expected), Tensor.Scalar(actual));
        Assert.Null(Compare(1000f, 1000.9f));
        Assert.NotNull(Compare(1000f, 1001.1f));
        Assert.Null(Compare(0f, 0.9e-5f));
        Assert.NotNull(Compare(0f, 1.1e-5f));
        Assert.Null(Compare(float.NaN, float.NaN));
        Assert.NotNull(Compare(float.NaN, 1f));
        Assert.NotNull(Compare(float.PositiveInfinity, 1f));
        Assert.NotNull(Compare(float.PositiveInfinity, float.NegativeInfinity));
        Assert.NotNull(Compare(1000, 1001));
        Assert.NotNull(TensorComparison.Difference(Tensor.Scalar(1), Tensor.Scalar(1L)));
        Assert.NotNull(TensorComparison.Difference(Tensor.Scalar(1), Tensor.Vector(1)));
    }

    [Theory]
    [InlineData("../evil", TarEntryType.RegularFile, "outside")]
    [InlineData("/evil", TarEntryType.RegularFile, "outside")]
    [InlineData("a/../../evil", TarEntryType.RegularFile, "outside")]
    [InlineData("link", TarEntryType.SymbolicLink, "only files and folders")]
    public void AnArchiveCannotReachOutside(string entry, TarEntryType type, string reason)
    {
        string parent = Directory.CreateTempSubdirectory("decant-test-").FullName,
            folder = Path.Combine(parent, "in");
        Directory.CreateDirectory(folder);
        var e = Assert.Throws<FileFormatException>(() => CaseArchive.Extract(Archive(entry, type), folder));
        Assert.Contains(reason, e.Message);
        Assert.Equal([folder], Directory.GetFileSystemEntries(parent));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
        Directory.Delete(parent, recursive: true);
    }

    [Fact]
    public void ADamagedArchiveIsSaid()
    {
        byte[] whole = Archive("a/b", TarEntryType.RegularFile).ToArray();
        string folder = Directory.CreateTempSubdirectory("decant-test-").FullName;
        CaseArchive.Extract(new MemoryStream(whole), folder);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(folder, "a", "b")));
        whole[0] ^= 255;
        Assert.Throws<FileFormatException>(() => CaseArchive.Extract(new MemoryStream(whole), folder));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void OperatorTypesAreReadFromTheBuffer()
    {
        byte[] node = [0x0A, 1, (byte)'x', 0x22, 4, .. "Relu"u8],
            graph = [0x0A, (byte)node.Length, .. node, 0x12, 1, (byte)'g'];
        byte[] model = [0x08, 0x80, 0x01, 0x3A, (byte)graph.Length, .. graph];
        Assert.Equal(["Relu"], OperatorTypes.Of(model));
        for (int n = 1; n < model.Length; n++)
            if (n != 3)
                Assert.Throws<FileFormatException>(() => OperatorTypes.Of(model[..n]));
    }

    private static MemoryStream Archive(string entry, TarEntryType type)
    {
        var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(zip))
        {
            var e = new PaxTarEntry(type, entry);
            if (type == TarEntryType.SymbolicLink)
                e.LinkName = "/";
            else
                e.DataStream = new MemoryStream([1, 2, 3]);
            tar.WriteEntry(e);
        }
        stream.Position = 0;
        return stream;
    }
}
